package dev.presence.server.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The settings as text: what the file says, over it what the environment says; a secret may also
 * stand in a file of its own.
 *
 * <p>Unknown keys in the file are problems; unknown variables are not, since Kubernetes makes some
 * that begin like ours for every service.
 */
final class SettingsSource {

  private final Problems problems;
  private final Map<Setting, String> values = new EnumMap<>(Setting.class);

  private SettingsSource(Problems problems) {
    this.problems = problems;
  }

  static Map<Setting, String> read(
      @Nullable Path file, Map<String, String> environment, Problems problems) {
    SettingsSource source = new SettingsSource(problems);
    if (file != null) {
      source.fromFile(file);
    }
    source.fromEnvironment(environment);
    return source.values;
  }

  private void fromFile(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      problems.add("the configuration file " + file + " cannot be read: " + e);
      return;
    }
    List<String> known = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      known.add(setting.key());
      if (setting.secret()) {
        known.add(setting.fileKey());
      }
      take(
          setting,
          setting.key(),
          properties.getProperty(setting.key()),
          setting.fileKey(),
          properties.getProperty(setting.fileKey()));
    }
    for (String key : properties.stringPropertyNames().stream().sorted().toList()) {
      if (!known.contains(key)) {
        problems.add(
            file
                + ": '"
                + key
                + "' is no setting, did you mean '"
                + Spelling.nearest(key, known)
                + "'?");
      }
    }
  }

  private void fromEnvironment(Map<String, String> environment) {
    for (Setting setting : Setting.values()) {
      String variable = Setting.variable(setting.key());
      String fileVariable = Setting.variable(setting.fileKey());
      take(
          setting,
          variable,
          environment.get(variable),
          fileVariable,
          environment.get(fileVariable));
    }
  }

  /** One source's word on one setting, or on the file that holds it. */
  private void take(
      Setting setting,
      String name,
      @Nullable String value,
      String fileName,
      @Nullable String secretFile) {
    if (value != null) {
      values.put(setting, value.strip());
    }
    if (!setting.secret() || secretFile == null) {
      return;
    }
    if (value != null) {
      problems.add(name + " and " + fileName + " are both set, expected one of them");
      return;
    }
    try {
      values.put(setting, Files.readString(Path.of(secretFile.strip())).strip());
    } catch (IOException | IllegalArgumentException e) {
      problems.add(fileName + " is '" + secretFile + "', expected a file that can be read: " + e);
    }
  }
}
