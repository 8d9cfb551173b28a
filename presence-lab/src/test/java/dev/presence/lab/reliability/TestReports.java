package dev.presence.lab.reliability;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** What ran in a build, by Surefire's reports of all modules. */
final class TestReports {

  /** How a test went; of several runs of one test the worst. */
  enum Outcome {
    PASSED,
    SKIPPED,
    FAILED
  }

  private final Map<Proof.Method, Outcome> outcomes = new HashMap<>();

  /** Reads the reports that are not older than the build. */
  static TestReports of(Path root, Instant buildStarted) throws IOException {
    TestReports reports = new TestReports();
    try (DirectoryStream<Path> modules = Files.newDirectoryStream(root, Files::isDirectory)) {
      for (Path module : modules) {
        Path directory = module.resolve("target/surefire-reports");
        if (Files.isDirectory(directory)) {
          reports.addAll(directory, buildStarted);
        }
      }
    }
    return reports;
  }

  private void addAll(Path directory, Instant buildStarted) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "TEST-*.xml")) {
      for (Path file : files) {
        if (!Files.getLastModifiedTime(file).toInstant().isBefore(buildStarted)) {
          add(file);
        }
      }
    }
  }

  private void add(Path file) throws IOException {
    NodeList cases;
    try {
      cases =
          DocumentBuilderFactory.newDefaultInstance()
              .newDocumentBuilder()
              .parse(file.toFile())
              .getElementsByTagName("testcase");
    } catch (SAXException | ParserConfigurationException e) {
      throw new IOException("no report: " + file, e);
    }
    for (int i = 0; i < cases.getLength(); i++) {
      if (cases.item(i) instanceof Element test) {
        // Of a nested class the outer one's name, of a parameterised test the method's.
        String className = test.getAttribute("classname").replaceFirst("^.*\\.", "");
        String method = test.getAttribute("name").replaceFirst("\\W.*$", "");
        add(new Proof.Method(className.replaceFirst("\\$.*$", ""), method), outcome(test));
      }
    }
  }

  private static Outcome outcome(Element test) {
    if (test.getElementsByTagName("skipped").getLength() > 0) {
      return Outcome.SKIPPED;
    }
    boolean failed =
        test.getElementsByTagName("failure").getLength() > 0
            || test.getElementsByTagName("error").getLength() > 0;
    return failed ? Outcome.FAILED : Outcome.PASSED;
  }

  void add(Proof.Method method, Outcome outcome) {
    outcomes.merge(method, outcome, (one, other) -> one.compareTo(other) > 0 ? one : other);
  }

  /** What is wrong with this test's run; null if it passed. */
  @Nullable String wrong(Proof.Method method) {
    Outcome outcome = outcomes.get(method);
    if (outcome == null) {
      return "did not run in this build";
    }
    return switch (outcome) {
      case PASSED -> null;
      case SKIPPED -> "was skipped in this build";
      case FAILED -> "failed in this build";
    };
  }
}
