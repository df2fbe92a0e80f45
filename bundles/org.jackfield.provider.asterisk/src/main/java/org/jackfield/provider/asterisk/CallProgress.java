package org.jackfield.provider.asterisk;

import java.util.List;
import org.jackfield.provider.asterisk.CallState.Mode;

/**
 * How a kept call goes on by itself: what follows from where its parties are, whenever no sequence
 * of steps is under way. Confined to the provider's executor.
 */
final class CallProgress {
  private final CallState state;
  private final Parties parties;
  private final Report report;
  private final Exchange exchange;
  private final Calls calls;
  private final Picture picture;
  private final Steps steps;
  private final Sequence sequence;
  private final Dialling dialling;
  private final WayOut wayOut;
  private final Overtaken overtaken;

  CallProgress(
      CallState state,
      Report report,
      Sequence sequence,
      Dialling dialling,
      WayOut wayOut,
      Exchange exchange) {
    this.state = state;
    this.parties = state.parties;
    this.report = report;
    this.sequence = sequence;
    this.dialling = dialling;
    this.wayOut = wayOut;
    this.overtaken = new Overtaken(state, report, exchange);
    this.exchange = exchange;
    this.calls = exchange.calls();
    this.picture = exchange.picture();
    this.steps = exchange.steps();
  }

  /** To be called after each event about one of its channels. */
  void changed() {
    if (state.over) {
      return;
    }
    parties.learnAll();
    report.tell();
    advance();
  }

  /** The picture is new, after a loss of the link: what failed may be tried again. */
  void resume() {
    state.triedToLetGo = false;
    changed();
  }

  /** Does what follows from the picture, if nothing is under way. */
  void advance() {
    if (state.busy || state.over || !steps.arePossible()) {
      return;
    }
    if (state.isBetween()) {
      sequence.again(Chan.SETTLE); // by then it is known where it is, or that it is gone
      return;
    }
    overtaken.look();
    if (parties.target != null && !parties.alive(parties.target) && state.mode != Mode.CONFERENCE) {
      dialling.ended();
    }
    boolean heldAlive = parties.alive(parties.held);
    boolean transferorAlive = parties.alive(parties.transferor);
    switch (state.mode) {
      case TALK -> talking(heldAlive, transferorAlive);
      case HOLD -> holding(heldAlive, transferorAlive);
      case BLIND, WAITING -> waiting(heldAlive, transferorAlive);
      case CONSULT -> consulting(heldAlive, transferorAlive);
      case CONFERENCE -> conferring();
    }
  }

  private void talking(boolean heldAlive, boolean transferorAlive) {
    if (heldAlive && transferorAlive) {
      var one = picture.channel(parties.held);
      var two = picture.channel(parties.transferor);
      var joined = parties.target;
      if (joined != null) {
        sequence.run(null, () -> wayOut.finishJoin(joined));
      } else if (steps.areLetGo(parties.held, parties.transferor)) {
        wayOut.over();
      } else if (one != null
          && two != null
          && one.stasis
          && two.stasis
          && one.isUp()
          && two.isUp()
          && !state.triedToLetGo) {
        state.triedToLetGo = true;
        sequence.run(null, () -> wayOut.letGo(parties.held, parties.transferor));
      }
    } else {
      end();
    }
  }

  private void holding(boolean heldAlive, boolean transferorAlive) {
    if (!heldAlive || !transferorAlive && !state.pending && parties.target == null) {
      end();
    } else if (parties.targetAnswered()) {
      sequence.run(null, wayOut::joinTarget);
    } else if (!transferorAlive) {
      state.mode = Mode.WAITING;
    }
  }

  private void waiting(boolean heldAlive, boolean transferorAlive) {
    if (!heldAlive) {
      end();
    } else if (parties.targetAnswered()) {
      sequence.run(null, wayOut::joinTarget);
    } else if (parties.target == null && transferorAlive) {
      sequence.run(null, wayOut::backTogether);
    }
  }

  private void consulting(boolean heldAlive, boolean transferorAlive) {
    if (state.isBesideMadeCall() && heldAlive && !transferorAlive) {
      end();
    } else if (state.isBesideMadeCall() && heldAlive && parties.target == null) {
      state.consultation.end();
      state.mode = state.heldWaits() ? Mode.HOLD : Mode.TALK;
      state.triedToLetGo = false;
      report.tell();
      advance();
    } else if (heldAlive && !transferorAlive && parties.target == null) {
      state.consultation.end();
      state.mode = Mode.WAITING;
    } else if (!heldAlive && transferorAlive && parties.targetAnswered()) {
      becomePlainCall();
    } else if (!heldAlive && (parties.target == null || !transferorAlive)) {
      end();
    }
  }

  /** The held party has left: the consultation is an ordinary call now. */
  private void becomePlainCall() {
    var other = parties.target;
    var second = state.consultation.call();
    if (other == null || second == null) {
      return;
    }
    calls.tell(state.call, List.of(), parties.why());
    state.call.stasis = null;
    calls.forget(state.call);
    var successor = new StasisCall(second, parties.transferor, other, exchange);
    successor.parties.remember(parties.phones());
    state.over = true;
    state.consultation.leave();
    state.bridges.removeMusic();
    successor.sequence.run(
        null,
        () ->
            successor
                .state
                .bridges
                .makeTalk()
                .thenCompose(
                    done ->
                        successor.state.bridges.intoTalk(
                            successor.parties.transferor, successor.parties.held))
                .whenComplete((done, error) -> state.bridges.removeTalk())
                .thenCompose(
                    done ->
                        successor.wayOut.letGo(
                            successor.parties.held, successor.parties.transferor)));
  }

  private void conferring() {
    var left = parties.handles().stream().filter(parties::alive).toList();
    if (left.size() == 2) {
      parties.held = left.get(0);
      parties.transferor = left.get(1);
      parties.target = null;
      state.mode = Mode.TALK;
      sequence.run(null, () -> wayOut.letGo(parties.held, parties.transferor));
    } else if (left.size() < 2) {
      end();
    }
  }

  /** Nobody is left to talk with: what was started is cleared. */
  private void end() {
    if (parties.target != null && !parties.targetAnswered()) {
      parties.cancelled(parties.target);
    }
    var left = parties.handles().stream().filter(parties::alive).toList();
    if (left.isEmpty()) {
      wayOut.over();
    } else {
      sequence.run(null, () -> steps.hangUp(left));
    }
  }
}
