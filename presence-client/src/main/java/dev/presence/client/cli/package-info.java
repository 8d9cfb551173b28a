/**
 * The command line: {@code connect} shows a user's friends live, {@code get} asks once. It uses
 * only what an app may use, so it is an example as well.
 *
 * <p>Start reading at {@link dev.presence.client.cli.Main}. {@code Friends} knows who is shown in
 * which order, {@code FriendsPage} draws it, and both are plain data in, plain data out.
 */
@NullMarked
package dev.presence.client.cli;

import org.jspecify.annotations.NullMarked;
