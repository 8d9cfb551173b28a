package dev.presence.lab.simulation.plant;

import java.util.List;
import java.util.stream.Stream;

/** The mistakes. */
public final class PlantedBugs {

  private static final String SERVER = "presence-server/src/main/java/dev/presence/server/";
  private static final String MODEL = "presence-lab/src/main/java/dev/presence/lab/simulation/";

  /** Those that the issue names, in its order. */
  public static final List<PlantedBug> NAMED =
      List.of(
          new PlantedBug(
              "offline told before caught up",
              "no-false-offline",
              17,
              SERVER + "presence/Lane.java",
              """
              whenCaughtUp.accept(() -> run(() -> caughtUp(upTo)));
              """,
              """
              var _ = schedule(10, () -> caughtUp(upTo));
              """),
          new PlantedBug(
              "no tombstone",
              "true-offline",
              4,
              SERVER + "presence/Replica.java",
              """
              tombstones.merge(closed.key(), closed.attempt(), Math::max);
              """,
              ""),
          new PlantedBug(
              "rewrite chunks not fenced",
              "no-false-offline",
              6,
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
              53,
              SERVER + "journal/Finisher.java",
              """
              history.write(() -> close(lost, history.epoch(), remains.head()));
              """,
              """
              history.write(
                  () -> {
                    var _ =
                        loop.schedule(
                            20_000, () -> close(lost, history.epoch() + 1_000, remains.head()));
                  });
              """),
          // The check is in the publishing script; this is its model.
          new PlantedBug(
              "head not checked",
              "converges",
              18,
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
              2,
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
              10,
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
              15,
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
              6,
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
              1,
              MODEL + "HistoryRow.java",
              """
              if (!user.equals(row.user) || !row.isNewerThan(this)) {
              """,
              """
              if (!user.equals(row.user)) {
              """),
          // The change set that says reset may have any number: the script gives up a stream that
          // is
          // ahead of it. What follows may not: it is taken for the reset once more, or for a
          // branch.
          new PlantedBug(
              "new epoch resets seq",
              "seen-online",
              2,
              SERVER + "cluster/Publisher.java",
              """
              acknowledged = sent.changeSet.position();
              """,
              """
              Position sentTo = sent.changeSet.position();
              acknowledged = rewrite == null ? sentTo : new Position(sentTo.epoch(), 0);
              """),
          // Others wait too: who asks whether it is caught up, and who lacks something of a node
          // that
          // is gone. So this reader takes half a part for all of it.
          new PlantedBug(
              "readers do not wait for a building head",
              "no-false-offline",
              9,
              SERVER + "cluster/Feed.java",
              """
              if (head.building() && (position != null || !leaseOver)) {
                // Incomplete. From a node that is gone it is still better than nothing.
                later(null, this::readAll);
                return;
              }
              log.atDebug()
                  .addKeyValue("node", node)
                  .addKeyValue("head", head)
                  .addKeyValue("sessions", image.records().size())
                  .log("read a node in full");
              position = head.position();
              incomplete = head.building();
              """,
              """
              position = head.position();
              incomplete = false;
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
              "keys deleted before the journal",
              "one-row",
              3,
              SERVER + "cluster/LostAffairs.java",
              """
              if (history == null || history.deadlineMillis != record.leaseDeadlineMillis()) {
                finished.remove(node);
              """,
              """
              if (history == null || history.deadlineMillis != record.leaseDeadlineMillis()) {
                finished.remove(node);
                var _ =
                    store
                        .heads(java.util.List.of(node))
                        .thenAccept(
                            heads -> forget(node, record.leaseDeadlineMillis(), heads.get(node)));
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
              13,
              SERVER + "presence/Outbox.java",
              """
              waiting.put(presence.presence().user(), presence);
              """,
              """
              waiting.putIfAbsent(presence.presence().user(), presence);
              """));

  /** One for each invariant that is not there for any of those. */
  public static final List<PlantedBug> MORE =
      List.of(
          new PlantedBug(
              "a cached roster is used whatever its age",
              "no-leak",
              1,
              SERVER + "roster/Rosters.java",
              """
              if (cached != null && (now - cached.loadedAtMillis() < maxAgeMillis || now < awayUntilMillis)) {
              """,
              """
              if (cached != null && now > 0) {
              """));

  private PlantedBugs() {}

  /** All of them, in an order that stays. */
  public static List<PlantedBug> all() {
    return Stream.concat(NAMED.stream(), MORE.stream()).toList();
  }
}
