package org.jackfield.core.transfer;

import java.time.Duration;
import java.util.Optional;
import org.jackfield.api.session.Address;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.RecallRung;
import org.jackfield.api.transfer.ReleaseWhen;
import org.jackfield.api.transfer.TransferOutcome;

/** What a state wants done. */
public sealed interface Effect {
  /** Something that is asked of the PBX: journalled as an intent before it is sent. */
  sealed interface Act extends Effect {
    /** The act as a noun, for a person. */
    default String words() {
      return switch (this) {
        case RedirectCall a -> "the redirection to " + a.target();
        case OpenConsultation a -> "the consultation";
        case HoldCall a -> "the hold";
        case PlaceCall a -> "the new call to " + a.target();
        case DialTarget a -> "the call to " + a.target();
        case AlternateCalls a -> "the change to the other call";
        case JoinCalls a -> "the completion as a " + a.as().text();
        case ReleaseTransferor a -> "the release of the transferor";
        case EndConsultation a -> "the end of the failed call";
        case RestoreCall a -> "the way back";
        case ClearTarget a -> "the end of the target's call";
        case RecallTransferee a -> "the recall";
        case ClearRest a -> "the end of what is left";
      };
    }
  }

  /** Send the call to the target in one phase. */
  record RedirectCall(Address target, ReleaseWhen release) implements Act {}

  /** Put the call on consultation hold and open a consultation; one-step dials at once. */
  record OpenConsultation(Optional<Address> oneStep) implements Act {}

  /** Put the call on hard hold. */
  record HoldCall() implements Act {}

  /** Call the target from the transferor's phone: a new call that serves as the consultation. */
  record PlaceCall(Address target) implements Act {}

  /** Clear a new call that failed, so that another can be placed. */
  record EndConsultation() implements Act {}

  /** Dial on the consultation call. */
  record DialTarget(Address target) implements Act {}

  /** Exchange the held and the active call. */
  record AlternateCalls() implements Act {}

  /** Join transferee and target. */
  record JoinCalls(CompleteAs as) implements Act {}

  /** Take the transferor out of the conference. */
  record ReleaseTransferor() implements Act {}

  /** Give the transferor its call back and clear what was started. */
  record RestoreCall() implements Act {}

  /** Clear the target, ringing or not. */
  record ClearTarget() implements Act {}

  /** Bring the waiting transferee to a rung of the recall ladder. */
  record RecallTransferee(RecallRung rung) implements Act {}

  /** Clear all that is left of both calls. */
  record ClearRest() implements Act {}

  /** Ask the PBX for its picture. */
  record AskSnapshot() implements Effect {}

  /** Feed DeadlinePassed with this token after that time; a newer one replaces it. */
  record Arm(int token, Duration after) implements Effect {}

  /** The outcome: made durable, then told, once. */
  record Finish(TransferOutcome outcome) implements Effect {}
}
