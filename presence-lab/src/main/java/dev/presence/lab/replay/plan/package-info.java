/**
 * What is going to happen: a chat log is read, and becomes a plan of who knows whom and who is
 * online when, on which server, and how each session ends. Pure and deterministic: the same file,
 * the same options and the same seed give the same plan. Start at {@link
 * dev.presence.lab.replay.plan.Plan}.
 */
@NullMarked
package dev.presence.lab.replay.plan;

import org.jspecify.annotations.NullMarked;
