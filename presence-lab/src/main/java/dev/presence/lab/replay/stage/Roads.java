package dev.presence.lab.replay.stage;

import dev.presence.lab.clients.WebCompany;
import org.jspecify.annotations.Nullable;

/**
 * How the clients of a run reach the servers.
 *
 * @param links for those held by the Java library
 * @param tap a hand on these
 * @param web where web sessions are held; null if the run has none
 */
record Roads(Links links, Tap tap, @Nullable WebCompany web) {}
