package org.jackfield.provider.asterisk;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.provider.ProviderReply.Refused;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Reason;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.provider.asterisk.CallState.Mode;
import org.jspecify.annotations.Nullable;

/**
 * What may be done with a call that is there: each feature looks whether it may be used now, and
 * begins. Confined to the provider's executor; each returns at once.
 */
final class CallFeatures {
  private final Calls calls;
  private final KeptCalls keptCalls;
  private final Picture picture;
  private final Steps steps;
  private final ProviderContext context;
  private final Admission admission;
  private final Settings settings;

  CallFeatures(Exchange exchange, KeptCalls keptCalls, Admission admission, Settings settings) {
    this.calls = exchange.calls();
    this.picture = exchange.picture();
    this.steps = exchange.steps();
    this.context = exchange.context();
    this.keptCalls = keptCalls;
    this.admission = admission;
    this.settings = settings;
  }

  private @Nullable Connection told(CallId id, ConnectionId party) {
    var call = calls.find(id);
    return call == null ? null : call.told.get(party.value());
  }

  private ProviderReply started(@Nullable StasisCall call, Consumer<StasisCall> start) {
    if (call == null) {
      return Admission.notNow("the party does not talk with exactly one other");
    }
    start.accept(call);
    return ProviderReply.ACCEPTED;
  }

  ProviderReply hold(Command.Hold c) {
    return noParty(c.call(), c.party())
        .orElseGet(() -> started(keptCalls.taken(c.call(), c.party()), call -> call.hold(c.id())));
  }

  private Optional<ProviderReply> noParty(CallId call, ConnectionId party) {
    return told(call, party) == null
        ? Optional.of(Refused.of(Reason.NO_SUCH_PARTY, "no such party in the call"))
        : Optional.empty();
  }

  ProviderReply blind(Command.BlindTransfer c) {
    return noParty(c.call(), c.transferor())
        .orElseGet(
            () ->
                started(
                    keptCalls.taken(c.call(), c.transferor()),
                    call ->
                        call.blind(
                            c.id(),
                            c.target(),
                            settings.dialString(c.target().value()),
                            c.release())));
  }

  ProviderReply consult(Command.Consult c) {
    return noParty(c.call(), c.transferor())
        .orElseGet(
            () ->
                started(
                    consulting(c.call(), c.transferor()),
                    call ->
                        call.consult(
                            c.id(),
                            c.consultation(),
                            c.target(),
                            c.target().map(t -> settings.dialString(t.value())).orElse(""))));
  }

  private @Nullable StasisCall consulting(CallId id, ConnectionId party) {
    var kept = keptCalls.find(id);
    return kept != null && kept.state.mayConsultAgain(party) ? kept : keptCalls.taken(id, party);
  }

  ProviderReply retrieve(Command.Retrieve c) {
    var kept = keptCalls.find(c.call());
    if (kept == null
        || !kept.parties.isTransferor(c.party())
        || !kept.parties.transferorAlive()
        || kept.state.call != calls.find(c.call())
        || kept.state.mode == Mode.TALK
        || kept.state.mode == Mode.CONFERENCE) {
      return noParty(c.call(), c.party())
          .orElse(Admission.notNow("the party does not hold the call"));
    }
    if (kept.state.isBesideMadeCall()) {
      return Admission.notNow(
          "the party has another call; it is to be cleared, or the two alternated");
    }
    kept.retrieve(c.id());
    return ProviderReply.ACCEPTED;
  }

  ProviderReply dial(Command.Dial c) {
    var kept = keptCalls.find(c.call());
    if (kept == null
        || kept.state.consultation.call() != calls.find(c.call())
        || kept.parties.hasTarget()) {
      return Admission.notNow("the party may not dial now");
    }
    kept.dial(c.id(), c.target(), settings.dialString(c.target().value()));
    return ProviderReply.ACCEPTED;
  }

  ProviderReply alternate(Command.Alternate c) {
    var kept = keptCalls.find(c.call());
    if (kept == null
        || kept.state.mode != Mode.CONSULT
        || !kept.parties.targetAnswered()
        || !kept.parties.transferorAlive()
        || kept != keptCalls.find(c.active())) {
      return Admission.notNow("there are no two calls to alternate between");
    }
    if (kept.state.heldWaits() != (kept.state.call == calls.find(c.call()))) {
      return Admission.notNow("the call is not the one on hold");
    }
    kept.alternate(c.id());
    return ProviderReply.ACCEPTED;
  }

  ProviderReply complete(Command.Complete c) {
    var kept = keptCalls.find(c.call());
    if (kept == null || kept != keptCalls.find(c.consultation())) {
      return completeTwoLines(c);
    }
    if (kept.state.mode != Mode.CONSULT
        || c.call().equals(c.consultation())
        || !kept.parties.hasTarget()) {
      return Admission.notNow("there is nobody to complete to");
    }
    boolean conference = c.as() == CompleteAs.CONFERENCE;
    if (conference && !(kept.parties.targetAnswered() && kept.parties.transferorAlive())) {
      return Admission.notNow("the target has not answered");
    }
    kept.complete(c.id(), c.as());
    return ProviderReply.ACCEPTED;
  }

