package dev.presence.lab;

/** Placeholder: what starts here follows. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.out.println("presence-lab: nothing to start yet");
  }
}
