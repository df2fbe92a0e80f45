package org.jackfield.core.simulation;

import java.util.Set;
import java.util.TreeSet;
import org.jackfield.api.session.Connection;
import org.jackfield.core.transfer.Effect;
import org.jackfield.core.transfer.Machine;
import org.jackfield.core.transfer.Step;
import org.jackfield.core.transfer.Topology;
import org.jackfield.core.transfer.TransferInput;
import org.jackfield.core.transfer.TransferState;
import org.jackfield.core.transfer.TransferView;

/**
 * Watches each step of the machine and each input of the core, and names the interleaving: a hash
 * of (state before, kind of input, actor), in their order. Times, ids and texts are no part of it.
 */
final class Probe implements Machine {
  private final Machine machine;
  private final Verdict verdict;
  private final Ladder ladder;
  private final Set<String> cells;
  private long hash = 0xcbf29ce484222325L;
  private int state;
  private int inputs;

  /**
   * @param cells where to note which input was taken in which state
   */
  Probe(Machine machine, Verdict verdict, Ladder ladder, Set<String> cells) {
    this.verdict = verdict;
    this.machine = machine;
    this.ladder = ladder;
    this.cells = cells;
  }

  @Override
  public Step on(TransferState before, TransferInput input, TransferView view) {
    Step step = machine.on(before, input, view);
    state = signature(step.next(), view.now());
    asksFirst(before, input, step);
    isStillMeant(before, input, step);
    cells.add(before.getClass().getSimpleName() + " x " + input.kind());
    if (input instanceof TransferInput.DeadlinePassed) {
      delivered("deadline", 0);
    }
    if (ladder.isWanted() && (!step.next().equals(before) || !step.effects().isEmpty())) {
      ladder.note(
          Ladder.At.CORE,
          () -> input.kind() + " -> " + step.next() + ", " + step.effects() + ": " + step.why());
    }
    return step;
  }

  /** A deadline asserts nothing before the PBX was asked. */
  private void asksFirst(TransferState before, TransferInput input, Step step) {
    if (!(before instanceof TransferState.Live live) || live.deadline().lost()) {
      return;
    }
    boolean asks = step.effects().stream().anyMatch(Effect.AskSnapshot.class::isInstance);
    boolean asserts =
        input instanceof TransferInput.DeadlinePassed
            && !live.deadline().asked()
            && step.effects().stream()
                .anyMatch(e -> e instanceof Effect.Act || e instanceof Effect.Finish);
    boolean pretends =
        !live.deadline().asked()
            && step.next() instanceof TransferState.Live next
            && next.deadline().asked()
            && !asks;
    if (asserts || pretends) {
      verdict.broken("a deadline asks before it says", before + " -> " + step);
    }
  }

  /** A deadline that was replaced, and came all the same, does nothing. */
  private void isStillMeant(TransferState before, TransferInput input, Step step) {
    if (input instanceof TransferInput.DeadlinePassed passed
        && before instanceof TransferState.Live live
        && passed.token() != live.deadline().token()
        && !(step.next().equals(before) && step.effects().isEmpty())) {
      verdict.broken("a stale deadline does nothing", before + " -> " + step);
    }
  }

  private static int signature(TransferState state, Topology now) {
    int sum = state.phase().ordinal();
    if (state instanceof TransferState.Live live) {
      sum = sum * 4 + (live.deadline().asked() ? 1 : 0) + (live.deadline().lost() ? 2 : 0);
    }
    sum = sum * 16 + now.transferorHome().map(Probe::state).orElse(0);
    sum = sum * 16 + now.transferorAway().map(Probe::state).orElse(0);
    sum = sum * 16 + now.target().map(Probe::state).orElse(0);
    return sum * 4 + now.transferees().size();
  }

  private static int state(Connection connection) {
    return 1 + connection.state().ordinal();
  }

  /** Something has reached the core. */
  void delivered(String kind, int actor) {
    inputs++;
    hash = mix(mix(mix(hash, state), kind.hashCode()), actor);
  }

  private static long mix(long hash, long value) {
    long z = (hash ^ value) * 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 29) * 0xbf58476d1ce4e5b9L;
    return z ^ z >>> 32;
  }

  long hash() {
    return hash;
  }

  int inputs() {
    return inputs;
  }

  static Set<String> cells() {
    return new TreeSet<>();
  }
}
