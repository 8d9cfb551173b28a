/**
 * Who people are in development: keys that are made on this machine, and tokens signed with them.
 * Never part of the server.
 */
@NullMarked
package dev.presence.lab.identity;

import org.jspecify.annotations.NullMarked;
