package dev.presence.lab.chaos.scenario;

/**
 * A fault, and what must hold.
 *
 * @param name by which it is called
 * @param what happens, in words
 * @param bound what must hold, in words
 * @param limits the same in numbers
 * @param redis whether it is about Redis, and so is to be seen on every topology
 * @param fault what happens
 */
public record Scenario(
    String name, String what, String bound, Limits limits, boolean redis, Fault fault) {

  /** What happens. */
  public interface Fault {

    /** Lets it happen, and undoes it; returns when all servers are there again. */
    void inflict(Scene scene) throws InterruptedException;
  }

  /** One that is not about Redis. */
  static Scenario of(String name, String what, String bound, Limits limits, Fault fault) {
    return new Scenario(name, what, bound, limits, false, fault);
  }

  /** One about Redis. */
  static Scenario ofRedis(String name, String what, String bound, Limits limits, Fault fault) {
    return new Scenario(name, what, bound, limits, true, fault);
  }
}
