package dev.presence.server;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM and SIGINT: the first one of either asks the server to leave, further ones tell it to
 * hurry.
 *
 * <p>A shutdown hook cannot do that: the JVM runs hooks once, and is deaf to signals meanwhile. The
 * class that can, {@code sun.misc.Signal}, is offered by the module {@code jdk.unsupported} for
 * just this purpose (JEP 260), but javac warns of it whatever one does; hence by name.
 */
final class Signals {

  private static final Logger log = LoggerFactory.getLogger(Signals.class);

  private final Runnable leave;
  private final Runnable hurry;
  private final AtomicBoolean told = new AtomicBoolean();

  private Signals(Runnable leave, Runnable hurry) {
    this.leave = leave;
    this.hurry = hurry;
  }

  /**
   * Handles both signals from now on. Where the JVM does not offer that, they end the process by
   * its shutdown hooks, as ever.
   */
  static void handle(Runnable leave, Runnable hurry) {
    Signals signals = new Signals(leave, hurry);
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      MethodHandle come =
          MethodHandles.lookup().bind(signals, "come", MethodType.methodType(void.class));
      Object handling =
          MethodHandleProxies.asInterfaceInstance(
              handler, MethodHandles.dropArguments(come, 0, signal));
      for (String name : new String[] {"TERM", "INT"}) {
        signal
            .getMethod("handle", signal, handler)
            .invoke(null, signal.getConstructor(String.class).newInstance(name), handling);
      }
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      log.atWarn().setCause(e).log("signals cannot be handled; a second one will not hurry");
    }
  }

  /** One has come. */
  void come() {
    (told.getAndSet(true) ? hurry : leave).run();
  }
}
