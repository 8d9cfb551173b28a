package dev.presence.lab.simulation.plant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One production class with a mistake in it.
 *
 * @param name what is wrong
 * @param invariant which invariant is there to find it
 * @param seed a seed that finds it
 * @param source the class's file, from the project's root
 * @param right the lines as they are; they must stand there exactly once, however they are broken
 *     and indented
 * @param wrong the lines in their place
 */
public record PlantedBug(
    String name, String invariant, long seed, String source, String right, String wrong) {

  private static final String SOURCES = "src/main/java/";

  /**
   * The class with the mistake.
   *
   * @throws IllegalStateException if the right lines do not stand there once
   */
  public String plantedIn(Path root) {
    String text = read(root.resolve(source));
    Matcher lines = rightLines().matcher(text);
    if (!lines.find()) {
      throw new IllegalStateException(
          "the bug \""
              + name
              + "\" cannot be planted any more: not found in "
              + source
              + ":\n"
              + right);
    }
    int start = lines.start();
    int end = lines.end();
    if (lines.find()) {
      throw new IllegalStateException(
          "the bug \""
              + name
              + "\" cannot be planted: more than once in "
              + source
              + ":\n"
              + right);
    }
    return text.substring(0, start) + wrong + text.substring(end);
  }

  private Pattern rightLines() {
    return Pattern.compile(
        Arrays.stream(right.strip().split("\\s+"))
            .map(Pattern::quote)
            .collect(Collectors.joining("\\s+")));
  }

  /** The class's name. */
  public String className() {
    String path = source.substring(source.indexOf(SOURCES) + SOURCES.length());
    return path.substring(0, path.length() - ".java".length()).replace('/', '.');
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
