package dev.presence.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoomsTest {

  @TempDir private Path directory;

  @Test
  void shouldKeepEachRoomToItself() {
    JavaClasses server =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.presence.server");
    assertThat(server).isNotEmpty();
    Rooms.check(server);
  }

  @Test
  void shouldCatchJooqInTheHeart() throws IOException {
    JavaClasses offender =
        compile(
            "dev/presence/server/presence/Offender.java",
            """
            package dev.presence.server.presence;
            class Offender {
              org.jooq.DSLContext database;
            }
            """);
    assertThatThrownBy(() -> Rooms.check(offender))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("room 'presence' may know only")
        .hasMessageContaining("org.jooq.DSLContext");
  }

  @Test
  void shouldCatchTheLabInTheServer() throws IOException {
    JavaClasses offender =
        compile(
            "dev/presence/server/ops/Offender.java",
            """
            package dev.presence.server.ops;
            class Offender {
              dev.presence.lab.Launcher launcher;
            }
            """,
            "dev/presence/lab/Launcher.java",
            """
            package dev.presence.lab;
            public class Launcher {}
            """);
    assertThatThrownBy(() -> Rooms.check(offender))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("the server never depends on the lab");
  }

  @Test
  void shouldCatchACycleOfRooms() throws IOException {
    JavaClasses offender =
        compile(
            "dev/presence/server/auth/One.java",
            """
            package dev.presence.server.auth;
            public class One {
              dev.presence.server.grpc.Two two;
            }
            """,
            "dev/presence/server/grpc/Two.java",
            """
            package dev.presence.server.grpc;
            public class Two {
              dev.presence.server.auth.One one;
            }
            """);
    assertThatThrownBy(() -> Rooms.check(offender))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Cycle");
  }

  private JavaClasses compile(String... filesAndSources) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                directory.resolve("classes").toString()));
    for (int i = 0; i < filesAndSources.length; i += 2) {
      Path file = directory.resolve(filesAndSources[i]);
      Files.createDirectories(file.getParent());
      Files.writeString(file, filesAndSources[i + 1]);
      arguments.add(file.toString());
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    int status = compiler.run(null, null, null, arguments.toArray(String[]::new));
    assertThat(status).as("the offender compiles").isZero();
    return new ClassFileImporter().importPath(directory.resolve("classes"));
  }
}
