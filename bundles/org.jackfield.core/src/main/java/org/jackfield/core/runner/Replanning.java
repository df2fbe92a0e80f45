package org.jackfield.core.runner;

import java.util.ArrayList;
import java.util.List;
import org.jackfield.api.transfer.TransferPlan;
import org.jackfield.api.transfer.TransferPlan.PlanReason;

/** What a plan is made from when the PBX has refused the first step of another. Pure. */
final class Replanning {
  private Replanning() {}

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
