/** A task that waits for its time. */
export interface Timer {
  /** Forgets the task; harmless when it has run. */
  cancel(): void;
}

/** Time and chance, as the session knows them; a test brings its own. */
export interface Loop {
  /** Milliseconds on a clock that never goes back, from any beginning. */
  now(): number;
  /** The device's clock: it counts on while the device sleeps, and may be wrong. */
  wall(): number;
  /** A number in [0, 1). */
  random(): number;
  /** Runs the task later. */
  schedule(delayMillis: number, task: () => void): Timer;
}

/** The real thing. */
export const systemLoop: Loop = {
  now: () => performance.now(),
  wall: () => Date.now(),
  random: () => Math.random(),
  schedule(delayMillis, task) {
    const id = setTimeout(task, delayMillis);
    return { cancel: () => clearTimeout(id) };
  },
};

/** Runs the task at each interval from now on, until it is cancelled. */
export function every(loop: Loop, intervalMillis: number, task: () => void): Timer {
  const next = () =>
    loop.schedule(intervalMillis, () => {
      timer = next();
      task();
    });
  let timer = next();
  return { cancel: () => timer.cancel() };
}
