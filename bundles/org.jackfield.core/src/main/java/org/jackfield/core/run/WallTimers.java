package org.jackfield.core.run;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Timers of the wall clock: one thread that only hands tasks on. */
public final class WallTimers implements Timers, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WallTimers.class);

  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().name("jackfield-timers").daemon().factory());

  public WallTimers() {
    // A cancelled deadline would else be kept, with all it refers to, until its time.
    thread.setRemoveOnCancelPolicy(true);
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    try {
      ScheduledFuture<?> waiting =
          thread.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> waiting.cancel(false);
    } catch (RejectedExecutionException closed) {
      LOG.debug("a timer was asked for after the server stopped", closed);
      return Timer.NONE;
    }
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException bug) {
      LOG.error("a timer's task failed", bug);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
