package org.jackfield.core.runner;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.transfer.TransferPlan;
import org.jackfield.api.transfer.TransferPlan.PlanReason;
import org.jackfield.api.transfer.TransferRequest;

/** What a plan is made from when the PBX has refused the first step of another. Pure. */
final class Replanning {
  private Replanning() {}

  /** What the PBX may do, as if it did not have what it has just refused. */
  static Capabilities without(Capabilities may, Set<TransferPlan.Kind> refused) {
    Set<Operation> operations = EnumSet.noneOf(Operation.class);
    operations.addAll(may.operationSet());
    Set<Trait> traits = EnumSet.noneOf(Trait.class);
    traits.addAll(may.traitSet());
    for (TransferPlan.Kind kind : refused) {
      switch (kind) {
        case BLIND -> operations.remove(Operation.BLIND_TRANSFER);
        case CONSULTATION -> operations.remove(Operation.CONSULT);
        case ONE_STEP -> operations.remove(Operation.ONE_STEP_CONSULT);
        case HELD_CALL -> traits.remove(Trait.TRANSFER_HELD);
        case NEW_CALL -> traits.remove(Trait.TRANSFER_MAKE);
        case EARLY_COMPLETION -> traits.remove(Trait.EARLY_COMPLETE);
        case CONFERENCE_AND_DROP -> traits.remove(Trait.TRANSFER_CONF);
      }
    }
    return Capabilities.of(operations, traits).withLimits(may.limits());
  }

  /** The request again: the transferor is known, and the revision was judged when it came. */
  static TransferRequest again(TransferRequest request, ConnectionId transferor) {
    return new TransferRequest(
        request.requester(),
        request.session(),
        Optional.of(transferor),
        request.target(),
        request.mode(),
        request.complete(),
        request.release(),
        request.completeAs(),
        request.needs(),
        request.timeouts(),
        request.recall(),
        OptionalLong.empty(),
        request.reason());
  }

  /** The plan with the fact that has changed. */
  static TransferPlan after(String fact, TransferPlan was, TransferPlan plan) {
    List<PlanReason> reasons = new ArrayList<>(plan.reasons());
    reasons.addFirst(
        new PlanReason(
            "fact",
            fact,
            was.kind().text() + " was begun; " + plan.kind().text() + " takes its place"));
    return new TransferPlan(
        plan.kind(),
        plan.mode(),
        plan.steps(),
        reasons,
        plan.rejected(),
        plan.loss(),
        plan.identities(),
        plan.irreversibleAfter(),
        plan.complete(),
        plan.release(),
        plan.completeAs(),
        plan.timeouts(),
        plan.recall());
  }
}
