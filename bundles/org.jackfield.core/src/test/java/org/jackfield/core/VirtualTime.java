package org.jackfield.core;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.Executor;
import org.jackfield.core.run.Environment;
import org.jackfield.core.run.IdSource;
import org.jackfield.core.run.Timers;

/** One thread, a clock that only a test moves, and everything that waits for either. */
public final class VirtualTime implements InstantSource, Timers, Executor {
  private static final Comparator<Waiting> ORDER =
      Comparator.comparing((Waiting w) -> w.at).thenComparing(w -> w.number);

  /** More than any test has to do at one moment: who comes so far never rests. */
  private static final int ENDLESS = 1_000_000;

  private final Deque<Runnable> ready = new ArrayDeque<>();
  private final PriorityQueue<Waiting> waiting = new PriorityQueue<>(ORDER);
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private long number;

  private record Waiting(Instant at, long number, Runnable task) {}

  public Environment environment(long seed) {
    return new Environment(this, this, this, this, new IdSource(new Random(seed)));
  }

  @Override
  public Instant instant() {
    // Each look sees a later time, as a real clock shows it.
    now = now.plusNanos(1_000);
    return now;
  }

  @Override
  public void execute(Runnable task) {
    ready.add(task);
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    Waiting one = new Waiting(now.plus(delay), number++, task);
    waiting.add(one);
    return () -> waiting.remove(one);
  }

  /** Runs all that can run now. */
  public void settle() {
    int done = 0;
    for (Runnable task = ready.poll(); task != null; task = ready.poll()) {
      task.run();
      if (++done > ENDLESS) {
        throw new AssertionError("this never comes to rest");
      }
    }
  }

  /** Lets time pass, with all that happens meanwhile. */
  public void pass(Duration time) {
    Instant end = now.plus(time);
    settle();
    while (!waiting.isEmpty() && !waiting.peek().at.isAfter(end)) {
      Waiting next = waiting.remove();
      now = next.at.isAfter(now) ? next.at : now;
      next.task.run();
      settle();
    }
    now = end.isAfter(now) ? end : now;
  }

  /** How many tasks could run now. */
  public int ready() {
    return ready.size();
  }

  /** How many timers wait. */
  public int timers() {
    return waiting.size();
  }
}
