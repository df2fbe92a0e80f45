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

/** Looks at a request and at what is known: which facts hold, one bit each. Makes no garbage. */
final class Facts {
  private Facts() {}

  /** Every fact that holds. */
  static long of(
      TransferRequest request, Situation situation, Preferences preferences, Party transferor) {
    return never(situation.capabilities())
        | wanted(request, situation, preferences)
        | target(request, situation, transferor)
        | now(situation, transferor)
        | limit(situation);
  }

  private static long never(Capabilities can) {
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

  private static long wanted(
      TransferRequest request, Situation situation, Preferences preferences) {
    long facts =
        Fact.CONFERENCE_FORBIDDEN.when(!preferences.conferenceMayStandIn())
            | Fact.CONFERENCE_WANTED.when(request.completeAs() == CompleteAs.CONFERENCE);
    return request.needs().isEmpty() ? facts : facts | needs(request, situation);
  }

  private static long needs(TransferRequest request, Situation situation) {
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

  private static long target(TransferRequest request, Situation situation, Party transferor) {
    if (request.target() instanceof TransferTarget.To) {
      return Fact.NO_HELD_CALL.bit();
    }
    return Fact.NO_ADDRESS.bit()
        | (situation.held().isEmpty()
            ? Fact.HELD_UNKNOWN.bit()
            : held(situation.held().get(), situation.session(), transferor));
  }

  private static long held(Situation.Held call, Session session, Party transferor) {
    Session held = call.session();
    Party holder = Ends.same(held, transferor);
    return Fact.HELD_IS_THIS.when(held.id().equals(session.id()))
        | Fact.HELD_ON_OTHER_PBX.when(!held.provider().equals(session.provider()))
        | Fact.HELD_BY_OTHERS.when(holder == null)
        | Fact.HELD_IN_TRANSFER.when(call.open().isPresent())
        | Fact.HELD_NOT_ON_HOLD.when(holder != null && holder.state() != ConnectionState.ON_HOLD)
        | Fact.HELD_HAS_NOBODY.when(holder == null || Ends.other(held, holder) == null);
  }

  private static long now(Situation situation, Party transferor) {
    return Fact.NOT_CONNECTED.when(transferor.state() != ConnectionState.CONNECTED)
        | Fact.NOBODY_ELSE.when(Ends.other(situation.session(), transferor) == null);
  }

  private static long limit(Situation situation) {
    Limits limits = situation.capabilities().limits();
    int joined = situation.session().parties().size() + 1;
    if (situation.held().isPresent()) {
      joined += situation.held().get().session().parties().size() - 2;
    }
    return Fact.PENDING_FULL.when(situation.pending() >= limits.onHoldPending())
        | Fact.ON_HOLD_FULL.when(situation.onHold() >= limits.onHold())
        | Fact.CONFERENCE_FULL.when(joined > limits.conference());
  }
}
