package org.jackfield.core.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/** Many runs, one seed after the other. */
final class Simulation {
  private final Supplier<Bug> bug;
  private long[] hashes = new long[1 << 17];
  private int[] lengths = new int[1 << 17];
  private int runs;
  private int faulty;
  private final Set<String> cells = Probe.cells();

  Simulation(Supplier<Bug> bug) {
    this.bug = bug;
  }

  /**
   * A run that broke an invariant.
   *
   * @param seed its seed
   * @param script its script, as it was
   * @param verdict what was broken
   */
  record Failure(long seed, Script script, Verdict verdict) {}

  /** Plays one seed; null if all is well. */
  Failure play(long seed) {
    Script script = Script.of(seed);
    Run run = new Run(script, bug.get(), false, cells);
    Verdict verdict = run.play();
    if (runs == hashes.length) {
      hashes = Arrays.copyOf(hashes, runs * 2);
      lengths = Arrays.copyOf(lengths, runs * 2);
    }
    hashes[runs] = run.probe.hash();
    lengths[runs] = run.probe.inputs();
    runs++;
    if (run.wasFaulty()) {
      faulty++;
    }
    return verdict.isBroken() ? new Failure(seed, script, verdict) : null;
  }

  /** Plays seeds until one fails; null if all is well. */
  Failure play(LongStream seeds) {
    return seeds.mapToObj(this::play).filter(Objects::nonNull).findFirst().orElse(null);
  }

  int runs() {
    return runs;
  }

  long[] hashes() {
    return Arrays.copyOf(hashes, runs);
  }

  int[] lengths() {
    return Arrays.copyOf(lengths, runs);
  }

  int faulty() {
    return faulty;
  }

  Set<String> cells() {
    return cells;
  }

  /** How many interleavings are different ones. */
  static int distinct(long[] hashes) {
    long[] sorted = hashes.clone();
    Arrays.sort(sorted);
    int distinct = 0;
    for (int i = 0; i < sorted.length; i++) {
      if (i == 0 || sorted[i] != sorted[i - 1]) {
        distinct++;
      }
    }
    return distinct;
  }

  static int median(int[] lengths) {
    int[] sorted = lengths.clone();
    Arrays.sort(sorted);
    return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
  }

  /** A script's run as a ladder, with what it broke. */
  static List<String> ladder(Script script, Supplier<Bug> bug) {
    Run run = new Run(script, bug.get(), true, Probe.cells());
    Verdict verdict = run.play();
    List<String> lines = new ArrayList<>(run.ladder.lines());
    if (verdict.isBroken()) {
      lines.add("BROKEN: " + verdict.invariant() + ": " + verdict.text());
    }
    return lines;
  }

  /** What a person needs to see of a failure: its shortest form, as a ladder. */
  static String explain(Failure failure, Supplier<Bug> bug) {
    Script shortest = new Shrinker(bug).shrink(failure.script());
    return "seed "
        + failure.seed()
        + " breaks \""
        + failure.verdict().invariant()
        + "\"; replay it by -Djackfield.seed="
        + failure.seed()
        + "\nits shortest form: "
        + shortest.text()
        + "\n"
        + String.join("\n", ladder(shortest, bug));
  }
}
