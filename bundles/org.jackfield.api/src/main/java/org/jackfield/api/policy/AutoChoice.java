package org.jackfield.api.policy;

import org.jackfield.api.transfer.TransferPlan;

/** What may be taken where the request leaves the choice to the server. */
public enum AutoChoice {
  /** Blind, where the PBX keeps the transferor until the target answers. */
  BLIND_IF_RECOVERABLE("blindIfRecoverable", TransferPlan.Kind.BLIND),
  /** Blind, also where it cannot be undone. */
  BLIND("blind", TransferPlan.Kind.BLIND),
  CONSULTATION("consultation", TransferPlan.Kind.CONSULTATION),
  ONE_STEP("oneStep", TransferPlan.Kind.ONE_STEP),
  NEW_CALL("newCall", TransferPlan.Kind.NEW_CALL),
  EARLY_COMPLETION("earlyCompletion", TransferPlan.Kind.EARLY_COMPLETION),
  CONFERENCE_AND_DROP("conferenceAndDrop", TransferPlan.Kind.CONFERENCE_AND_DROP);

  private final String text;
  private final TransferPlan.Kind kind;

  AutoChoice(String text, TransferPlan.Kind kind) {
    this.text = text;
    this.kind = kind;
  }

  /** The name used in the policy's file and in JSON. */
  public String text() {
    return text;
  }

  /** The plan that it takes. */
  public TransferPlan.Kind kind() {
    return kind;
  }
}
