package dev.presence.lab.simulation.plant;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The project's classes once more, with one of them planted: nothing of it is shared with the
 * healthy ones, so many can run side by side.
 */
final class PlantLoader extends ClassLoader {

  private static final String PROJECT = "dev.presence.";

  private final Map<String, byte[]> planted;

  /**
   * Compiles a class anew.
   *
   * @throws IllegalStateException if it does not compile
   */
  PlantLoader(String className, String source) {
    super(PlantLoader.class.getClassLoader());
    planted = compile(className, source);
  }

  /** The project with this bug in it. */
  static PlantLoader with(PlantedBug bug, Path root) {
    return new PlantLoader(bug.className(), bug.plantedIn(root));
  }

  /**
   * Plays a seed with these classes, and names the invariants that it breaks.
   *
   * @throws IllegalStateException if the run itself failed: then nothing was found, whatever was
   *     planted
   */
  List<String> brokenInvariants(long seed) {
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

  private static Map<String, byte[]> compile(String className, String source) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    Memory memory = new Memory(compiler.getStandardFileManager(problems, null, null));
    boolean done =
        compiler
            .getTask(
                null,
                memory,
                problems,
                List.of("-proc:none", "-nowarn"),
                null,
                List.of(new Source(className, source)))
            .call();
    if (!done) {
      throw new IllegalStateException(className + ": " + problems.getDiagnostics());
    }
    Map<String, byte[]> classes = new HashMap<>();
    memory.written.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
    return classes;
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

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String className, String text) {
      super(
          URI.create("string:///" + className.replace('.', '/') + Kind.SOURCE.extension),
          Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** Keeps what the compiler writes. */
  private static final class Memory extends ForwardingJavaFileManager<StandardJavaFileManager> {
    final Map<String, ByteArrayOutputStream> written = new HashMap<>();

    Memory(StandardJavaFileManager files) {
      super(files);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        JavaFileManager.Location location,
        String className,
        JavaFileObject.Kind kind,
        @Nullable FileObject sibling) {
      return new SimpleJavaFileObject(
          URI.create("memory:///" + className.replace('.', '/') + kind.extension), kind) {
        @Override
        public OutputStream openOutputStream() {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          written.put(className, bytes);
          return bytes;
        }
      };
    }
  }
}
