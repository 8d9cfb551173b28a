package dev.presence.server;

/** Placeholder: what starts here follows. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.out.println("presence-server: nothing to start yet");
  }
}
