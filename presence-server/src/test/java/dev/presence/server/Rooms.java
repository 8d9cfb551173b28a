package dev.presence.server;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;

/**
 * The rooms of the server, and which room may know which: root → grpc → core → model; adapters
 * implement the core's ports.
 */
final class Rooms {

  private static final String SERVER = "dev.presence.server";

  /** What any room may use: the language, and how it logs and marks null. */
  private static final String[] COMMON = {"java..", "javax..", "org.jspecify..", "org.slf4j.."};

  private Rooms() {}

  static List<ArchRule> rules() {
    List<ArchRule> rules = new ArrayList<>();
    rules.add(room("model"));
    rules.add(room("loop", "model"));
    rules.add(room("cluster", "model", "loop"));
    rules.add(room("journal", "model", "loop"));
    rules.add(roomWith("roster", List.of("com.github.benmanes.caffeine.."), "model", "loop"));
    rules.add(room("presence", "model", "loop", "cluster", "roster"));
    rules.add(room("session", "model", "loop", "cluster", "roster", "presence"));
    rules.add(onlyIn("Redisson", "redis", "org.redisson.."));
    rules.add(onlyIn("jOOQ and JDBC", "postgres", "org.jooq..", "java.sql..", "com.zaxxer.."));
    rules.add(
        noClasses()
            .that()
            .resideOutsideOfPackages(
                SERVER,
                SERVER + ".grpc..",
                SERVER + ".peer..",
                SERVER + ".auth..",
                SERVER + ".ops..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.grpc..", "dev.presence.v1..")
            .as("only the entries know gRPC and the public protocol"));
    rules.add(
        noClasses()
            .that()
            .resideInAnyPackage(SERVER + ".grpc..", SERVER + ".peer..", SERVER + ".auth..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SERVER + ".redis..", SERVER + ".postgres..")
            .as("the entries reach the stores only through the core"));
    rules.add(
        noClasses()
            .that()
            .resideInAPackage(SERVER + "..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.presence.lab..")
            .as("the server never depends on the lab"));
    rules.add(slices().matching(SERVER + ".(*)..").should().beFreeOfCycles());
    return rules;
  }

  private static ArchRule room(String name, String... rooms) {
    return roomWith(name, List.of(), rooms);
  }

  private static ArchRule roomWith(String name, List<String> libraries, String... rooms) {
    List<String> allowed = new ArrayList<>(List.of(COMMON));
    allowed.add(SERVER + "." + name + "..");
    for (String room : rooms) {
      allowed.add(SERVER + "." + room + "..");
    }
    allowed.addAll(libraries);
    return classes()
        .that()
        .resideInAPackage(SERVER + "." + name + "..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed.toArray(String[]::new))
        .as("room '" + name + "' may know only " + List.of(rooms));
  }

  private static ArchRule onlyIn(String what, String room, String... packages) {
    return noClasses()
        .that(not(resideInAnyPackage(SERVER + "." + room + "..")))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages)
        .as("only room '" + room + "' knows " + what);
  }

  static void check(JavaClasses classes) {
    // A rule whose room is empty holds: the offenders of the tests stand in one room only.
    rules().forEach(rule -> rule.allowEmptyShould(true).check(classes));
  }
}
