package org.jackfield.core.transfer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jackfield.api.session.Refusal;

/**
 * What a list of inputs led to, with everything that already stands when a state is entered: a fact
 * that came before its state was there is not lost.
 *
 * @param state the state at the end
 * @param effects what is wanted done, in order
 * @param lines what each input led to, in order, ignored facts left out
 * @param refusal set when the first input was a request that is not legal now
 */
public record Advance(
    TransferState state, List<Effect> effects, List<Line> lines, Optional<Refusal> refusal) {

  /** More changes of state than any sane topology needs; beyond it the machine has a bug. */
  private static final int MOST_CHANGES = 24;

  /**
   * One line for the timeline.
   *
   * @param source {@code request}, {@code fact}, {@code reply} or {@code deadline}
   * @param text what happened and what was made of it, for a person
   */
  public record Line(String source, String text) {
    static Line of(TransferInput input, String why) {
      String words = input.words();
      return new Line(input.source(), words.equals(why) ? words : words + ": " + why);
    }
  }

  /** Begins a transfer. */
  public static Advance begin(TransferView view) {
    return begin(Machine.PLAIN, view, 0);
  }

  /**
   * Begins a plan, the first or, after a refusal, another one.
   *
   * @param machine by which it steps
   * @param token the deadline that was armed last, 0 if none was
   */
  public static Advance begin(Machine machine, TransferView view, int token) {
    Step first = TransferState.begin(view, Deadline.after(token));
    Advance standing = of(machine, first.next(), Observation.standing(view.now()), view);
    List<Effect> effects = new ArrayList<>(first.effects());
    effects.addAll(standing.effects());
    List<Line> lines = new ArrayList<>();
    lines.add(new Line("request", first.why()));
    lines.addAll(standing.lines());
    return new Advance(standing.state(), effects, lines, Optional.empty());
  }

  /** What a plan asks for first. */
  public static Effect.Act first(TransferView view) {
    return TransferState.begin(view, Deadline.FIRST).effects().stream()
        .filter(Effect.Act.class::isInstance)
        .map(Effect.Act.class::cast)
        .findFirst()
        .orElseThrow();
  }

  /** Takes inputs in order; whenever the state has changed it is shown what stands. */
  public static Advance of(
      TransferState state, List<? extends TransferInput> inputs, TransferView view) {
    return of(Machine.PLAIN, state, inputs, view);
  }

  /** The same, stepping by the machine given. */
  public static Advance of(
      Machine machine,
      TransferState state,
      List<? extends TransferInput> inputs,
      TransferView view) {
    Deque<TransferInput> queue = new ArrayDeque<>(inputs);
    List<Effect> effects = new ArrayList<>();
    List<Line> lines = new ArrayList<>();
    Optional<Refusal> refusal = Optional.empty();
    int changes = 0;
    while (!queue.isEmpty()) {
      TransferInput input = queue.removeFirst();
      Step step = machine.on(state, input, view);
      effects.addAll(step.effects());
      if (step.refusal().isPresent()) {
        refusal = step.refusal();
      }
      if (step.next().equals(state) && step.effects().isEmpty()) {
        continue;
      }
      lines.add(Line.of(input, step.why()));
      if (!step.next().equals(state)) {
        state = step.next();
        if (++changes > MOST_CHANGES) {
          throw new IllegalStateException("the transfer does not settle at " + state);
        }
        queue.addAll(Observation.standing(view.now()));
      }
    }
    return new Advance(state, List.copyOf(effects), List.copyOf(lines), refusal);
  }
}
