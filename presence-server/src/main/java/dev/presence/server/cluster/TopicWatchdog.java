package dev.presence.server.cluster;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the topic client has gone deaf: heads move, and no message comes. Catching up makes
 * good for what is missed, at the pace of renewals; the watchdog brings the pace of messages back.
 * Belongs to the cluster's loop.
 */
final class TopicWatchdog {

  private static final Logger log = LoggerFactory.getLogger(TopicWatchdog.class);

  /** At how many renewals in a row a node's head must have moved without a message. */
  private static final int PATIENCE = 3;

  private final ChangeTopic topic;
  private final Membership membership;

  TopicWatchdog(ChangeTopic topic, Membership membership) {
    this.topic = topic;
    this.membership = membership;
  }

  /** Looks. To be called after each renewal. */
  void look() {
    if (membership.missed() >= PATIENCE) {
      log.atWarn().log("messages have ceased to come: the topic client is built anew");
      membership.subscribedAnew();
      topic.rebuild();
    }
  }
}
