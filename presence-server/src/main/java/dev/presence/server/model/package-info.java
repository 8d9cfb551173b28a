/**
 * The words of the field as records and enums. No I/O, no threads, no dependency on any other room.
 */
@NullMarked
package dev.presence.server.model;

import org.jspecify.annotations.NullMarked;
