package org.jackfield.core.recovery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jackfield.api.journal.Journal;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.api.journal.Remembered;
import org.jackfield.core.CoreEngine;
import org.jackfield.core.VirtualTime;
import org.jackfield.core.provider.ProviderPublisher;
import org.jackfield.core.record.MemoryAuditLog;
import org.jackfield.core.run.Environment;
import org.jackfield.core.run.IdSource;
import org.jackfield.core.run.Timers;
import org.jackfield.provider.simulated.SimulatedPbx;
import org.osgi.framework.Version;

/**
 * The lives of a server beside one PBX that lives on. A life ends at a crash point: from then on
 * nothing that it does reaches the journal or the PBX, and nothing reaches it.
 */
final class Lives {
  final VirtualTime time = new VirtualTime();
  final SimulatedPbx pbx;

  /** What is durable. */
  final List<JournalRecord> journal = new ArrayList<>();

  private final List<Point> crashes;
  private int number;
  private Life life;

  /** Where a life ends: before or after the n-th record, or the n-th command, of that life. */
  record Point(boolean isRecord, int n, boolean before) {
    static final Point NEVER = new Point(true, Integer.MAX_VALUE, true);

    @Override
    public String toString() {
      return (before ? "before " : "after ") + (isRecord ? "record " : "command ") + n;
    }
  }

  /**
   * @param crashes where each life ends, the first first; those after these do not end
   */
  Lives(String profile, List<Point> crashes) {
    this.crashes = crashes;
    pbx = new SimulatedPbx(time, time, 1, profile);
    pbx.wire = text -> life == null || life.send(text);
  }

  /** One life. */
  final class Life implements Journal {
    private final Point end;
    private final CoreEngine core;
    private boolean alive = true;
    int records;
    int commands;

    /** Counts from here on. */
    private boolean counts;

    Life(Point end, long seed) {
      this.end = end;
      Executor executor = task -> time.execute(() -> run(task));
      Timers timers = (delay, task) -> time.after(delay, () -> run(task));
      Environment environment =
          new Environment(time, timers, executor, executor, new IdSource(new Random(seed)));
      core =
          new CoreEngine(
              environment, seed, this, new MemoryAuditLog(), List.of(), ProviderPublisher.NONE);
    }

    private void run(Runnable task) {
      if (alive) {
        task.run();
      }
    }

    CoreEngine core() {
      return core;
    }

    void counts() {
      counts = true;
    }

    @Override
    public CompletionStage<Void> append(JournalRecord entry) {
      if (!alive || isHere(true, counts ? ++records : 0, true)) {
        return new CompletableFuture<>();
      }
      journal.add(entry);
      return isHere(true, counts ? records : 0, false)
          ? new CompletableFuture<>()
          : CompletableFuture.completedStage(null);
    }

    @Override
    public void replay(Consumer<JournalRecord> reader) {
      List.copyOf(journal).forEach(reader);
    }

    private boolean isHere(boolean isRecord, int n, boolean before) {
      if (alive && n > 0 && end.equals(new Point(isRecord, n, before))) {
        alive = false;
      }
      return !alive;
    }

    boolean send(String text) {
      boolean isCommand =
          !text.contains("\"do\":\"snapshot\"")
              && !text.contains("\"do\":\"addresses\"")
              && !text.contains("\"do\":\"fate\"");
      if (!isCommand) {
        return alive;
      }
      if (!alive || isHere(false, counts ? ++commands : 0, true)) {
        return false;
      }
      isHere(false, counts ? commands : 0, false);
      return true;
    }

    boolean isAlive() {
      return alive;
    }
  }

  Life life() {
    return life;
  }

  int lives() {
    return number;
  }

  /** The server dies, and is not started again yet. */
  void kill() {
    life.alive = false;
    time.pass(Duration.ofMillis(300));
    pbx.driversAreGone();
  }

  /** Starts the server, the first time or again. */
  void start() {
    start(true);
  }

  /**
   * @param configured whether its PBX is configured
   */
  void start(boolean configured) {
    Point end = number < crashes.size() ? crashes.get(number) : Point.NEVER;
    number++;
    life = new Life(end, number);
    if (number > 1) {
      life.counts();
    }
    life.core.recover(Remembered.of(life, time.instant()));
    life.core
        .providers()
        .addDriver(
            pbx.driver(),
            Map.of("org.jackfield.driver.name", "simulated"),
            Version.parseVersion("1"),
            "simulated");
    if (configured) {
      life.core.providers().configure("pbx", Map.of("driver", "simulated"));
    }
  }

  /** Lets time pass; a server that has died is started again 300 ms later. */
  void pass(long ms) {
    for (long left = ms; left > 0; left -= 100) {
      time.pass(Duration.ofMillis(Math.min(left, 100)));
      if (!life.alive) {
        time.pass(Duration.ofMillis(300));
        pbx.driversAreGone();
        start();
      }
    }
  }
}
