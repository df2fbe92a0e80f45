package org.jackfield.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jackfield.core.Effort;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The real core under seeded interleavings of requests, facts and faults, in virtual time: whatever
 * happens in whatever order, no invariant is broken.
 */
class SimulationTest {
  private static final int WANTED = Effort.of(60, 100_000, 1_000_000);
  private static final int WORKERS = 2;
  private static final int BATCH = 2_000;
  private static final Supplier<Bug> NO_BUG = () -> Bug.NONE;

  private static CoreLog log;

  @BeforeAll
  static void listen() {
    log = CoreLog.listen();
  }

  @AfterAll
  static void leave() {
    log.close();
  }

  @Test
  void noInterleavingBreaksAnInvariant() throws InterruptedException, ExecutionException {
    if (Long.getLong("jackfield.seed") != null) {
      replay(Long.getLong("jackfield.seed"));
      return;
    }
    long began = System.nanoTime();
    List<Simulation> workers = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(WORKERS);
    long next = 1;
    int distinct = 0;
    try {
      for (int i = 0; i < WORKERS; i++) {
        workers.add(new Simulation(NO_BUG));
      }
      for (int missing = WANTED; missing > 0; missing = WANTED - distinct) {
        next = play(workers, threads, next, missing);
        distinct = Simulation.distinct(hashes(workers));
      }
    } finally {
      threads.shutdownNow();
    }
    int runs = workers.stream().mapToInt(Simulation::runs).sum();
    int faulty = workers.stream().mapToInt(Simulation::faulty).sum();
    int median =
        Simulation.median(
            workers.stream().flatMapToInt(w -> java.util.Arrays.stream(w.lengths())).toArray());
    System.out.printf(
        "%d runs from seed 1 to %d in %.1f s: %d distinct interleavings, median length %d inputs,"
            + " %.1f %% with a fault%n",
        runs, next - 1, (System.nanoTime() - began) / 1e9, distinct, median, 100.0 * faulty / runs);
    assertThat(distinct).isGreaterThanOrEqualTo(WANTED);
    assertThat(median).isGreaterThanOrEqualTo(25);
    assertThat(faulty).isGreaterThan(runs * 3 / 10);
  }

  /** Plays at least so many seeds, and says which is the next. */
  private static long play(
      List<Simulation> workers, ExecutorService threads, long first, int atLeast)
      throws InterruptedException, ExecutionException {
    long each = Math.min(BATCH, Math.max(100, atLeast / WORKERS + 1));
    long next = first;
    List<Future<Simulation.Failure>> playing = new ArrayList<>();
    for (Simulation worker : workers) {
      long from = next;
      next += each;
      playing.add(threads.submit(() -> worker.play(LongStream.range(from, from + each))));
    }
    for (Future<Simulation.Failure> one : playing) {
      Simulation.Failure failure = one.get();
      if (failure != null) {
        throw new AssertionError(Simulation.explain(failure, NO_BUG));
      }
    }
    return next;
  }

  private static long[] hashes(List<Simulation> workers) {
    return workers.stream().flatMapToLong(w -> LongStream.of(w.hashes())).toArray();
  }

  /** For a person: the whole run as a ladder. */
  private static void replay(long seed) {
    Script script = Script.of(seed);
    Simulation.Failure failure = new Simulation(NO_BUG).play(seed);
    if (failure != null) {
      throw new AssertionError(Simulation.explain(failure, NO_BUG));
    }
    System.out.println("seed " + seed + ": " + script.text());
    Simulation.ladder(script, NO_BUG).forEach(System.out::println);
  }

  @Test
  void aSeedReplaysByteForByte() {
    for (long seed = 1; seed <= Effort.of(1, 100, 1_000); seed++) {
      // given
      List<String> first = Simulation.ladder(Script.of(seed), NO_BUG);

      // when
      List<String> again = Simulation.ladder(Script.parse(Script.of(seed).text()), NO_BUG);

      // then
      assertThat(again).as("seed " + seed).isEqualTo(first);
    }
  }

  /** Each script that has ever found a bug, with what it found. */
  static Stream<String> scripts() throws IOException {
    try (InputStream file = SimulationTest.class.getResourceAsStream("seeds.txt")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void whatOnceBrokeStaysWhole(String line) {
    // given
    Script script = Script.parse(line.substring(0, line.indexOf('#')));

    // when
    Verdict verdict = new Run(script, Bug.NONE, false, Probe.cells()).play();

    // then
    assertThat(verdict.isBroken())
        .as(() -> line + "\n" + String.join("\n", Simulation.ladder(script, NO_BUG)))
        .isFalse();
  }
}
