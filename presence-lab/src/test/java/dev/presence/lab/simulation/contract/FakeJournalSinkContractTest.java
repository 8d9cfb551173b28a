package dev.presence.lab.simulation.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.presence.lab.simulation.FakePostgres;
import dev.presence.lab.simulation.HistoryRow;
import dev.presence.server.journal.JournalSink;
import dev.presence.server.model.NodeId;
import dev.presence.server.model.Position;
import dev.presence.server.model.UserId;
import dev.presence.server.roster.RosterSource;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FakeJournalSinkContractTest extends JournalSinkContract {

  private static final NodeId NODE = new NodeId("a");

  private final FakePostgres postgres = new FakePostgres();

  @Override
  public JournalSink sink() {
    return postgres;
  }

  @Override
  public RosterSource users() {
    return postgres;
  }

  @Override
  public void addUser(UserId user, String name) {
    postgres.addUser(user, name);
  }

  @Override
  public List<HistoryRow> rows() {
    return postgres.rows();
  }

  @Test
  void shouldDoNothingWhileItIsAway() {
    postgres.away(true);
    assertThatThrownBy(() -> write(1)).hasMessage("PostgreSQL is away");
    assertThatThrownBy(() -> postgres.cursor(NODE)).hasMessage("PostgreSQL is away");

    postgres.away(false);
    assertThat(postgres.cursor(NODE)).isEqualTo(Position.NONE);
  }

  @Test
  void shouldDoItsWorkAndLoseTheAnswer() {
    postgres.failAfterCommit(1);
    assertThatThrownBy(() -> write(1)).hasMessage("PostgreSQL's answer is lost");
    assertThat(postgres.cursor(NODE)).isEqualTo(new Position(1, 1));

    write(2);
    assertThat(postgres.cursor(NODE)).isEqualTo(new Position(1, 2));
  }

  private void write(long seq) {
    postgres.write(NODE, new Position(1, seq), List.of(), List.of());
  }
}
