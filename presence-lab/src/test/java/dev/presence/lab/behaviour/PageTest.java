package dev.presence.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.client.PresenceState;
import dev.presence.lab.browser.Browser;
import dev.presence.v1.Activity;
import dev.presence.v1.Availability;
import dev.presence.v1.ClientMessage;
import dev.presence.v1.ServerMessage.KindCase;
import dev.presence.v1.UpdateStatus;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The page as somebody uses it: who sees friends come and go, looks around, and says how they are.
 * It also takes the picture of the documentation: {@code presence-lab/target/page.png} and {@code
 * page-phone.png}.
 */
@Tag("page")
@ExtendWith(World.Shared.class)
class PageTest {

  private static final String STATES =
      "[...document.querySelectorAll('#friends > li')].map(row =>"
          + " row.querySelector('.name').textContent + ': ' +"
          + " row.querySelector('.says').textContent).join(', ')";

  private final World world;

  PageTest(World world) {
    this.world = world;
  }

  @Test
  void shouldShowFriendsAsTheyComeAndGo() throws IOException {
    String me = named("Maya Lindqvist", world.friendOf());
    String amara = friend(me, "Amara Okafor");
    String dev = friend(me, "Dev Patel");
    String jonas = friend(me, "Jonas Weber");
    String sofia = friend(me, "Sofia Rossi");
    world.seen(friend(me, "Tom Becker"), Duration.ofMinutes(5));
    world.seen(friend(me, "Lena Novak"), Duration.ofHours(3));
    world.seen(friend(me, "Chidi Eze"), Duration.ofDays(1));
    friend(me, "Priya Shah");
    String stranger = named("Noor Haddad", world.friendOf());
    ManagedChannel edge = world.fleet().edgeChannel();
    List<Stub.Stream> streams = new ArrayList<>();
    try (BrowserWorld browser = new BrowserWorld(world);
        Person watcher = world.person(sofia, 0).awaitLive()) {
      for (String user : List.of(amara, jonas, stranger)) {
        streams.add(open(edge, user));
      }
      streams.add(open(edge, dev).send(status(Availability.AVAILABILITY_BUSY)));
      streams.get(1).send(away());

      Browser.Tab tab = browser.live(me);
      tab.awaitFriend(jonas, "away", Person.SOON);
      tab.awaitFriend(dev, "busy", Person.SOON);
      tab.await("!" + STATES + ".includes('person-')", Person.SOON);
      tab.await(STATES + ".includes('was online a day ago')", Person.SOON);
      assertThat(tab.text(STATES))
          .isEqualTo(
              "Amara Okafor: Online, Dev Patel: Busy, Jonas Weber: Away, Sofia Rossi: Online,"
                  + " Tom Becker: was online 5 min ago, Lena Novak: was online 3 h ago,"
                  + " Chidi Eze: was online a day ago, Priya Shah: Offline");
      assertThat(tab.text("document.querySelector('#friends .avatar').textContent"))
          .isEqualTo("AO");
      watcher.awaitEvent(me, PresenceState.ONLINE, Person.SOON);
      picture(tab, "page.png", 1200, 780, "light");
      picture(tab, "page-phone.png", 390, 780, "dark");
      assertThat(tab.number("document.documentElement.scrollWidth"))
          .as("nothing sticks out on a phone")
          .isLessThanOrEqualTo(390);

      // By the keyboard alone: the switch is a group of radio buttons.
      tab.evaluate("document.querySelector('#status input:checked').focus() ?? true");
      tab.press("ArrowRight");
      watcher.awaitView(me, PresenceState.AWAY, Person.SOON);
      tab.press("ArrowRight");
      watcher.awaitView(me, PresenceState.BUSY, Person.SOON);

      streams.getFirst().signOut();
      tab.awaitFriend(amara, "offline", Person.SOON);
      assertThat(tab.text("document.querySelector('#friends > li .name').textContent"))
          .as("who has left moves down")
          .isEqualTo("Dev Patel");
      tab.await(
          "document.querySelector(\"#people [data-person='" + stranger + "']\")?.dataset.state",
          Person.SOON);
      assertThat(
              tab.text(
                  "document.querySelector(\"#people [data-person='"
                      + stranger
                      + "']\").dataset.state"))
          .as("of strangers nothing is told")
          .isEqualTo("offline");
      tab.click("#sign-out");
      watcher.awaitView(me, PresenceState.OFFLINE, Person.SOON);
      tab.awaitConnection("signed-out");
    } finally {
      streams.stream().skip(1).forEach(Stub.Stream::signOut);
      edge.shutdown();
    }
  }

  private String friend(String of, String name) {
    return named(name, world.friendOf(of));
  }

  private String named(String name, String user) {
    world.name(user, name);
    return user;
  }

  private Stub.Stream open(ManagedChannel edge, String user) {
    Stub.Stream stream = new Stub.Stream(edge, world.fleet().tokens().user(user)).send(Stub.open());
    stream.await(KindCase.HELLO);
    return stream;
  }

  private static ClientMessage status(Availability availability) {
    return ClientMessage.newBuilder()
        .setUpdateStatus(UpdateStatus.newBuilder().setAvailability(availability))
        .build();
  }

  private static ClientMessage away() {
    return ClientMessage.newBuilder()
        .setUpdateStatus(UpdateStatus.newBuilder().setActivity(Activity.ACTIVITY_AWAY))
        .build();
  }

  private static void picture(Browser.Tab tab, String name, int width, int height, String scheme)
      throws IOException {
    Path file = Path.of(System.getProperty("presence.root"), "presence-lab/target", name);
    tab.screenshot(file, width, height, scheme);
    assertThat(Files.size(file)).isGreaterThan(10_000);
  }
}
