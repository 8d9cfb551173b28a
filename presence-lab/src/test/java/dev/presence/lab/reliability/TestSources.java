package dev.presence.lab.reliability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tests that stand in the sources of all modules. */
final class TestSources {

  private static final Pattern TEST =
      Pattern.compile(
          "@(?:Test|ParameterizedTest|RepeatedTest|TestFactory)\\b[^;{]*?\\bvoid\\s+(\\w+)\\s*\\(");
  private static final Pattern SUPERTYPES =
      Pattern.compile("\\b(?:class|interface)\\s+\\w+([^{]*)\\{");
  private static final Pattern WORD = Pattern.compile("\\b[A-Z]\\w*");

  private final Map<String, String> javaByClass = new TreeMap<>();
  private final Map<String, String> webByFile = new TreeMap<>();
  private final Set<String> invariants = new TreeSet<>();

  /** Reads them all. */
  static TestSources in(Path root) {
    TestSources sources = new TestSources();
    for (Path module : children(root)) {
      for (Path file : files(module.resolve("src/test/java"), ".java")) {
        sources.addJava(name(file).replaceFirst("\\.java$", ""), read(file));
      }
      for (Path file : files(module.resolve("test"), ".test.ts")) {
        sources.addWeb(name(file), read(file));
      }
    }
    Path simulation = root.resolve("presence-lab/src/main/java/dev/presence/lab/simulation");
    for (Path file : files(simulation, ".java")) {
      sources.addInvariant(read(file));
    }
    return sources;
  }

  void addJava(String className, String source) {
    javaByClass.put(className, source);
  }

  void addWeb(String file, String source) {
    webByFile.put(file, source);
  }

  private void addInvariant(String source) {
    Matcher name =
        Pattern.compile(
                "implements Invariant\\b.*String name\\(\\)\\s*\\{\\s*return \"([a-z-]+)\"",
                Pattern.DOTALL)
            .matcher(source);
    if (name.find()) {
      invariants.add(name.group(1));
    }
  }

  void addInvariantNamed(String name) {
    invariants.add(name);
  }

  /** What is missing for this proof; null if nothing is. */
  @Nullable String missing(Proof proof) {
    return switch (proof) {
      case Proof.Method method -> missing(method);
      case Proof.Invariant invariant ->
          invariants.contains(invariant.name()) ? null : "the simulation has no such invariant";
      case Proof.Web web -> missing(web);
    };
  }

  private @Nullable String missing(Proof.Method method) {
    if (!javaByClass.containsKey(method.className())) {
      return "there is no such test class";
    }
    return tests(method.className(), new TreeSet<>()).contains(method.method())
        ? null
        : "the class has no such test";
  }

  private @Nullable String missing(Proof.Web web) {
    String source = webByFile.get(web.file());
    if (source == null) {
      return "there is no such file";
    }
    return source.contains("it(\"" + web.title() + "\"") ? null : "the file has no such test";
  }

  /** The tests of a class, inherited ones too. */
  private Set<String> tests(String className, Set<String> seen) {
    Set<String> tests = new TreeSet<>();
    String source = javaByClass.get(className);
    if (source == null || !seen.add(className)) {
      return tests;
    }
    Matcher test = TEST.matcher(source);
    while (test.find()) {
      tests.add(test.group(1));
    }
    Matcher supertypes = SUPERTYPES.matcher(source);
    if (supertypes.find()) {
      WORD.matcher(supertypes.group(1))
          .results()
          .forEach(supertype -> tests.addAll(tests(supertype.group(), seen)));
    }
    return tests;
  }

  private static List<Path> children(Path directory) {
    try (Stream<Path> children = Files.list(directory)) {
      return children.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> files(Path directory, String ending) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> name(file).endsWith(ending)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
