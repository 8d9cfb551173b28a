/**
 * People who are there and do nothing but beat, in a process of their own, so that what they
 * measure is not disturbed by the crowd. Start at {@code CalmPeople}.
 */
@NullMarked
package dev.presence.lab.chaos.calm;

import org.jspecify.annotations.NullMarked;
