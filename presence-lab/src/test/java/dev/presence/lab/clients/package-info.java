/** Tests of what holds real clients. */
@NullMarked
package dev.presence.lab.clients;

import org.jspecify.annotations.NullMarked;
