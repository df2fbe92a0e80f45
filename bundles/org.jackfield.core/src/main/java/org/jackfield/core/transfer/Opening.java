package org.jackfield.core.transfer;

import org.jackfield.api.capability.Operation;
import org.jackfield.api.transfer.TransferPlan;

/** How a plan begins: which call the target is reached in, and who dials it. */
public enum Opening {
  /** The PBX sends the call on in one phase. */
  REDIRECT,
  /** Consultation hold and a consultation call to dial on. */
  CONSULT,
  /** Consultation hold and a consultation call that dials by itself. */
  ONE_STEP,
  /** The transferor's other call, which it holds, becomes the active one. */
  HELD_CALL,
  /** Hard hold, and a new call from the transferor's phone. */
  NEW_CALL;

  /**
   * The opening of a plan. An early completion, and a conference that the transferor drops out of,
   * begin as one of the others; the plan's steps say which.
   */
  public static Opening of(TransferPlan plan) {
    return switch (plan.kind()) {
      case BLIND -> REDIRECT;
      case CONSULTATION -> CONSULT;
      case ONE_STEP -> ONE_STEP;
      case HELD_CALL -> HELD_CALL;
      case NEW_CALL -> NEW_CALL;
      case EARLY_COMPLETION, CONFERENCE_AND_DROP -> bySteps(plan);
    };
  }

  private static Opening bySteps(TransferPlan plan) {
    if (has(plan, Operation.MAKE_CALL)) {
      return NEW_CALL;
    }
    if (has(plan, Operation.ONE_STEP_CONSULT)) {
      return ONE_STEP;
    }
    return has(plan, Operation.ALTERNATE) && !has(plan, Operation.CONSULT) ? HELD_CALL : CONSULT;
  }

  static boolean has(TransferPlan plan, Operation operation) {
    return plan.steps().stream().anyMatch(step -> step.operation() == operation);
  }

  /** Whether the call to the target is dialled by the step that opens it. */
  boolean dialsByItself() {
    return this == ONE_STEP || this == NEW_CALL;
  }
}
