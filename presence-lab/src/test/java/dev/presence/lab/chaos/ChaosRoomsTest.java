package dev.presence.lab.chaos;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who judges knows nothing but logs and rows; who plays does not know what is done to it. */
final class ChaosRoomsTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.presence.lab.chaos");

  @Test
  void shouldKeepTheJudgeApartFromWhatItJudges() {
    noClasses()
        .that()
        .resideInAPackage("..chaos.oracle..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "..chaos.crowd..",
            "..chaos.stage..",
            "..chaos.scenario..",
            "dev.presence.client..",
            "dev.presence.server..",
            "dev.presence.lab.fleet..",
            "java.sql..")
        .check(CLASSES);
  }

  @Test
  void shouldKeepTheCrowdIgnorantOfWhatIsDoneToIt() {
    noClasses()
        .that()
        .resideInAPackage("..chaos.crowd..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("..chaos.stage..", "..chaos.scenario..", "dev.presence.lab.fleet..")
        .check(CLASSES);
  }
}
