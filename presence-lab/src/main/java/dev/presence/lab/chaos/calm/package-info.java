/**
 * Those who measure while others make trouble: a service that asks all the while, and people who
 * are there and do nothing but beat, in a process of their own where the crowd would disturb them.
 * Start at {@code Questions} and {@code CalmPeople}.
 */
@NullMarked
package dev.presence.lab.chaos.calm;

import org.jspecify.annotations.NullMarked;
