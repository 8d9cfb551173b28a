package dev.presence.lab.simulation.plant;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The project's classes once more, with one of them planted: nothing of it is shared with the
 * healthy ones, so many can run side by side.
 */
public final class PlantLoader extends ClassLoader {

  private static final String PROJECT = "dev.presence.";

  private final Map<String, byte[]> planted;

  /**
   * Compiles a class anew.
   *
   * @throws IllegalStateException if it does not compile
   */
  PlantLoader(String className, String source) {
    super(PlantLoader.class.getClassLoader());
    planted = PlantCompiler.compile(className, source);
  }

  /** The project with this bug in it. */
  public static PlantLoader with(PlantedBug bug, Path root) {
    return new PlantLoader(bug.className(), bug.plantedIn(root));
  }

  /**
   * Plays a seed with these classes, and names the invariants that it breaks.
   *
   * @throws IllegalStateException if the run itself failed: then nothing was found, whatever was
   *     planted
   */
  public List<String> brokenInvariants(long seed) {
    try {
      Object broken =
          loadClass("dev.presence.lab.simulation.Simulation")
              .getMethod("brokenInvariants", long.class)
              .invoke(null, seed);
      return ((List<?>) broken).stream().map(String::valueOf).toList();
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("the run of seed " + seed + " failed", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the simulation has no such door", e);
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(PROJECT)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? define(name) : loaded;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    byte[] bytes = planted.containsKey(name) ? planted.get(name) : healthy(name);
    return defineClass(name, bytes, 0, bytes.length);
  }

  private byte[] healthy(String name) throws ClassNotFoundException {
    try (InputStream file = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (file == null) {
        throw new ClassNotFoundException(name);
      }
      return file.readAllBytes();
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