  /** The transferor's phone has the two calls on two lines, and holds one of them. */
  private ProviderReply completeTwoLines(Command.Complete c) {
    var here = told(c.call(), c.transferor());
    var there = keptCalls.otherLine(c.consultation(), c.transferor());
    var other = calls.find(c.consultation());
    if (here == null || there == null || other == null || c.as() != CompleteAs.TRANSFER) {
      return Admission.notNow("there is nobody to complete to");
    }
    boolean oneIsHeld =
        (here.state() == ConnectionState.ON_HOLD) != (there.state() == ConnectionState.ON_HOLD);
    if (!oneIsHeld || !here.state().isTalking() && !there.state().isTalking()) {
      return Admission.notNow("the party does not hold the one call and talk in the other");
    }
    var line = there.id().value();
    var joined = keptCalls.otherEnd(c.consultation(), line);
    var kept = joined == null ? null : keptCalls.whole(c.call(), c.transferor().value());
    if (kept == null || joined == null) {
      return Admission.notNow("each of the two calls must have two parties");
    }
    kept.twoLines.join(c.id(), other, joined, line);
    return ProviderReply.ACCEPTED;
  }

  ProviderReply recall(Command.Recall c) {
    var kept = keptCalls.find(c.call());
    if (kept == null || !kept.state.mayBeRecalled(c.waiting())) {
      return Admission.notNow("the party does not wait");
    }
    kept.recall(c.id(), c.to(), settings.dialString(c.to().value()));
    return ProviderReply.ACCEPTED;
  }

  /**
   * Whoever dials the party dials another. Where one call rings in several places it is left alone:
   * the others would be silenced too.
   */
  ProviderReply redirect(Command.Redirect c) {
    var offered = told(c.call(), c.party());
    if (offered == null) {
      return Refused.of(Reason.NO_SUCH_PARTY, "no such party in the call");
    }
    var phone = picture.channel(c.party().value());
    if (offered.state() != ConnectionState.OFFERING || phone == null || phone.isUp()) {
      return Admission.notNow("the call is not offered to the party");
    }
    var by = picture.channel(phone.dialledBy);
    var kept = keptCalls.find(c.call());
    if (by != null && !by.stasis && by.dials.size() == 1) {
      picture.unwanted(phone.id, Cause.Code.FORWARDED);
      tellFailure(c.id(), steps.sendTo(by.id, c.to().value()));
    } else if (by == null && kept != null && kept.parties.hasTarget()) {
      kept.redirect(c.id(), c.to(), settings.dialString(c.to().value()));
    } else {
      return Admission.notNow("it is not one call alone that rings there");
    }
    return ProviderReply.ACCEPTED;
  }

  ProviderReply clear(Command.Clear c) {
    var kept = keptCalls.find(c.call());
    if (kept != null) {
      if (kept.state.consultation.call() == calls.find(c.call())
          && kept.parties.isTransferor(c.party())) {
        kept.clearConsultation(c.id());
      } else if (kept.state.isBesideMadeCall() && kept.parties.isTransferor(c.party())) {
        kept.clearHeld(c.id());
      } else {
        kept.clear(c.id(), c.party());
      }
      return ProviderReply.ACCEPTED;
    }
    return noParty(c.call(), c.party())
        .orElseGet(
            () -> {
              picture.unwanted(c.party().value(), Cause.Code.CANCELLED);
              tellFailure(c.id(), steps.hangUp(List.of(c.party().value())));
              return ProviderReply.ACCEPTED;
            });
  }

  CompletionStage<ProviderReply> clearAll(Command.ClearAll c) {
    var call = calls.find(c.call());
    if (call == null) {
      return Admission.now(Refused.of(Reason.NO_SUCH_SESSION, "no such call"));
    }
    var kept = call.stasis;
    return kept != null && (kept.state.call != call || kept.state.isBesideMadeCall())
        ? admission.idle(call, () -> clearAllNow(call, c))
        : Admission.now(clearAllNow(call, c)); // also in the middle of a sequence of steps
  }

  private ProviderReply clearAllNow(Call call, Command.ClearAll c) {
    var kept = call.stasis;
    if (kept == null) {
      tellFailure(c.id(), steps.hangUp(List.copyOf(call.told.keySet())));
    } else if (kept.state.call != call) {
      kept.clearConsultation(c.id());
    } else if (kept.state.isBesideMadeCall()) {
      kept.clearHeld(c.id());
    } else {
      tellFailure(c.id(), kept.clearAll());
    }
    return ProviderReply.ACCEPTED;
  }

  private void tellFailure(CommandId command, CompletableFuture<Void> step) {
    var unused =
        step.exceptionally(
            error -> {
              context.report(
                  new ProviderEvent.CommandFailed(
                      command,
                      Cause.of(Cause.Code.STEP_REFUSED, String.valueOf(error.getMessage()))));
              return null;
            });
  }
}
