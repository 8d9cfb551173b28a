package dev.presence.lab.clients;

/** Hears of one client of the web library, in the order in which things happened to it. */
public interface WebListener {

  /** Something has happened. Called on one thread, from which no command may be given. */
  void hear(WebEvent event);
}
