package dev.presence.lab.edge;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./presence envoy-config}: the configuration of an Envoy in production. */
@Command(
    name = "envoy-config",
    mixinStandardHelpOptions = true,
    description =
        "Fills in envoy/envoy.yaml for production, and writes the descriptors for REST beside it.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class EnvoyConfigCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "Values, NAME=VALUE a line; envoy/production.properties is an example.")
  private Path file;

  @Parameters(index = "1", paramLabel = "FOLDER", description = "Where to write to.")
  private Path folder;

  private final Path root;

  /** The command for the project in this folder. */
  public EnvoyConfigCommand(Path root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    try {
      Path written = EdgeConfig.chosen(root, folder, values()).write(folder);
      spec.commandLine().getOut().println(written);
      return 0;
    } catch (IOException | IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), file + ": " + e.getMessage(), e);
    }
  }

  private Map<String, String> values() throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    Map<String, String> values = new TreeMap<>();
    properties
        .stringPropertyNames()
        .forEach(name -> values.put(name, properties.getProperty(name)));
    return values;
  }
}
