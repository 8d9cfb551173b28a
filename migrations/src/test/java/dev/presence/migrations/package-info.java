@NullMarked
package dev.presence.migrations;

import org.jspecify.annotations.NullMarked;
