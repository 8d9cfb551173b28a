/**
 * {@code ./presence up}: everything on this machine, with people who come and go. Start at {@code
 * UpCommand}.
 */
@NullMarked
package dev.presence.lab.up;

import org.jspecify.annotations.NullMarked;
