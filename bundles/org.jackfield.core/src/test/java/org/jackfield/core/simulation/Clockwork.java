package org.jackfield.core.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import org.jackfield.core.run.Timers;

/**
 * One thread, a clock that only the simulation moves, and everything that waits for either. Which
 * of the tasks that could run now runs next is drawn, as on a pool of threads.
 */
final class Clockwork implements InstantSource, Timers {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Comparator<Waiting> ORDER =
      Comparator.<Waiting>comparingLong(w -> w.at).thenComparingLong(w -> w.number);

  private final PriorityQueue<Waiting> waiting = new PriorityQueue<>(ORDER);
  private final List<Runnable> pool = new ArrayList<>();
  private final List<Runnable> blocking = new ArrayList<>();
  private SplittableRandom chance = new SplittableRandom(0);
  private Runnable idle = () -> {};
  private long now;
  private long number;
  private int live;
  private long stalledUntil = -1;

  private static final class Waiting implements Timer {
    final long at;
    final long number;
    final Clockwork clock;
    Runnable task;

    Waiting(long at, long number, Runnable task, Clockwork clock) {
      this.at = at;
      this.number = number;
      this.task = task;
      this.clock = clock;
    }

    @Override
    public void cancel() {
      if (task != null) {
        task = null;
        clock.live--;
      }
    }
  }

  /** Whose turn it is is drawn from here. */
  void chance(SplittableRandom chance) {
    this.chance = chance;
  }

  /** Called whenever nothing can run at the present time. */
  void whenIdle(Runnable idle) {
    this.idle = idle;
  }

  /** The core's threads stand still for so long: a busy machine, a long pause. */
  void stall(Duration time) {
    stalledUntil = Math.max(stalledUntil, now + time.toNanos());
    after(time, () -> {});
  }

  /** They go on. */
  void unstall() {
    stalledUntil = -1;
  }

  Executor pool() {
    return pool::add;
  }

  Executor blocking() {
    return blocking::add;
  }

  @Override
  public Instant instant() {
    return START.plusNanos(now);
  }

  long nanos() {
    return now;
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    Waiting one = new Waiting(now + delay.toNanos(), number++, task, this);
    waiting.add(one);
    live++;
    return one;
  }

  boolean isStalled() {
    return now < stalledUntil;
  }

  /** Runs one of the tasks that can run now. */
  boolean runOne() {
    List<Runnable> from = isStalled() || pool.isEmpty() ? blocking : pool;
    if (from == pool && !blocking.isEmpty() && chance.nextBoolean()) {
      from = blocking;
    }
    if (from.isEmpty()) {
      return false;
    }
    int size = from.size();
    from.remove(size == 1 ? 0 : chance.nextInt(size)).run();
    return true;
  }

  /** Runs all that can run now. */
  void settle() {
    while (runOne()) {
      // Each may bring about others.
    }
    if (!isStalled()) {
      idle.run();
    }
  }

  /** Lets time pass, with all that happens meanwhile. */
  void pass(Duration time) {
    long end = now + time.toNanos();
    settle();
    while (next(end)) {
      settle();
    }
    now = Math.max(now, end);
  }

  /** Goes to the next moment at which something happens, unless that is later. */
  boolean next(long latest) {
    while (!waiting.isEmpty() && waiting.peek().task == null) {
      waiting.remove();
    }
    Waiting next = waiting.peek();
    if (next == null || next.at > latest) {
      return false;
    }
    waiting.remove();
    now = Math.max(now, next.at);
    Runnable task = next.task;
    next.cancel();
    task.run();
    return true;
  }

  /** How many timers wait. */
  int timers() {
    return live;
  }
}
