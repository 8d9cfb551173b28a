/**
 * The heart: who is seen as what, and who is told. Users are spread over a few lanes; a lane owns
 * its users' part of the replica and of the interest index. Start at {@code Lane}.
 */
@NullMarked
package dev.presence.server.presence;

import org.jspecify.annotations.NullMarked;
