/** Tests of the command line: pages as data, programs against a scripted server. */
@NullMarked
package dev.presence.client.cli;

import org.jspecify.annotations.NullMarked;
