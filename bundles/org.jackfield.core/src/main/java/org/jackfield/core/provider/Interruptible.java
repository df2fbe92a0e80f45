package org.jackfield.core.provider;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Runs what may hang, one task at a time, so that the thread of that task can be interrupted, and
 * never that of a later one. Any thread may interrupt.
 */
final class Interruptible {
  /** The thread that runs a task; while it is being interrupted, the one that does that. */
  private final AtomicReference<@Nullable Thread> running = new AtomicReference<>();

  void run(Runnable task) {
    Thread me = Thread.currentThread();
    running.set(me);
    try {
      task.run();
    } finally {
      if (!running.compareAndSet(me, null)) {
        while (running.get() != null) {
          Thread.onSpinWait();
        }
        Thread.interrupted(); // it was meant for the task, and the thread is somebody else's next
      }
    }
  }

  /** Interrupts what runs, if something does; gives the name of its thread. */
  Optional<String> interrupt() {
    Thread hung = running.get();
    if (hung == null || !running.compareAndSet(hung, Thread.currentThread())) {
      return Optional.empty();
    }
    hung.interrupt();
    running.set(null);
    return Optional.of(hung.getName());
  }
}
