package dev.presence.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.presence.server.model.DrainRules;
import dev.presence.server.model.Timings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerConfigTest {

  @TempDir private Path directory;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final Map<String, String> environment = new LinkedHashMap<>();

  @BeforeEach
  void sayWhatMustBeSaid() throws IOException {
    settings.put("redis.url", "redis://127.0.0.1:6379");
    settings.put("postgres.url", "jdbc:postgresql://127.0.0.1:5432/presence");
    settings.put(
        "auth.jwks-file", Files.writeString(directory.resolve("jwks.json"), "{}").toString());
  }

  private ServerConfig load() throws ConfigException, IOException {
    StringBuilder lines = new StringBuilder();
    settings.forEach((key, value) -> lines.append(key).append('=').append(value).append('\n'));
    Path file = directory.resolve("presence.properties");
    Files.writeString(file, lines);
    return ServerConfig.load(file, environment);
  }

  private List<String> problems() {
    return catchThrowableOfType(ConfigException.class, this::load).problems();
  }

  @Test
  void shouldNeedNoMoreThanTheStoresAndTheKeys() throws Exception {
    ServerConfig config = load();
    assertThat(config.timings()).isEqualTo(Timings.DEFAULT);
    assertThat(config.drain()).isEqualTo(DrainRules.DEFAULT);
    assertThat(config.grpc())
        .isEqualTo(new GrpcConfig("0.0.0.0", 9101, "", false, Duration.ofMinutes(2)));
    assertThat(config.auth().audience()).isEqualTo("presence");
    assertThat(config.node().lanes()).isBetween(1, 64);
    assertThat(config.internal())
        .isEqualTo(new InternalConfig("127.0.0.1", 9201, "127.0.0.1:9201", null));
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void shouldNameAllProblemsAtOnceWithTheBadAndTheExpectedValue() {
    settings.remove("postgres.url");
    settings.put("redis.url", "http://127.0.0.1");
    settings.put("grpc.port", "70000");
    settings.put("grpc.reflection", "yes");
    settings.put("grace.period", "10");
    settings.put("lanes", "0");
    settings.put("node.name", "a/b");
    settings.put("auth.jwks-file", "/nowhere/jwks.json");
    settings.put("grcp.port", "9101");
    environment.put("PRESENCE_LOG", "xml");
    assertThat(problems())
        .hasSize(10)
        .anySatisfy(line -> assertThat(line).startsWith("postgres.url is not set, expected jdbc:"))
        .contains("grpc.port is '70000', expected a number from 0 to 65535")
        .contains("grpc.reflection is 'yes', expected true or false")
        .contains("lanes is '0', expected a number from 1 to 64")
        .contains("node.name is 'a/b', expected 1 to 60 characters of [A-Za-z0-9.-]")
        .contains("auth.jwks-file is '/nowhere/jwks.json', expected a file that can be read")
        .contains("PRESENCE_LOG is 'xml', expected json or text")
        .anySatisfy(line -> assertThat(line).contains("redis.url is 'http://127.0.0.1'"))
        .anySatisfy(line -> assertThat(line).contains("grace.period is '10'").contains("8s"))
        .anySatisfy(
            line -> assertThat(line).contains("'grcp.port' is no setting").contains("'grpc.port'"));
  }

  @Test
  void shouldWantTimeForClientsToMoveAfterTheNotice() {
    settings.put("drain.notice", "8s");
    settings.put("drain.timeout", "15s");
    assertThat(problems())
        .containsExactly(
            "drain.timeout is '15s', expected more than twice drain.notice, which is 8s");
  }

  @Test
  void shouldLetTheEnvironmentWinOverTheFile() throws Exception {
    settings.put("grpc.port", "9101");
    environment.put("PRESENCE_GRPC_PORT", "0");
    environment.put("PRESENCE_REDIS_URL", "rediss://redis:6380/2");
    environment.put("PRESENCE_AUTH_AUDIENCE", "chat");
    ServerConfig config = load();
    assertThat(config.grpc().port()).isZero();
    assertThat(config.redis().url()).isEqualTo("rediss://redis:6380/2");
    assertThat(config.auth().audience()).isEqualTo("chat");
  }

  @Test
  void shouldLiveOnTheEnvironmentAlone() throws Exception {
    settings.forEach((key, value) -> environment.put(Setting.variable(key), value));
    environment.put("HOSTNAME", "presence-7f9c");
    environment.put("PRESENCE_SERVICE_HOST", "10.0.0.1"); // made by Kubernetes
    ServerConfig config = ServerConfig.load(null, environment);
    assertThat(config.node().name()).isEqualTo("presence-7f9c");
  }

  @Test
  void shouldReadSecretsFromFiles() throws Exception {
    Path postgres = Files.writeString(directory.resolve("pg"), "s3cret\n");
    Path redis = Files.writeString(directory.resolve("redis"), "hush");
    settings.put("postgres.password-file", postgres.toString());
    environment.put("PRESENCE_REDIS_PASSWORD_FILE", redis.toString());
    ServerConfig config = load();
    assertThat(config.postgres().password().value()).isEqualTo("s3cret");
    assertThat(config.redis().password()).isEqualTo(new Secret("hush"));
  }

  @Test
  void shouldLetASecretOfTheEnvironmentWinOverAFileOfThePropertiesFile() throws Exception {
    settings.put(
        "postgres.password-file", Files.writeString(directory.resolve("pg"), "old").toString());
    environment.put("PRESENCE_POSTGRES_PASSWORD", "new");
    assertThat(load().postgres().password().value()).isEqualTo("new");
  }

  @Test
  void shouldNotGuessWhichOfTwoSecretsIsMeant() {
    settings.put("postgres.password", "a");
    settings.put("postgres.password-file", "/nowhere");
    environment.put("PRESENCE_REDIS_PASSWORD_FILE", "/nowhere");
    assertThat(problems())
        .hasSize(2)
        .contains("postgres.password and postgres.password-file are both set, expected one of them")
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("PRESENCE_REDIS_PASSWORD_FILE is '/nowhere', expected a file"));
  }

  @Test
  void shouldShowNoSecret() throws Exception {
    settings.put("postgres.password", "s3cret");
    environment.put("PRESENCE_REDIS_PASSWORD", "hush");
    ServerConfig config = load();
    assertThat(config.toString()).doesNotContain("s3cret").doesNotContain("hush");
    assertThat(config.effective())
        .contains("postgres.password = ********", "redis.password = ********")
        .contains("grace.period = 10s", "handover.period = 10s");
  }

  @Test
  void shouldNotShowCredentialsThatStandInTheWrongPlace() {
    settings.put("redis.url", "redis://user:hush@127.0.0.1:6379");
    assertThat(problems())
        .hasSize(1)
        .allSatisfy(line -> assertThat(line).contains("redis.username").doesNotContain("hush"));
  }

  @Test
  void shouldWantOneRedisAndNotTwo() throws Exception {
    Path file = Files.writeString(directory.resolve("redisson.yaml"), "singleServerConfig: {}");
    settings.put("redis.config", file.toString());
    assertThat(problems())
        .containsExactly("redis.url and redis.config are both set, expected one of them");
    settings.remove("redis.url");
    assertThat(load().redis().file()).isEqualTo(file);
  }

  @Test
  void shouldLetTheHandoverFollowTheGracePeriod() throws Exception {
    settings.put("grace.period", "1500ms");
    assertThat(load().timings().handover()).isEqualTo(Duration.ofMillis(1_500));
    settings.put("handover.period", "12s");
    assertThat(load().timings().handover()).isEqualTo(Duration.ofSeconds(12));
  }

  @Test
  void shouldRefusePeriodsThatContradictEachOther() {
    settings.put("heartbeat.timeout", "8s");
    settings.put("renew.interval", "3s");
    assertThat(problems())
        .containsExactly(
            "heartbeat.timeout is '8s', expected more than heartbeat.interval, which is 8s",
            "lease.period is '5s', expected more than twice renew.interval, which is 3s");
  }

  @Test
  void shouldWarnWhenClientsCouldNotComeBackInTime() throws Exception {
    settings.put("heartbeat.interval", "9s");
    assertThat(load().warnings())
        .singleElement()
        .asString()
        .contains("heartbeat.interval is 9s", "14000 ms");
  }

  @Test
  void shouldSayWhichFileCannotBeRead() {
    Path missing = directory.resolve("missing.properties");
    ConfigException failure =
        catchThrowableOfType(ConfigException.class, () -> ServerConfig.load(missing, Map.of()));
    assertThat(failure.problems())
        .anySatisfy(line -> assertThat(line).contains("missing.properties"));
  }

  @Test
  void shouldExplainEverySetting() {
    for (Setting setting : Setting.values()) {
      assertThat(ServerConfig.help()).contains(setting.key()).contains(setting.description());
    }
  }

  @Test
  void shouldNotLetThePortForOtherServersLeaveLoopbackUnprotected() throws Exception {
    settings.put("internal.host", "0.0.0.0");
    assertThat(problems())
        .singleElement()
        .asString()
        .startsWith("internal.host is '0.0.0.0', expected a loopback address")
        .contains("internal.certificate-file");
    settings.put("internal.plaintext", "true");
    assertThat(problems())
        .singleElement()
        .asString()
        .startsWith("internal.address is not set, expected host:port");
    settings.put("internal.address", "presence-7.internal:9201");
    assertThat(load().internal().address()).isEqualTo("presence-7.internal:9201");
    settings.put("internal.certificate-file", directory.resolve("jwks.json").toString());
    assertThat(problems())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).contains("expected a PEM file: all three or none"))
        .anySatisfy(line -> assertThat(line).startsWith("internal.key-file is not set"))
        .anySatisfy(line -> assertThat(line).startsWith("internal.authority-file is not set"));
  }

  @Test
  void shouldGiveAHiddenPageMoreTimeThanOnePing() {
    settings.put("heartbeat.hidden-timeout", "8s");
    assertThat(problems())
        .singleElement()
        .asString()
        .startsWith("heartbeat.hidden-timeout is '8s', expected more than heartbeat.interval");
  }

  @Test
  void shouldTakeTheRoutesAddressOnlyAsAProxyWritesIt() throws Exception {
    settings.put("grpc.address", "10.1.2.3:9101");
    assertThat(load().grpc().address()).isEqualTo("10.1.2.3:9101");
    settings.put("grpc.address", "presence-7:9101");
    assertThat(problems())
        .containsExactly("grpc.address is 'presence-7:9101', expected ip:port, or nothing");
  }
}
