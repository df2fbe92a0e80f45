package org.jackfield.api.session;

/** The answer to a {@link SessionRequest}: taken on, or a typed no that changed nothing. */
public sealed interface OperationReply {
  /** The command is on its way; its end is told by {@link SessionService#operation}. */
  record Accepted(OperationStatus status) implements OperationReply {}

  record Refused(Refusal refusal) implements OperationReply {}
}
