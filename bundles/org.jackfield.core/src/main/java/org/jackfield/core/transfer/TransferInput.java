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

  /** Somebody is in the home call whom neither the transfer nor its target's call has brought. */
  record Overtaken() implements Fact {}

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

  /** The name of the kind of input, for tables. */
  default String kind() {
    return getClass().getSimpleName();
  }

  /** Where it comes from, as a timeline says it. */
  default String source() {
    return switch (this) {
      case Request r -> "request";
      case Fate f -> "reply";
      case DeadlinePassed d -> "deadline";
      case Fact f -> "fact";
      case ProviderLost l -> "fact";
      case SnapshotTaken s -> "fact";
    };
  }

  /** It in words, for a person. */
  default String words() {
    return switch (this) {
      case DialRequested r -> "dial " + r.to();
      case AlternateRequested r -> "alternate";
      case CompleteRequested r -> "complete as a " + r.as().text();
      case CancelRequested r -> "cancel";
      case TransferorHeld f -> "the transferor holds the call";
      case TransferorRetrieved f -> "the transferor talks in its call";
      case ConsultationOpened f -> "the transferor's other call stands";
      case ConsultationOver f -> "the transferor's other call is over" + because(f.cause());
      case TargetAlerting f -> "the target rings";
      case TargetBusy f -> "the target is busy";
      case TargetAnswered f -> "the target has answered";
      case TargetFailed f -> "the target cannot be had" + because(f.cause());
      case TargetLeft f -> "the target has left" + because(f.cause());
      case TransferorLeft f -> "the transferor has left" + because(f.cause());
      case TransfereeLeft f -> "the transferee has left" + because(f.cause());
      case Joined f -> "transferee and target are in one call";
      case Conferenced f -> "all three are in one call";
      case Overtaken f -> "somebody else has moved the call";
      case StepAccepted f -> f.act().words() + " was accepted";
      case StepRefused f -> f.act().words() + " was refused" + because(f.reply().cause());
      case StepFailed f -> f.act().words() + " has failed" + because(f.cause());
      case DeadlinePassed d -> "the time is over";
      case ProviderLost l -> "the PBX cannot be reached" + because(l.cause());
      case SnapshotTaken s -> "the PBX has told how things are";
    };
  }

  private static String because(Cause cause) {
    return cause.code() == Cause.Code.UNKNOWN && cause.driver().isEmpty()
        ? ""
        : " (" + cause.code().text() + ")";
  }
}
