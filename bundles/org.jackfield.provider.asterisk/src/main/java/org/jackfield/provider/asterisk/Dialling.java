package org.jackfield.provider.asterisk;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.provider.asterisk.CallState.Mode;

/**
 * The dialling of a kept call's target: for the party who waits, or for the transferor who consults
 * it. Each step completes as {@link Steps} do. Confined to the provider's executor.
 */
final class Dialling {
  private final CallState state;
  private final Parties parties;
  private final Report report;
  private final Calls calls;
  private final Picture picture;
  private final Steps steps;
  private final ProviderContext context;

  Dialling(CallState state, Report report, Exchange exchange) {
    this.state = state;
    this.parties = state.parties;
    this.report = report;
    this.calls = exchange.calls();
    this.picture = exchange.picture();
    this.steps = exchange.steps();
    this.context = exchange.context();
  }

  /** Who waits hears music until the target answers. */
  CompletableFuture<Void> forHeld(Address to, String dialString) {
    return dial(to, dialString, parties.held, "");
  }

  /** The transferor hears what comes before the answer. */
  CompletableFuture<Void> forTransferor(Address to, String dialString) {
    return dial(to, dialString, parties.transferor, state.bridges.talk);
  }

  private CompletableFuture<Void> dial(Address to, String dialString, String seenAs, String early) {
    var id = steps.freshName();
    parties.target = id;
    parties.targetAddress = to;
    parties.targetFailure = Optional.empty();
    parties.dialled = false;
    calls.claim(state.call, List.of(id));
    report.tell();
    return steps
        .dial(id, dialString, seenAs, early)
        .thenRun(
            () -> {
              parties.dialled = true;
              report.tell();
            })
        .exceptionallyCompose(
            error -> {
              if (parties.target != null && parties.target.equals(id) && !picture.alive(id)) {
                return Steps.nothing(); // it ended at once: a fact, dealt with like any other
              }
              return steps.hangUp(id).thenCompose(done -> CompletableFuture.failedFuture(error));
            });
  }

  /** It is not known whether the channel that was made has been dialled already. */
  CompletableFuture<Void> goOn(String made) {
    boolean consulting = state.mode == Mode.CONSULT;
    return steps
        .ring(
            made,
            consulting ? parties.transferor : parties.held,
            consulting ? state.bridges.talk : "")
        .thenRun(() -> parties.dialled = true)
        .exceptionallyCompose(error -> steps.hangUp(made));
  }

  /** The target is dialled no more, or is let go. */
  CompletableFuture<Void> clear() {
    var gone = parties.target;
    if (gone == null) {
      return Steps.nothing();
    }
    if (!parties.targetAnswered()) {
      parties.cancelled(gone);
    }
    return steps
        .hangUp(gone)
        .thenRun(
            () -> {
              parties.target = null;
              report.tell();
            });
  }

  /** The target has ended: that is told, and why. */
  void ended() {
    var gone = parties.target;
    if (gone == null) {
      return;
    }
    var cause = parties.failureOf(gone);
    parties.targetFailure = Optional.of(cause);
    if (parties.phones(gone).isEmpty() && parties.targetAddress != null) {
      var second = state.consultation.call();
      var where = second == null ? state.call : second;
      var never =
          Connection.of(
              new ConnectionId(gone), parties.targetAddress, "", ConnectionState.DISCONNECTED);
      context.report(new ProviderEvent.ConnectionChanged(where.id, never.left(cause)));
    }
    parties.target = null;
    report.tell();
  }
}
