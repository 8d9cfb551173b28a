/**
 * Where chaos takes place: servers, stores and Envoys as processes, the lines between them, and the
 * steady stream of questions that are asked all the while. Start at {@code Stage}.
 */
@NullMarked
package dev.presence.lab.chaos.stage;

import org.jspecify.annotations.NullMarked;
