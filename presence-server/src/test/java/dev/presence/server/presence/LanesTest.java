package dev.presence.server.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.presence.server.loop.ManualLoop;
import dev.presence.server.model.Activity;
import dev.presence.server.model.CloseReason;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Phase;
import dev.presence.server.model.PresenceState;
import dev.presence.server.model.SessionId;
import dev.presence.server.model.SessionKey;
import dev.presence.server.model.SessionRecord;
import dev.presence.server.model.UserId;
import dev.presence.server.model.Wish;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LanesTest {

  private static final NodeId OTHER = new NodeId("other");
  private static final int CROWD = 2_000;

  private final ManualLoop loop = new ManualLoop();
  private final Random random = new Random(1);
  private final Lanes lanes =
      new Lanes(List.of(loop), new NodeId("self"), 30_000, then -> loop.execute(then));

  LanesTest() {
    lanes.all().forEach(lane -> lane.sessions(new NoSessions()));
  }

  private static final class NoSessions implements LocalSessions {
    @Override
    public void heard(NodeId node, SessionRecord record) {}

    @Override
    public void staleness(boolean stale, long asOfMillis) {}

    @Override
    public void backFromLost() {}

    @Override
    public void sizes(ObjIntConsumer<String> each) {}
  }

  private SessionRecord session(int number) {
    return new SessionRecord(
        SessionId.create(1, random),
        new UserId("user" + number),
        "phone",
        1,
        Phase.CONNECTED,
        Activity.ACTIVE,
        Wish.NONE,
        100,
        null);
  }

  private long online() {
    return IntStream.range(0, CROWD)
        .filter(i -> lanes.told(new UserId("user" + i)).state() == PresenceState.ONLINE)
        .count();
  }

  @Test
  void shouldDropALostNodesSessions() {
    lanes.replace(OTHER, IntStream.range(0, CROWD).mapToObj(this::session).toList());
    loop.runDue();
    assertThat(online()).isEqualTo(CROWD);
    lanes.drop(OTHER, 100);
    loop.runDue();
    assertThat(online()).isZero();
  }

  @Test
  void shouldKeepWhatANodeSaysThatComesBackWhileItsOldSessionsAreDropped() {
    List<SessionRecord> sessions = IntStream.range(0, CROWD).mapToObj(this::session).toList();
    lanes.replace(OTHER, sessions);
    loop.runDue();
    lanes.drop(OTHER, 100);
    lanes.replace(OTHER, sessions);
    loop.runDue();
    assertThat(online()).isEqualTo(CROWD);
  }

  @Test
  void shouldTellWhichSessionsANodeCarries() {
    SessionRecord here = session(1);
    SessionRecord there = session(2);
    SessionRecord ended = session(3);
    lanes.of(here.user()).own(here);
    lanes.replace(OTHER, List.of(there, ended.closed(CloseReason.SIGNED_OUT, 100)));
    SessionKey foreign = new SessionKey(there.id(), here.user());

    var known =
        lanes.known(List.of(here.key(), there.key(), ended.key(), session(4).key(), foreign));
    loop.runDue();

    assertThat(known.toCompletableFuture()).isCompletedWithValue(Set.of(here.key(), there.key()));
  }
}
