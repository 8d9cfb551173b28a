/** A real browser in the hands of tests. */
@NullMarked
package dev.presence.lab.browser;

import org.jspecify.annotations.NullMarked;
