/**
 * Real input: a chat network is played through two servers by real clients, and every view and
 * every row is checked. {@code plan} says what is going to happen, {@code stage} makes it happen,
 * {@code oracle} judges, and {@code plant} puts in faults on purpose. Start at {@link
 * dev.presence.lab.replay.Replay}.
 */
@NullMarked
package dev.presence.lab.replay;

import org.jspecify.annotations.NullMarked;
