package dev.presence.lab.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.presence.lab.reliability.TestReports.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page names tests that exist; and a page that does not is found out. */
class PromisesTest {

  private static final String TABLE =
      """
      # Promises

      ## Losing

      | what | held by |
      |---|---|
      | nobody is lost | `GoodTest#shouldLoseNobody` |
      | nothing is false | `simulation: no-false-offline`, `page.test.ts: should say so` |

      | another | table |
      |---|---|
      | is | none of ours |
      """;

  private final TestSources sources = new TestSources();
  private final TestReports reports = new TestReports();

  @Test
  void shouldNameATestThatExistsForEachPromise() throws IOException {
    List<Promise> promises = Document.promises();
    assertThat(promises).hasSizeGreaterThan(50);
    assertThat(PromiseCheck.unheld(promises, TestSources.in(Document.root()))).isEmpty();
  }

  @Test
  void shouldReadPromisesAndTheirTests() {
    assertThat(Promise.parse(TABLE))
        .containsExactly(
            new Promise(
                "Losing",
                "nobody is lost",
                List.of(new Proof.Method("GoodTest", "shouldLoseNobody"))),
            new Promise(
                "Losing",
                "nothing is false",
                List.of(
                    new Proof.Invariant("no-false-offline"),
                    new Proof.Web("page.test.ts", "should say so"))));
  }

  @Test
  void shouldRefuseARowThatIsNone() {
    assertThatThrownBy(() -> Promise.parse("| what | held by |\n| a promise | `a test` |"))
        .hasMessageContaining("'a test' names no test");
    assertThatThrownBy(() -> Promise.parse("| what | held by |\n| a | b | `A#b` |"))
        .hasMessageContaining("| a | b |");
  }

  @Test
  void shouldFindNothingWrongWithAPageThatIsRight() {
    haveWhatTheTableNames();
    reports.add(new Proof.Method("GoodTest", "shouldLoseNobody"), Outcome.PASSED);
    reports.add(new Proof.Method("SimulationTest", "shouldHoldForTheFixedSeeds"), Outcome.PASSED);
    assertThat(PromiseCheck.unheld(Promise.parse(TABLE), sources)).isEmpty();
    assertThat(PromiseCheck.unproven(Promise.parse(TABLE), reports)).isEmpty();
  }

  private void haveWhatTheTableNames() {
    sources.addJava("GoodTest", "class GoodTest extends Base {}");
    sources.addJava("Base", "abstract class Base { @Test void shouldLoseNobody() {} }");
    sources.addInvariantNamed("no-false-offline");
    sources.addWeb("page.test.ts", "it(\"should say so\", () => {});");
  }

  @Test
  void shouldFindWhatDoesNotExist() {
    haveWhatTheTableNames();
    String wrong =
        """
        ## Losing

        | what | held by |
        |---|---|
        | one | `NoTest#shouldLoseNobody` |
        | two | `GoodTest#shouldLoseSomebody` |
        | three | `simulation: no-offline` |
        | four | `page.test.ts: should say something else` |
        | five | `pages.test.ts: should say so` |
        | six | that is obvious |
        """;
    assertThat(PromiseCheck.unheld(Promise.parse(wrong), sources))
        .containsExactlyInAnyOrder(
            "\"one\" (Losing): NoTest#shouldLoseNobody: there is no such test class",
            "\"two\" (Losing): GoodTest#shouldLoseSomebody: the class has no such test",
            "\"three\" (Losing): simulation: no-offline: the simulation has no such invariant",
            "\"four\" (Losing): page.test.ts: should say something else: the file has no such test",
            "\"five\" (Losing): pages.test.ts: should say so: there is no such file",
            "\"six\" (Losing) names no test");
  }

  @Test
  void shouldFindWhatDidNotRun() {
    reports.add(new Proof.Method("GoodTest", "shouldLoseNobody"), Outcome.SKIPPED);
    assertThat(PromiseCheck.unproven(Promise.parse(TABLE), reports))
        .containsExactly(
            "\"nobody is lost\" (Losing): GoodTest#shouldLoseNobody: was skipped in this build",
            "\"nothing is false\" (Losing): simulation: no-false-offline: did not run in this"
                + " build");
  }

  @Test
  void shouldReadReportsOfThisBuildOnly(@TempDir Path root) throws IOException {
    Instant started = Instant.parse("2026-01-01T00:00:00Z");
    report(
        root.resolve("one"),
        "p.OldTest",
        "<testcase name='was' classname='p.OldTest'/>",
        started.minusSeconds(1));
    report(
        root.resolve("two"),
        "p.NewTest",
        """
        <testcase name='ran(String)[1]' classname='p.NewTest'/>
        <testcase name='ran(String)[2]' classname='p.NewTest'><failure/></testcase>
        <testcase name='waits' classname='p.NewTest$Inner'><skipped/></testcase>
        <testcase name='passed' classname='p.NewTest'/>
        """,
        started.plusSeconds(1));
    TestReports read = TestReports.of(root, started);
    assertThat(read.wrong(new Proof.Method("OldTest", "was"))).contains("did not run");
    assertThat(read.wrong(new Proof.Method("NewTest", "ran"))).contains("failed");
    assertThat(read.wrong(new Proof.Method("NewTest", "waits"))).contains("skipped");
    assertThat(read.wrong(new Proof.Method("NewTest", "passed"))).isNull();
  }

  private static void report(Path module, String test, String cases, Instant written)
      throws IOException {
    Path file = module.resolve("target/surefire-reports/TEST-" + test + ".xml");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "<testsuite>" + cases + "</testsuite>");
    Files.setLastModifiedTime(file, FileTime.from(written));
  }
}
