package dev.presence.lab.replay.plan;

import org.jspecify.annotations.Nullable;

/** A file is no chat log. The message is made for people: it names the file, the line and why. */
public final class ChatLogException extends RuntimeException {
  ChatLogException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
