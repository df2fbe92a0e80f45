package org.jackfield.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.jackfield.api.journal.Journal;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.api.session.SessionId;
import org.jackfield.core.record.MemoryJournal;
import org.jackfield.journal.FileJournal;
import org.jackfield.journal.JournalFiles;
import org.jackfield.journal.Level;

/**
 * What the journal adds to the CPU time of a transfer: the core alone without a journal, and with
 * one on the disk at both its levels, taking turns in one process. The core waits for the disk as
 * it does in the server: what is durable is told to its thread, which meanwhile does what else is
 * ready. Figures are the process's CPU time, with all that the journal's threads, its compaction,
 * the compiler and the collector take.
 *
 * <p>Arguments: a folder on the disk that is meant, live calls (2000), transfers that are under way
 * at once (1), rounds (10), rounds to warm up (10).
 */
public final class TransfersJournalled {
  private TransfersJournalled() {}

  /** A core with its journal, and what a transfer has cost in each round. */
  private record Turn(
      String name, CoreAlone core, List<SessionId> calls, Waited journal, double[] cost) {}

  /** Tells the core's own thread what has become durable, and counts. */
  private static final class Waited implements Journal {
    private final Journal kept;
    private final LinkedBlockingQueue<Runnable> told = new LinkedBlockingQueue<>();
    private int pending;
    long records;

    Waited(Journal kept) {
      this.kept = kept;
    }

    @Override
    public CompletionStage<Void> append(JournalRecord journalRecord) {
      records++;
      CompletableFuture<Void> kept = this.kept.append(journalRecord).toCompletableFuture();
      if (kept.isDone()) {
        return kept;
      }
      pending++;
      CompletableFuture<Void> heard = new CompletableFuture<>();
      var unused = kept.thenRun(() -> told.add(() -> heard.complete(null)));
      return heard;
    }

    /** Waits for the disk if anything does; whether anything did. */
    boolean await() {
      if (pending == 0) {
        return false;
      }
      try {
        for (Runnable next = told.take(); next != null; next = told.poll()) {
          pending--;
          next.run();
        }
        return true;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    int calls = argument(arguments, 1, 2_000);
    int atOnce = argument(arguments, 2, 1);
    int rounds = argument(arguments, 3, 10);
    int warmUp = argument(arguments, 4, 10);
    Path killSafe = Files.createDirectories(folder.resolve("kill-safe"));
    Path powerSafe = Files.createDirectories(folder.resolve("power-safe"));
    try (FileJournal kill = FileJournal.open(JournalFiles.in(killSafe), Level.KILL_SAFE);
        FileJournal power = FileJournal.open(JournalFiles.in(powerSafe), Level.POWER_SAFE)) {
      List<Turn> turns =
          List.of(
              turn("none", new MemoryJournal(), calls, rounds),
              turn("kill-safe", kill, calls, rounds),
              turn("power-safe", power, calls, rounds));
      for (int round = -warmUp; round < rounds; round++) {
        for (int i = 0; i < turns.size(); i++) {
          Turn turn = turns.get(Math.floorMod(i + round, turns.size()));
          double cost = turn.core.transfer(turn.calls, atOnce);
          if (round >= 0) {
            turn.cost[round] = cost;
          }
        }
      }
      System.out.printf("%d live calls, %d transfers under way at once%n", calls, atOnce);
      turns.forEach(turn -> tell(turn, median(turns.getFirst().cost), (rounds + warmUp) * calls));
      turns.forEach(turn -> turn.core.close());
    } finally {
      delete(killSafe);
      delete(powerSafe);
    }
  }

  private static Turn turn(String name, Journal kept, int calls, int rounds) {
    Waited journal = new Waited(kept);
    CoreAlone core = new CoreAlone(journal, new PlainPbx(), journal::await);
    core.grow(calls);
    journal.records = 0;
    return new Turn(name, core, core.all(), journal, new double[rounds]);
  }

  private static int argument(String[] arguments, int place, int usual) {
    return arguments.length > place ? Integer.parseInt(arguments[place]) : usual;
  }

  private static double median(double[] cost) {
    double[] sorted = cost.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static void tell(Turn turn, double none, int transfers) {
    double[] sorted = turn.cost.clone();
    Arrays.sort(sorted);
    double median = median(sorted);
    System.out.printf(
        Locale.ROOT,
        "%-10s %7.1f us of CPU a transfer (%.1f to %.1f), %.2f of none, %.0f per CPU-second; %.1f"
            + " records a transfer%n",
        turn.name,
        median,
        sorted[0],
        sorted[sorted.length - 1],
        median / none,
        1e6 / median,
        (double) turn.journal.records / transfers);
  }

  private static void delete(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder()).forEach(files::add);
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }
}
