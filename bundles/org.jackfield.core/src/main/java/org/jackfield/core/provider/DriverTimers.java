package org.jackfield.core.provider;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.core.run.Timers;

/** What a driver has asked to be run later, within bounds, until it is closed. Any thread. */
final class DriverTimers {
  private final Timers timers;
  private final Executor executor;
  private final Set<Scheduled> waiting = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * @param executor where its tasks run
   */
  DriverTimers(Timers timers, Executor executor) {
    this.timers = timers;
    this.executor = executor;
  }

  ProviderContext.Timer schedule(Duration delay, Runnable task) {
    if (waiting.size() >= OpenedProvider.WAITING) {
      throw new RejectedExecutionException(OpenedProvider.WAITING + " timers are waiting");
    }
    Scheduled scheduled = new Scheduled(task);
    waiting.add(scheduled);
    scheduled.timer = timers.after(delay, scheduled::fire);
    if (closed) {
      scheduled.cancel();
    }
    return scheduled;
  }

  /** Nothing that waits will run. */
  void close() {
    closed = true;
    waiting.forEach(ProviderContext.Timer::cancel);
  }

  private final class Scheduled implements ProviderContext.Timer {
    private final Runnable task;
    private final AtomicBoolean over = new AtomicBoolean();
    volatile Timers.Timer timer = Timers.Timer.NONE;

    Scheduled(Runnable task) {
      this.task = task;
    }

    void fire() {
      waiting.remove(this);
      executor.execute(
          () -> {
            if (over.compareAndSet(false, true)) {
              task.run();
            }
          });
    }

    @Override
    public void cancel() {
      over.set(true);
      timer.cancel();
      waiting.remove(this);
    }
  }
}
