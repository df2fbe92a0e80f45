package org.jackfield.core.transfer;

import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.transfer.CompleteAs;

/** Everything that can reach a transfer. Every state takes every input. */
public sealed interface TransferInput {
  /** What a person asks. */
  sealed interface Request extends TransferInput {}

  record DialRequested(Address to) implements Request {}

  record AlternateRequested() implements Request {}

  record CompleteRequested(CompleteAs as) implements Request {}

  record CancelRequested() implements Request {}

  /** What the PBX shows. */
  sealed interface Fact extends TransferInput {}

  /** The transferor holds the home call. */
  record TransferorHeld() implements Fact {}

  /** The transferor talks in the home call. */
  record TransferorRetrieved() implements Fact {}

  /** There is a consultation call with the transferor in it. */
  record ConsultationOpened() implements Fact {}

  /** The consultation call is over. */
  record ConsultationOver(Cause cause) implements Fact {}

  record TargetAlerting() implements Fact {}

  record TargetBusy() implements Fact {}

  record TargetAnswered() implements Fact {}

  /** The target is gone and never answered. */
  record TargetFailed(Cause cause) implements Fact {}

  /** The target had answered and is gone. */
  record TargetLeft(Cause cause) implements Fact {}

  /** The transferor is in neither call. */
  record TransferorLeft(Cause cause) implements Fact {}

  /** Nobody of those who were to stay is there. */
  record TransfereeLeft(Cause cause) implements Fact {}

  /** Transferee and target are in one call without the transferor; the target may still ring. */
  record Joined() implements Fact {}

  /** All three talk in one call. */
  record Conferenced() implements Fact {}

  /** What became of an effect at the seam; never an outcome. */
  sealed interface Fate extends TransferInput {
    Effect.Act act();
  }

  record StepAccepted(Effect.Act act) implements Fate {}

  record StepRefused(Effect.Act act, ProviderReply.Refused reply) implements Fate {}

  record StepFailed(Effect.Act act, Cause cause) implements Fate {}

  /** A deadline that was armed has passed. */
  record DeadlinePassed(int token) implements TransferInput {}

  /** The driver or its link is gone. */
  record ProviderLost(Cause cause) implements TransferInput {}

  /** The PBX's whole picture has been taken in; what it changed came before, as facts. */
  record SnapshotTaken() implements TransferInput {}

  /** The name of the kind of input, for tables and timelines. */
  default String kind() {
    return getClass().getSimpleName();
  }
}
