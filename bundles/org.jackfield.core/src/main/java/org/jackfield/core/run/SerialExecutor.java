package org.jackfield.core.run;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs tasks one at a time and in order on threads of a pool; without work it has no thread. */
public final class SerialExecutor implements Executor {
  /** After so many tasks others get their turn on the pool. */
  private static final int SLICE = 64;

  private static final Logger LOG = LoggerFactory.getLogger(SerialExecutor.class);

  private final Executor pool;
  private final int bound;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean active;

  /**
   * @param bound how many tasks may wait, at least 1
   */
  public SerialExecutor(Executor pool, int bound) {
    this.pool = pool;
    this.bound = bound;
  }

  /**
   * @throws RejectedExecutionException if too many tasks wait, or the pool is shut down
   */
  @Override
  public void execute(Runnable task) {
    synchronized (waiting) {
      if (waiting.size() >= bound) {
        throw new RejectedExecutionException(bound + " tasks are waiting");
      }
      waiting.add(task);
      if (active) {
        return;
      }
      active = true;
    }
    pool.execute(this::drain);
  }

  private void drain() {
    for (int done = 0; done < SLICE; done++) {
      Runnable task = next();
      if (task == null) {
        return;
      }
      try {
        task.run();
      } catch (Throwable bug) {
        // Whatever it is, a checked one of another language too: who waits behind is not to blame.
        LOG.error("a task failed", bug);
      }
    }
    pool.execute(this::drain);
  }

  private @Nullable Runnable next() {
    synchronized (waiting) {
      Runnable task = waiting.poll();
      active = task != null;
      return task;
    }
  }
}
