/** Tests of those who judge. */
@NullMarked
package dev.presence.lab.chaos.oracle;

import org.jspecify.annotations.NullMarked;
