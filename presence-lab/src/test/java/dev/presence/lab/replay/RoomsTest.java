package dev.presence.lab.replay;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What judges can neither see what happens on the stage nor what is planted. */
final class RoomsTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.presence.lab.replay");

  @Test
  void shouldKeepTheCheckerApartFromWhatItChecks() {
    noClasses()
        .that()
        .resideInAnyPackage("..replay.oracle..", "..replay.plan..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "..replay.plant..",
            "..replay.stage..",
            "dev.presence.client..",
            "dev.presence.server..",
            "dev.presence.lab.fleet..",
            "java.sql..")
        .check(CLASSES);
  }

  @Test
  void shouldKeepTheStageIgnorantOfPlants() {
    noClasses()
        .that()
        .resideInAPackage("..replay.stage..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("..replay.plant..")
        .check(CLASSES);
  }
}
