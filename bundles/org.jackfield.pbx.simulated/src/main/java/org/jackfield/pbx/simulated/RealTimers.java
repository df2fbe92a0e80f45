package org.jackfield.pbx.simulated;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Real time, on one thread. A task that throws is a bug, and told. */
record RealTimers(ScheduledExecutorService thread, Thread.UncaughtExceptionHandler onBug)
    implements Timers {

  /** A thread on which work that comes after its end is pointless, and dropped. */
  static ScheduledThreadPoolExecutor newThread() {
    ScheduledThreadPoolExecutor thread =
        new ScheduledThreadPoolExecutor(
            1, task -> new Thread(task, "pbx"), new ThreadPoolExecutor.DiscardPolicy());
    thread.setRemoveOnCancelPolicy(true);
    return thread;
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    ScheduledFuture<?> future =
        thread.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> future.cancel(false);
  }

  private Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error bug) {
        onBug.uncaughtException(Thread.currentThread(), bug);
      }
    };
  }
}
