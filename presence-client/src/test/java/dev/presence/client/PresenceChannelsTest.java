package dev.presence.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PresenceChannelsTest {

  @Test
  void shouldNameAllServersInItsTarget() {
    assertThat(ServersNameResolver.target(List.of("a.example:1", "[::1]:2")))
        .isEqualTo("presence:///a.example:1,%5B::1%5D:2");
  }

  @Test
  void shouldTakeIpv6Addresses() {
    ManagedChannel channel = PresenceChannels.forServers(List.of("[::1]:2", "127.0.0.1:3"), true);

    assertThat(channel.authority()).isEqualTo("[::1]:2");
    channel.shutdownNow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "host", ":1", "host:", "host:x", "host:1/path", "a b:1"})
  void shouldRefuseWhatIsNoServer(String server) {
    assertThatThrownBy(() -> PresenceChannels.forServers(List.of(server), true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a server must be host:port, found '" + server + "'");
  }

  @Test
  void shouldRefuseNoServers() {
    assertThatThrownBy(() -> PresenceChannels.forServers(List.of(), true))
        .hasMessageContaining("at least one server");
  }
}
