/** What tests of several rooms need of stores. */
@NullMarked
package dev.presence.lab.store;

import org.jspecify.annotations.NullMarked;
