package org.jackfield.api.transfer;

/** The answer to a dry run. */
public sealed interface PlanReply {
  /** What would be done. */
  record Planned(TransferPlan plan) implements PlanReply {}

  /** It would be refused, and so. */
  record Refused(TransferReply.Refused refused) implements PlanReply {}
}
