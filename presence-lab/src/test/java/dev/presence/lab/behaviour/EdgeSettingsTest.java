package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What a running Envoy says that it goes by. Each of these was learnt by what happens without it:
 * see the template.
 */
@Tag("edge")
@ExtendWith(World.Shared.class)
class EdgeSettingsTest {

  private static final String HTTP = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

  private final Node dump;

  EdgeSettingsTest(World world) throws ParseException {
    String text = world.fleet().edge().process().ask("/config_dump");
    dump = new Node(JSONObjectUtils.parse(text)).at("configs");
  }

  /** A part of the dump. */
  private record Node(@Nullable Object value) {

    Node at(String key) {
      return new Node(value instanceof Map<?, ?> map ? map.get(key) : null);
    }

    Node at(int index) {
      return new Node(value instanceof List<?> list ? list.get(index) : null);
    }

    /** The entry whose field ends in this. */
    Node with(String field, String end) {
      if (value instanceof List<?> list) {
        for (Object entry : list) {
          Node node = new Node(entry);
          if (String.valueOf(node.at(field).value).endsWith(end)) {
            return node;
          }
        }
      }
      throw new AssertionError("no " + field + " " + end + " in " + value);
    }

    String text() {
      return value instanceof Number number
          ? Long.toString(number.longValue())
          : String.valueOf(value);
    }
  }

  private Node cluster(String name) {
    Node clusters = dump.with("@type", "ClustersConfigDump").at("static_clusters");
    for (int i = 0; ; i++) {
      Node cluster = clusters.at(i).at("cluster");
      if (cluster.at("name").text().equals(name)) {
        return cluster;
      }
    }
  }

  private Node cluster() {
    return cluster("presence");
  }

  private Node connectionManager(int listener) {
    Node chain =
        dump.with("@type", "ListenersConfigDump")
            .at("static_listeners")
            .at(listener)
            .at("listener")
            .at("filter_chains")
            .at(0);
    return chain.at("filters").at(0).at("typed_config");
  }

  private Node entry(String route) {
    Node hosts = connectionManager(0).at("route_config").at("virtual_hosts");
    return hosts.at(0).at("routes").with("name", route);
  }

  private Node route(String name) {
    return entry(name).at("route");
  }

  @Test
  void shouldNeverLetOneReaderStopAnother() {
    Node http2 =
        cluster()
            .at("typed_extension_protocol_options")
            .at(HTTP)
            .at("explicit_http_config")
            .at("http2_protocol_options");
    long streams = Long.parseLong(http2.at("max_concurrent_streams").text());
    long stream = Long.parseLong(http2.at("initial_stream_window_size").text());
    long connection = Long.parseLong(http2.at("initial_connection_window_size").text());
    assertThat(streams * stream).isLessThanOrEqualTo(connection);
    assertThat(http2.at("connection_keepalive").at("interval").text())
        .as("not below the 5 s that servers permit")
        .isEqualTo("10s");
  }

  @Test
  void shouldKeepStreamsFromTheResetsOfCallsOnConnectionsOfTheirOwn() {
    assertThat(route("streams").at("cluster").text()).isEqualTo("presence");
    for (String unary : List.of("questions", "session", "rest", "health")) {
      assertThat(route(unary).at("cluster").text()).isEqualTo("presence-calls");
    }
    for (String same :
        List.of("circuit_breakers", "health_checks", "typed_extension_protocol_options")) {
      assertThat(cluster("presence-calls").at(same)).isEqualTo(cluster().at(same));
    }
  }

  @Test
  void shouldCarryAsManyStreamsAsTheServers() {
    Node limits = cluster().at("circuit_breakers").at("thresholds").at(0);
    assertThat(limits.at("max_connections").text()).isEqualTo("100000");
    assertThat(limits.at("max_pending_requests").text()).isEqualTo("100000");
    assertThat(limits.at("max_requests").text()).isEqualTo("1000000");
  }

  @Test
  void shouldFindOutHungServersWithinThreeSeconds() {
    Node check = cluster().at("health_checks").at(0);
    assertThat(check.at("interval").text()).isEqualTo("0.500s");
    assertThat(check.at("no_traffic_interval").text()).isEqualTo("0.500s");
    assertThat(check.at("timeout").text()).isEqualTo("0.800s");
    assertThat(check.at("unhealthy_threshold").text()).isEqualTo("2");
    assertThat(cluster().at("ignore_health_on_host_removal").text()).isEqualTo("true");
  }

  @Test
  void shouldEndNoLiveStreamAndEveryHangingCall() {
    Node streams = route("streams");
    assertThat(streams.at("timeout").text()).isEqualTo("0s");
    assertThat(streams.at("idle_timeout").text()).isEqualTo("75s");
    assertThat(streams.at("max_stream_duration").at("max_stream_duration").text())
        .isEqualTo("5400s");
    for (String unary : List.of("questions", "session", "rest", "health")) {
      assertThat(route(unary).at("timeout").text()).as(unary).matches("[1-9]\\d*s");
      assertThat(route(unary).at("max_stream_duration").value())
          .as(unary + ": it would switch the timeout off")
          .isNull();
    }
  }

  @Test
  void shouldOpenAStreamElsewhereOnlyIfNoServerCanHaveHeardOfIt() {
    Node retry = route("streams").at("retry_policy");
    assertThat(retry.at("retry_on").text()).isEqualTo("connect-failure,refused-stream");
    assertThat(retry.at("num_retries").text()).isEqualTo("2");
    assertThat(retry.at("retry_host_predicate").at(0).at("name").text())
        .isEqualTo("envoy.retry_host_predicates.previous_hosts");
    assertThat(entry("streams").at("request_body_buffer_limit").text())
        .as("else each live stream would gather what its client has said")
        .isEqualTo("2048");
  }

  @Test
  void shouldMindBothPortsAlikeAndFindClientsThatWentWithoutAWord() {
    assertThat(connectionManager(1)).isEqualTo(connectionManager(0));
    Node http2 = connectionManager(0).at("http2_protocol_options");
    assertThat(http2.at("connection_keepalive").at("interval").text()).isEqualTo("30s");
    assertThat(http2.at("connection_keepalive").at("timeout").text()).isEqualTo("10s");
    assertThat(connectionManager(0).at("stream_idle_timeout").text()).isEqualTo("75s");
  }
}
