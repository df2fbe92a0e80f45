package org.jackfield.provider.asterisk;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jackfield.api.session.Cause;
import org.jackfield.provider.asterisk.CallState.Mode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a phone by its own keys, or the operator, does with the parties of a kept call: whom they
 * move away, and whom the PBX puts in their place. Confined to the provider's executor.
 */
final class Overtaken {
  private static final Logger LOG = LoggerFactory.getLogger(Overtaken.class);

  private final CallState state;
  private final Parties parties;
  private final Report report;
  private final Exchange exchange;
  private final Calls calls;
  private final Picture picture;
  private final Steps steps;

  Overtaken(CallState state, Report report, Exchange exchange) {
    this.state = state;
    this.parties = state.parties;
    this.report = report;
    this.exchange = exchange;
    this.calls = exchange.calls();
    this.picture = exchange.picture();
    this.steps = exchange.steps();
  }

  /** Looks who has been moved, and deals with it. */
  void look() {
    parties.handles().stream().filter(this::isTaken).forEach(this::taken);
    if (state.mode != Mode.TALK) {
      stranger().ifPresent(this::sentOn);
    }
  }

  /** Those whom the PBX keeps are not with us any more, which is as it is to be. */
  private boolean isTaken(String handle) {
    var chan = picture.channel(handle);
    return state.mode != Mode.TALK && chan != null && chan.isTaken() && !parties.isLost(handle);
  }

  /**
   * A phone by its own keys, or the operator, has moved it: for this call it has left. Whom it is
   * with now is told as a call of its own, of the same conversation. What only rang for us rings no
   * more.
   */
  private void taken(String handle) {
    var from = state.callOf(handle);
    boolean isTheirs = parties.hasAnswered(handle);
    lose(handle);
    var with = picture.component(handle, Set.copyOf(parties.handles()));
    if (isTheirs) {
      calls.branch(from, steps.freshName(), with);
    }
    report.tell();
    if (isTheirs) {
      calls.refresh(with);
    } else {
      steps.leaveWithout(handle);
    }
  }

  private void lose(String handle) {
    LOG.info(
        "{}: call {}: {} was moved by somebody else",
        exchange.context().provider(),
        state.call.id,
        handle);
    var cause = Cause.of(Cause.Code.OVERTAKEN);
    parties.lose(handle, cause);
    if (handle.equals(parties.target) && state.mode != Mode.CONFERENCE) {
      parties.targetFailure = Optional.of(cause);
      parties.target = null;
    }
  }

  /** Whom the PBX has put into our bridge in the place of a phone that sent the others on. */
  private Optional<String> stranger() {
    return picture.members(state.bridges.talk).stream()
        .filter(id -> !parties.handles().contains(id) && !parties.isLost(id))
        .filter(picture::isParty)
        .findFirst();
  }

  /**
   * A phone has sent whom it talked with to somebody else. If that one has answered, the two are a
   * call of their own from now on, which is left to the PBX as soon as it can be.
   */
  private void sentOn(String stranger) {
    if (state.mode == Mode.CONFERENCE) {
      takesThePlace(stranger);
      return;
    }
    parties.ignore(stranger);
    var other =
        parties.target != null && state.bridges.isInTalk(parties.target)
            ? parties.target
            : parties.held;
    if (!state.bridges.isInTalk(other)) {
      return;
    }
    if (!parties.hasAnswered(other)) {
      taken(other);
      steps.leaveWithout(stranger); // it was to talk with nobody
      return;
    }
    var from = state.callOf(other);
    lose(other);
    var into = calls.branch(from, steps.freshName(), Set.of(other, stranger));
    report.tell();
    var successor = new StasisCall(into, stranger, other, exchange);
    successor.parties.remember(Map.of(other, parties.phones(other)));
    successor.sequence.run(
        null,
        () ->
            successor
                .state
                .bridges
                .makeTalk()
                .thenCompose(done -> successor.state.bridges.intoTalk(other, stranger)));
  }

  private void takesThePlace(String stranger) {
    if (!parties.alive(parties.transferor) || !state.bridges.isInTalk(parties.transferor)) {
      parties.transferor = stranger;
    } else if (!parties.alive(parties.held) || !state.bridges.isInTalk(parties.held)) {
      parties.held = stranger;
    } else {
      parties.target = stranger;
    }
    calls.claim(state.call, List.of(stranger));
    parties.learn(stranger);
    report.tell();
  }
}
