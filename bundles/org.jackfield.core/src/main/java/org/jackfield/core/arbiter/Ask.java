package org.jackfield.core.arbiter;

import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Limits;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Session;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.Need;
import org.jackfield.api.transfer.ReleaseWhen;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferTarget;
import org.jspecify.annotations.Nullable;

/**
 * A request with all that its answer depends on, and the facts that speak against a plan.
 *
 * @param transferor the party that leaves
 * @param transferee the first of those that stay, if anybody does
 * @param holder the transferor's end of the held call that is to be the target
 * @param heldTarget the other end of it
 */
record Ask(
    TransferRequest request,
    Situation situation,
    Preferences preferences,
    Party transferor,
    @Nullable Party transferee,
    @Nullable Party holder,
    @Nullable Party heldTarget) {

  static Ask of(
      TransferRequest request, Situation situation, Preferences preferences, Party transferor) {
    Party transferee = other(situation.session(), transferor);
    Party holder = null;
    Party heldTarget = null;
    if (situation.held().isPresent()) {
      Session held = situation.held().get().session();
      holder = end(held, transferor);
      heldTarget = holder == null ? null : other(held, holder);
    }
    return new Ask(request, situation, preferences, transferor, transferee, holder, heldTarget);
  }

  /** Whoever talks with the party. */
  private static @Nullable Party other(Session session, Party party) {
    for (int i = 0; i < session.parties().size(); i++) {
      Party other = session.parties().get(i);
      if (other.state().isTalking() && !other.id().equals(party.id())) {
        return other;
      }
    }
    return null;
  }

  /** The same device in another call: by its identity, else by its address. */
  private static @Nullable Party end(Session session, Party party) {
    Party found = null;
    for (Party other : session.parties()) {
      if (other.id().equals(party.id())) {
        return other;
      }
      if (other.address().equals(party.address())) {
        found = other;
      }
    }
    return found;
  }

  Limits limits() {
    return situation.capabilities().limits();
  }

  private boolean toHeld() {
    return request.target() instanceof TransferTarget.Held;
  }

  /** How the transferor is in the call that is said to be held. */
  String heldState() {
    return (holder == null ? ConnectionState.UNKNOWN : holder.state()).text();
  }

  /** Every fact that holds, one bit each. */
  long facts() {
    return never() | wanted() | now() | limit();
  }

  private long never() {
    Capabilities can = situation.capabilities();
    boolean undeclared = can.completionUndeclared();
    return Fact.NO_BLIND.when(!can.permits(Operation.BLIND_TRANSFER))
        | Fact.NO_CONSULT.when(!can.permits(Operation.CONSULT))
        | Fact.NO_DIAL.when(!can.permits(Operation.DIAL))
        | Fact.NO_ONE_STEP.when(!can.permits(Operation.ONE_STEP_CONSULT))
        | Fact.NO_TRANSFER_MAKE.when(!can.has(Trait.TRANSFER_MAKE))
        | Fact.NO_MAKE_CALL.when(!can.permits(Operation.MAKE_CALL))
        | Fact.NO_HOLD.when(!can.permits(Operation.HOLD))
        | Fact.NO_EARLY_COMPLETION.when(!can.has(Trait.EARLY_COMPLETE))
        | Fact.NO_COMPLETION.when(!can.permits(Operation.COMPLETE))
        | Fact.NO_TRANSFER_HELD.when(!can.has(Trait.TRANSFER_HELD))
        | Fact.NO_ALTERNATE.when(!can.permits(Operation.ALTERNATE))
        | Fact.NO_TRANSFER_NORM.when(!can.has(Trait.TRANSFER_NORM) && !undeclared)
        | Fact.NO_TRANSFER_CONF.when(!can.has(Trait.TRANSFER_CONF) && !undeclared)
        | Fact.NO_CLEAR.when(!can.permits(Operation.CLEAR));
  }

  private long wanted() {
    long facts =
        Fact.CONFERENCE_FORBIDDEN.when(!preferences.conferenceMayStandIn())
            | Fact.CONFERENCE_WANTED.when(request.completeAs() == CompleteAs.CONFERENCE);
    if (!request.needs().isEmpty()) {
      facts |= needs();
    }
    return facts | (toHeld() ? Fact.NO_ADDRESS.bit() | held() : Fact.NO_HELD_CALL.bit());
  }

  private long needs() {
    boolean speak = request.needs().contains(Need.SPEAK);
    boolean cancel = request.needs().contains(Need.CANCEL);
    boolean unasked = request.complete().orElse(CompleteWhen.MANUAL) != CompleteWhen.MANUAL;
    boolean released =
        request.release().orElse(ReleaseWhen.ON_ANSWER) == ReleaseWhen.ON_ACCEPT
            || !situation.capabilities().has(Trait.RELEASE_ON_ANSWER);
    return Fact.SPEAK_FIRST.when(speak)
        | Fact.SPEAK_TOO_LATE.when(speak && unasked)
        | Fact.NO_WAY_BACK.when(cancel && released)
        | Fact.NO_WAY_BACK_EARLY.when(cancel);
  }

  private long held() {
    if (situation.held().isEmpty()) {
      return Fact.HELD_UNKNOWN.bit();
    }
    Session held = situation.held().get().session();
    return Fact.HELD_IS_THIS.when(held.id().equals(situation.session().id()))
        | Fact.HELD_ON_OTHER_PBX.when(!held.provider().equals(situation.session().provider()))
        | Fact.HELD_BY_OTHERS.when(holder == null)
        | Fact.HELD_IN_TRANSFER.when(situation.held().get().open().isPresent())
        | Fact.HELD_NOT_ON_HOLD.when(holder != null && holder.state() != ConnectionState.ON_HOLD)
        | Fact.HELD_HAS_NOBODY.when(heldTarget == null);
  }

  private long now() {
    return Fact.NOT_CONNECTED.when(transferor.state() != ConnectionState.CONNECTED)
        | Fact.NOBODY_ELSE.when(transferee == null);
  }

  private long limit() {
    int joined = situation.session().parties().size() + 1;
    if (situation.held().isPresent()) {
      joined += situation.held().get().session().parties().size() - 2;
    }
    return Fact.PENDING_FULL.when(situation.pending() >= limits().onHoldPending())
        | Fact.ON_HOLD_FULL.when(situation.onHold() >= limits().onHold())
        | Fact.CONFERENCE_FULL.when(joined > limits().conference());
  }
}
