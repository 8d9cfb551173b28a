package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.client.Activity;
import dev.presence.lab.browser.Browser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Who calls from a browser with the official client for gRPC-Web gets what our page gets: a
 * snapshot, changes as they happen, and a good end. The calls are a script beside the page.
 */
@Tag("edge")
@ExtendWith(World.Shared.class)
class OfficialGrpcWebTest {

  private final World world;

  OfficialGrpcWebTest(World world) {
    this.world = world;
  }

  @Test
  void shouldGetASnapshotAndAChangeInTextFormat() throws IOException {
    String bob = world.friendOf();
    String alice = world.friendOf(bob);
    try (Person friend = world.person(bob, 0).awaitLive();
        BrowserWorld browser = new BrowserWorld(world)) {
      Browser.Tab tab = browser.browser().open(strangersPage());
      tab.evaluate(script() + "\ntrue");
      tab.evaluate("officialGrpcWeb.subscribe('" + world.fleet().tokens().user(alice) + "'), true");
      awaitMessage(tab, "message.snapshot?.complete");
      assertThat(tab.text("Object.keys(officialGrpcWeb.messages[0])[0]")).isEqualTo("hello");
      awaitMessage(tab, tells("snapshot", bob, "ONLINE"));
      friend.session().setActivity(Activity.AWAY);
      awaitMessage(tab, tells("changes", bob, "AWAY"));
      assertThat(tab.text("officialGrpcWeb.ends.join()")).as("the stream's end").isEmpty();
      tab.evaluate("officialGrpcWeb.signOut().then(() => true)");
      awaitMessage(tab, "message.closed?.reason === 'CLOSE_REASON_SIGNED_OUT'");
      tab.await("officialGrpcWeb.ends.length > 0", Person.SOON);
      assertThat(tab.text("officialGrpcWeb.ends.join()")).isEqualTo("end");
    }
  }

  /** A page of the edge's origin that has nothing of ours in it. */
  private String strangersPage() {
    return "https://localhost:" + world.fleet().edge().ports().tls() + "/dev/users";
  }

  private static String script() throws IOException {
    Path built =
        Path.of(System.getProperty("presence.root"))
            .resolve("presence-web/dist-conformance/official-grpc-web.js");
    assertThat(built).as("built by ./presence test, or by npm run build in presence-web").exists();
    return Files.readString(built);
  }

  private static void awaitMessage(Browser.Tab tab, String test) {
    tab.await("officialGrpcWeb.messages.some((message) => " + test + ")", Person.SOON);
  }

  private static String tells(String kind, String user, String state) {
    return "message.%s?.presences?.some((one) => one.userId === '%s' && one.state === 'PRESENCE_STATE_%s')"
        .formatted(kind, user, state);
  }
}
