package dev.presence.client.cli;

/** Placeholder: what starts here follows. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.out.println("presence-client: nothing to start yet");
  }
}
