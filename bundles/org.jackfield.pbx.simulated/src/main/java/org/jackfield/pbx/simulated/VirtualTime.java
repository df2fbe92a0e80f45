package org.jackfield.pbx.simulated;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;

/** Time that passes only when it is told to: the same inputs give the same run, byte by byte. */
public final class VirtualTime implements Timers {

  private record Task(Instant due, long order, Runnable action) implements Comparable<Task> {
    @Override
    public int compareTo(Task other) {
      int byTime = due.compareTo(other.due);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final PriorityQueue<Task> tasks = new PriorityQueue<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private long order;

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public Timer after(Duration delay, Runnable action) {
    Task task = new Task(now.plus(delay), order++, action);
    tasks.add(task);
    return () -> tasks.remove(task);
  }

  /** Lets time pass, and runs what falls due in it. */
  public void pass(Duration span) {
    Instant end = now.plus(span);
    for (Task task = tasks.peek(); task != null && !task.due.isAfter(end); task = tasks.peek()) {
      tasks.remove();
      now = task.due;
      task.action.run();
    }
    now = end;
  }

  /** How many tasks wait. */
  public int waiting() {
    return tasks.size();
  }
}
