package org.jackfield.provider.asterisk;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The provider's work in one order, taken up on its serial executor. Whoever has that executor may
 * go on with what comes while it waits: that is how one leaves in order when nothing else is run
 * any more. {@link #execute} may be called on any thread.
 */
final class Turns implements Executor {
  private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final Executor serial;

  Turns(Executor serial) {
    this.serial = serial;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    serial.execute(this::next);
  }

  private void next() {
    var task = tasks.poll();
    if (task != null) {
      task.run();
    }
  }

  /**
   * Takes up what comes until the fact holds; on the serial executor only.
   *
   * @return whether it holds
   */
  boolean until(BooleanSupplier holds, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    try {
      while (!holds.getAsBoolean()) {
        var task = tasks.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        if (task == null) {
          return holds.getAsBoolean();
        }
        task.run();
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
