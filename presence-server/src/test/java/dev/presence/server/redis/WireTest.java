package dev.presence.server.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.presence.server.model.Activity;
import dev.presence.server.model.ChangeSet;
import dev.presence.server.model.Phase;
import dev.presence.server.model.Position;
import dev.presence.server.model.SessionRecord;
import dev.presence.server.model.Wish;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WireTest {

  private final SessionRecord connected = Samples.session(1);
  private final SessionRecord suspended =
      new SessionRecord(
          Samples.session(2).id(),
          connected.user(),
          "web",
          7,
          Phase.SUSPENDED,
          Activity.AWAY,
          Wish.NONE,
          1_767_225_600_123L,
          null);

  @Test
  void shouldReadAChangeSetAsItWasWritten() {
    ChangeSet changeSet =
        Samples.changes(
            new Position(1L << 52, Long.MAX_VALUE),
            List.of(connected, suspended, Samples.closed(3)),
            List.of(Samples.removal(4)));

    assertThat(Wire.decodeChangeSet(Wire.encode(changeSet))).isEqualTo(changeSet);
  }

  @Test
  void shouldKeepOutOfAMapValueWhatTheFieldSays() {
    byte[] value = Wire.encodeMapValue(suspended);

    assertThat(Wire.decodeMapEntry(Wire.mapField(suspended.key()), value)).isEqualTo(suspended);
    assertThat(ByteString.copyFrom(value).toStringUtf8()).hasSizeLessThan(40);
  }

  @Test
  void shouldIgnoreARecordWhosePhaseANewerReleaseMadeUp() {
    byte[] value =
        dev.presence.internal.v1.SessionRecord.newBuilder().setPhaseValue(99).build().toByteArray();

    assertThat(Wire.decodeMapEntry(Wire.mapField(connected.key()), value)).isNull();
  }

  @Test
  void shouldSayThatAValueIsNoneOfOurs() {
    assertThatThrownBy(() -> Wire.decodeChangeSet(new byte[] {1, 2, 3}))
        .isInstanceOf(CorruptValueException.class);
    assertThatThrownBy(() -> Wire.decodeMapEntry(new byte[3], new byte[0]))
        .isInstanceOf(CorruptValueException.class);
    assertThatThrownBy(() -> HeadValue.decode(new byte[] {'x'}))
        .isInstanceOf(CorruptValueException.class)
        .hasMessageContaining("'x'");
    assertThatThrownBy(() -> NodeValue.decode(Samples.NODE, new byte[] {'1', ' '}))
        .isInstanceOf(CorruptValueException.class)
        .hasMessageContaining(Samples.NODE.value());
  }
}
