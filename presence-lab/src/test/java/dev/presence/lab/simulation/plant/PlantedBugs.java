package dev.presence.lab.simulation.plant;

import java.util.List;

/** The mistakes, in the order in which they are told in the issue. */
final class PlantedBugs {

  private static final String SERVER = "presence-server/src/main/java/dev/presence/server/";
  private static final String MODEL = "presence-lab/src/main/java/dev/presence/lab/simulation/";

  static final List<PlantedBug> ALL =
      List.of(
          new PlantedBug(
              "offline told before caught up",
              "no-false-offline",
              5,
              SERVER + "presence/Lane.java",
              """
              whenCaughtUp.accept(() -> run(() -> caughtUp(upTo)));
              """,
              """
              var _ = schedule(10, () -> caughtUp(upTo));
              """),
          new PlantedBug(
              "rewrite chunks not fenced",
              "no-false-offline",
              3,
              MODEL + "StoredNode.java",
              """
              || chunks != expectedChunks) {
              """,
              """
              ) {
              """),
          // It is late, and closes rows of whatever epoch.
          new PlantedBug(
              "a late finisher undoes a reopened row",
              "one-row",
              2,
              SERVER + "journal/Finisher.java",
              """
              history.write(() -> close(lost, epoch, remains.head()));
              """,
              """
              history.write(
                  () -> {
                    var _ = loop.schedule(20_000, () -> close(lost, epoch + 1_000, remains.head()));
                  });
              """),
          // The check is in the publishing script; this is its model.
          new PlantedBug(
              "head not checked",
              "converges",
              7,
              MODEL + "StoredNode.java",
              """
              if (head == null || head.building() || !head.position().equals(before)) {
              """,
              """
              if (head == null || head.building() || before == null) {
              """),
          new PlantedBug(
              "grace skipped on node loss",
              "no-false-offline",
              1,
              SERVER + "cluster/Membership.java",
              """
              if (nowMillis < member.deadlineMillis + timings.handover().toMillis() || member.marking) {
              """,
              """
              if (nowMillis < member.deadlineMillis || member.marking) {
              """),
          new PlantedBug(
              "no verdict delay",
              "no-false-offline",
              1,
              SERVER + "cluster/Membership.java",
              """
              members.values().forEach(m -> m.deadlineMillis = Math.max(m.deadlineMillis, deadline));
              """,
              """
              members.values().forEach(m -> m.deadlineMillis = Math.min(m.deadlineMillis, deadline));
              """),
          new PlantedBug(
              "change sets applied without seq",
              "converges",
              24,
              SERVER + "cluster/Feed.java",
              """
              && changeSet.position().epoch() == at.epoch()
              && changeSet.previousSeq() == at.seq();
              """,
              """
              && changeSet.position().epoch() == at.epoch();
              """),
          new PlantedBug(
              "attempt ignored",
              "no-false-offline",
              2,
              SERVER + "presence/Replica.java",
              """
              if (entry.record.id().equals(closed.id()) && entry.record.attempt() <= closed.attempt()) {
              """,
              """
              if (entry.record.id().equals(closed.id())) {
              """),
          // Which row is newer is decided by the database; this is its model, which passes the same
          // contract.
          new PlantedBug(
              "old owner writes a row",
              "one-row",
              4,
              MODEL + "FakePostgres.java",
              """
              if (!old.user.equals(row.user) || NEWER.compare(row, old) <= 0) {
              """,
              """
              if (!old.user.equals(row.user)) {
              """),
          new PlantedBug(
              "timers run on while out of contact",
              "no-false-offline",
              1,
              SERVER + "cluster/Contact.java",
              """
              long until = Math.min(nowMillis, lastAnswer + ANSWER_VALID_MILLIS);
              return accruedGrace + Math.max(0, until - (regainedAt + SETTLE_MILLIS));
              """,
              """
              return nowMillis;
              """),
          new PlantedBug(
              "snapshot before interest",
              "seen-online",
              1,
              SERVER + "presence/Lane.java",
              """
              interest.watch(watcher, presentities);
              for (UserId presentity
              """,
              """
              var _ = schedule(100, () -> interest.watch(watcher, presentities));
              for (UserId presentity
              """),
          new PlantedBug(
              "conflation that drops the newer state",
              "converges",
              12,
              SERVER + "presence/Outbox.java",
              """
              waiting.put(presence.presence().user(), presence);
              """,
              """
              waiting.putIfAbsent(presence.presence().user(), presence);
              """));

  private PlantedBugs() {}
}
