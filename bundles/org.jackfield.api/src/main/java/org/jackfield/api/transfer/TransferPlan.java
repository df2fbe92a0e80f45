package org.jackfield.api.transfer;

import java.util.List;
import org.jackfield.api.capability.Operation;

/**
 * What will be done and why: the arbiter's whole answer.
 *
 * @param kind which of the plans
 * @param mode the mode it amounts to
 * @param steps what will be asked of the PBX, in order
 * @param reasons why this plan, by fact and by rule
 * @param rejected the other plans, each with the first fact that ruled it out
 * @param loss what is lost against the ideal
 * @param identities who hears what and who sees whom, phase by phase
 * @param irreversibleAfter the number of the step, from 1, after which it cannot be undone
 * @param complete when a consultation is completed
 * @param release when a blind transfer lets the transferor go
 * @param completeAs what completion makes
 * @param timeouts the deadlines
 * @param recall the ladder for a transferee who cannot be delivered, first rung first
 */
public record TransferPlan(
    Kind kind,
    TransferMode mode,
    List<PlanStep> steps,
    List<PlanReason> reasons,
    List<Rejected> rejected,
    List<String> loss,
    List<String> identities,
    int irreversibleAfter,
    CompleteWhen complete,
    ReleaseWhen release,
    CompleteAs completeAs,
    Timeouts timeouts,
    List<RecallRung> recall) {

  public TransferPlan {
    steps = List.copyOf(steps);
    reasons = List.copyOf(reasons);
    rejected = List.copyOf(rejected);
    loss = List.copyOf(loss);
    identities = List.copyOf(identities);
    recall = List.copyOf(recall);
  }

  /**
   * By which way the target is called: of a plan that is made over a consultation (early
   * completion, conference and drop) that consultation, else the plan's own kind. Where the second
   * call stood already when it was planned, the plan's own kind too.
   */
  public Kind over() {
    return switch (steps.isEmpty() ? Operation.COMPLETE : steps.getFirst().operation()) {
      case CONSULT -> Kind.CONSULTATION;
      case ONE_STEP_CONSULT -> Kind.ONE_STEP;
      case HOLD -> Kind.NEW_CALL;
      default -> kind;
    };
  }

  /** The plans, in the order in which they are judged; to refuse is the eighth. */
  public enum Kind {
    /** Blind transfer: one phase. */
    BLIND("blind"),
    /** Consult, dial, complete. */
    CONSULTATION("consultation"),
    /** One-step consult, which dials by itself, complete. */
    ONE_STEP("oneStep"),
    /** A call that the transferor already holds is the target: alternate, complete. */
    HELD_CALL("heldCall"),
    /** Hold, make a new call, complete. */
    NEW_CALL("newCall"),
    /**
     * One of the consultations, see {@link TransferPlan#over}, completed when the target rings: a
     * blind transfer, emulated.
     */
    EARLY_COMPLETION("earlyCompletion"),
    /**
     * One of the consultations, see {@link TransferPlan#over}, completed as a conference; then the
     * transferor is cleared from it.
     */
    CONFERENCE_AND_DROP("conferenceAndDrop");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** The name used in JSON. */
    public String text() {
      return text;
    }
  }

  /**
   * One step.
   *
   * @param operation what is asked of the PBX
   * @param text the step in words
   */
  public record PlanStep(Operation operation, String text) {}

  /**
   * One reason.
   *
   * @param source {@code fact} or {@code rule}
   * @param text the fact or the rule
   * @param effect what follows from it
   */
  public record PlanReason(String source, String text, String effect) {}

  /**
   * A plan that is not taken.
   *
   * @param kind which
   * @param reason the first fact that ruled it out
   * @param tapiError TAPI's error for it, without {@code LINEERR_}; empty where it was legal but
   *     not preferred
   */
  public record Rejected(Kind kind, String reason, String tapiError) {}
}
