/** Holds {@code docs/reliability.md} to its word: each promise names its test, and that ran. */
@org.jspecify.annotations.NullMarked
package dev.presence.lab.reliability;
