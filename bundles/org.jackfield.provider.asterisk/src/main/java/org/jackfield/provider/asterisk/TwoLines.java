package org.jackfield.provider.asterisk;

import java.util.List;
import org.jackfield.api.provider.CommandId;
import org.jackfield.provider.asterisk.CallState.Mode;
import org.jspecify.annotations.Nullable;

/**
 * A transferor whose phone has the kept call on one line and another call on a second one, and the
 * joining of the two others. Confined to the provider's executor.
 */
final class TwoLines {
  private final CallState state;
  private final Parties parties;
  private final Report report;
  private final Sequence sequence;
  private final WayOut wayOut;
  private final Calls calls;
  private final Steps steps;

  TwoLines(CallState state, Report report, Sequence sequence, WayOut wayOut, Exchange exchange) {
    this.state = state;
    this.parties = state.parties;
    this.report = report;
    this.sequence = sequence;
    this.wayOut = wayOut;
    this.calls = exchange.calls();
    this.steps = exchange.steps();
  }

  /**
   * Joins the other party with one of another call, in which the transferor's phone is on another
   * line. The PBX has the two together before either line is cleared.
   *
   * @param joined the handle of the other call's party
   * @param line the transferor's channel in the other call
   */
  void join(CommandId command, Call other, String joined, String line) {
    var lent = other.stasis;
    if (lent != null) {
      lent.state.over = true; // what happens to its channels is dealt with here
    }
    other.stasis = null;
    sequence.run(
        command,
        () ->
            steps
                .place(parties.held)
                .thenCompose(done -> steps.place(joined))
                .thenCompose(
                    done -> {
                      state.goesWith = joined;
                      return steps.letGo(parties.held, joined);
                    })
                .thenCompose(done -> steps.hangUp(List.of(parties.transferor, line)))
                .whenComplete((done, error) -> joined(other, joined, lent, error == null)));
  }

  private void joined(Call other, String joined, @Nullable StasisCall lent, boolean well) {
    state.goesWith = null;
    if (!well) {
      other.stasis = lent;
      if (lent != null) {
        lent.state.over = false;
      }
      return;
    }
    if (lent != null) {
      lent.state.bridges.remove();
    }
    calls.merge(other, state.call);
    calls.claim(state.call, List.of(joined));
    parties.transferor = joined;
    parties.learn(joined);
    state.mode = Mode.TALK;
    report.tell();
    wayOut.dissolveIfLetGo();
  }
}
