/** The commands of the lab, as the script calls them. */
@NullMarked
package dev.presence.lab;

import org.jspecify.annotations.NullMarked;
