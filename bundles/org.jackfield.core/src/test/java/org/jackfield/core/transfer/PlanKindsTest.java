package org.jackfield.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jackfield.api.session.ConnectionState.BUSY;
import static org.jackfield.api.session.ConnectionState.CONFERENCED;
import static org.jackfield.api.session.ConnectionState.CONNECTED;
import static org.jackfield.api.session.ConnectionState.DIALTONE;
import static org.jackfield.api.session.ConnectionState.OFFERING;
import static org.jackfield.api.session.ConnectionState.ON_HOLD;
import static org.jackfield.api.session.ConnectionState.ON_HOLD_PENDING_TRANSFER;
import static org.jackfield.api.session.ConnectionState.RINGBACK;
import static org.jackfield.core.transfer.Scene.ALICE;
import static org.jackfield.core.transfer.Scene.BOB;
import static org.jackfield.core.transfer.Scene.BOBS_OTHER_END;
import static org.jackfield.core.transfer.Scene.CAROL;
import static org.jackfield.core.transfer.Scene.DAVE;

import java.util.Optional;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Reason;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.TransferOutcome;
import org.jackfield.api.transfer.TransferPhase;
import org.jackfield.api.transfer.TransferVerb;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The plans beside blind and consultation, each as the log of a call. */
class PlanKindsTest {

  @Nested
  class HeldCall {
    private Scene switched(CompleteWhen complete) {
      return Scene.heldCall(complete)
          .atHome(BOB, ON_HOLD)
          .aliceHeld(true)
          .consulting(BOB, CONNECTED)
          .carolHeld(false);
    }

    @Test
    void isMadeActiveThenJoined() {
      Scene scene = switched(CompleteWhen.ON_ANSWER);
      assertThat(scene.wanted()).containsExactly("AlternateCalls", "JoinCalls");

      scene.joined();

      assertThat(scene.ending()).isEqualTo("completed, normal");
    }

    @Test
    void waitsForThePersonWhoMayAlternateAnyNumberOfTimes() {
      Scene scene = switched(CompleteWhen.MANUAL);
      assertThat(scene.state().phase()).isEqualTo(TransferPhase.CONSULTING);
      scene.input(new TransferInput.AlternateRequested());
      scene.consulting(BOB, ON_HOLD).carolHeld(true).atHome(BOB, CONNECTED).aliceHeld(false);
      assertThat(scene.ending()).as("he only alternated").isEqualTo("not ended");
      scene.wanted();

      scene.input(new TransferInput.CompleteRequested(CompleteAs.TRANSFER));
      assertThat(scene.wanted()).as("alternate back first").containsExactly("AlternateCalls");
      scene.atHome(BOB, ON_HOLD).aliceHeld(true).consulting(BOB, CONNECTED).carolHeld(false);
      assertThat(scene.wanted()).containsExactly("JoinCalls");
      scene.joined();

      assertThat(scene.ending()).isEqualTo("completed, normal");
    }

    @Test
    void goesBackOnHoldWhenCancelledAndIsNeverCleared() {
      Scene scene = switched(CompleteWhen.MANUAL);
      scene.wanted();

      scene.input(new TransferInput.CancelRequested());
      assertThat(scene.wanted()).containsExactly("RestoreCall");
      scene.consulting(BOB, ON_HOLD).carolHeld(true);
      assertThat(scene.ending()).isEqualTo("not ended");
      scene.atHome(BOB, CONNECTED).aliceHeld(false);

      assertThat(scene.ending()).isEqualTo("reverted, cancelled");
      assertThat(scene.heldCallStands()).isTrue();
    }

    @Test
    void undoesAnExchangeThatWasOnItsWayWhenItWasCancelled() {
      Scene scene = Scene.heldCall(CompleteWhen.MANUAL);
      scene.input(new TransferInput.CancelRequested()).wanted();
      scene.input(new TransferInput.StepAccepted(new Effect.RestoreCall()));
      assertThat(scene.wanted()).containsExactly("AskSnapshot");

      scene.atHome(BOB, ON_HOLD).aliceHeld(true).consulting(BOB, CONNECTED).carolHeld(false);

      assertThat(scene.wanted()).containsExactly("RestoreCall");
    }

    @Test
    void staysWithTheTransferorWhenTheTransfereeLeaves() {
      Scene scene = switched(CompleteWhen.MANUAL);
      scene.wanted();

      scene.leaves(ALICE, Cause.Code.NORMAL);

      assertThat(scene.ending()).isEqualTo("abandoned, normal");
      assertThat(scene.wanted()).as("nothing is cleared").containsExactly("Finish");
    }
  }

  @Nested
  class NewCall {
    private Scene busy() {
      return Scene.newCall(CompleteWhen.MANUAL)
          .atHome(BOB, ON_HOLD)
          .aliceHeld(true)
          .consulting(BOBS_OTHER_END, DIALTONE)
          .consulting(BOBS_OTHER_END, BUSY);
    }

    @Test
    void isPlacedWhenTheHoldStandsAndJoinedWhenItIsAnswered() {
      Scene scene = Scene.newCall();
      assertThat(scene.wanted()).containsExactly("HoldCall");
      scene.atHome(BOB, ON_HOLD).aliceHeld(true);
      assertThat(scene.wanted()).containsExactly("PlaceCall");
      scene.consulting(BOBS_OTHER_END, OFFERING).consulting(BOBS_OTHER_END, CONNECTED);
      assertThat(scene.wanted()).as("his own phone is not the target").isEmpty();
      scene.consulting(BOBS_OTHER_END, RINGBACK).consulting(CAROL, OFFERING);
      scene.consulting(CAROL, CONNECTED).consulting(BOBS_OTHER_END, CONNECTED);
      assertThat(scene.wanted()).containsExactly("JoinCalls");

      scene.joined();

      assertThat(scene.ending()).isEqualTo("completed, normal");
    }

    @Test
    void isClearedBeforeTheFirstOneIsTakenBack() {
      Scene scene =
          Scene.newCall(CompleteWhen.MANUAL)
              .atHome(BOB, ON_HOLD)
              .aliceHeld(true)
              .consulting(BOBS_OTHER_END, RINGBACK)
              .consulting(CAROL, OFFERING);
      scene.wanted();

      scene.input(new TransferInput.CancelRequested());
      assertThat(scene.wanted()).containsExactly("RestoreCall");
      scene.consultationOver(Cause.Code.CANCELLED);
      assertThat(scene.wanted()).as("then the hold").containsExactly("RestoreCall");
      scene.atHome(BOB, CONNECTED).aliceHeld(false);

      assertThat(scene.ending()).isEqualTo("reverted, cancelled");
    }

    @Test
    void isClearedWhenItShowsOnlyAfterTheCancel() {
      Scene scene = Scene.newCall(CompleteWhen.MANUAL).atHome(BOB, ON_HOLD).aliceHeld(true);
      scene.input(new TransferInput.CancelRequested()).wanted();

      scene.consulting(BOBS_OTHER_END, DIALTONE);

      assertThat(scene.wanted()).as("no orphan rings on").containsExactly("RestoreCall");
    }

    @Test
    void isNotFollowedByASecondRetrieveWhenItShowedOnlyAfterTheFirst() {
      Scene scene = Scene.newCall(CompleteWhen.MANUAL).atHome(BOB, ON_HOLD).aliceHeld(true);
      scene.input(new TransferInput.CancelRequested()).consulting(BOBS_OTHER_END, DIALTONE);
      scene.wanted();

      scene.consultationOver(Cause.Code.CANCELLED);
      assertThat(scene.wanted()).as("the first may still come").containsExactly("AskSnapshot");
      scene.input(new TransferInput.SnapshotTaken());
      assertThat(scene.wanted()).as("not at once").isEmpty();
      scene.time().input(new TransferInput.SnapshotTaken());

      assertThat(scene.wanted())
          .as("but when it has not come in time")
          .containsExactly("AskSnapshot", "RestoreCall");
    }

    @Test
    void isFollowedByTheRetrieveThatThePbxRefusedBefore() {
      Scene scene = Scene.newCall(CompleteWhen.MANUAL).atHome(BOB, ON_HOLD).aliceHeld(true);
      scene.input(new TransferInput.CancelRequested());
      scene.input(
          new TransferInput.StepRefused(
              new Effect.RestoreCall(),
              ProviderReply.Refused.of(Reason.NOT_PERMITTED_NOW, "the phone is busy")));
      scene.consulting(BOBS_OTHER_END, DIALTONE).wanted();

      scene.consultationOver(Cause.Code.CANCELLED);

      assertThat(scene.wanted()).containsExactly("RestoreCall");
    }

    @Test
    void isFollowedByAnotherWhenTheTargetIsBusy() {
      Scene scene = busy();
      assertThat(scene.wanted()).endsWith("EndConsultation");
      assertThat(scene.state().permitted(scene.view())).doesNotContain(TransferVerb.DIAL);
      scene.consultationOver(Cause.Code.BUSY);
      assertThat(scene.state().permitted(scene.view())).contains(TransferVerb.DIAL);

      scene.input(new TransferInput.DialRequested(new Address("104")));
      assertThat(scene.wanted()).containsExactly("PlaceCall");
      scene.consulting(BOBS_OTHER_END, RINGBACK).consulting(DAVE, OFFERING);
      scene.consulting(DAVE, CONNECTED).consulting(BOBS_OTHER_END, CONNECTED);

      assertThat(scene.state().permitted(scene.view())).contains(TransferVerb.COMPLETE);
    }

    @Test
    void waitsForAnotherDecisionWhenItsSuccessorCannotBePlaced() {
      Scene scene = busy().consultationOver(Cause.Code.BUSY);
      scene.input(new TransferInput.DialRequested(new Address("104"))).wanted();

      scene.input(
          new TransferInput.StepRefused(
              new Effect.PlaceCall(new Address("104")),
              ProviderReply.Refused.of(Reason.INVALID_ADDRESS, "no such number")));

      assertThat(scene.state().permitted(scene.view())).contains(TransferVerb.DIAL);
    }
  }

  @Nested
  class EarlyCompletion {
    private Scene ringing() {
      return Scene.early()
          .atHome(BOB, ON_HOLD_PENDING_TRANSFER)
          .aliceHeld(true)
          .consulting(BOB, DIALTONE)
          .consulting(CAROL, OFFERING)
          .consulting(BOB, RINGBACK);
    }

    @Test
    void isJudgedWhenTheTargetAnswers() {
      Scene scene = ringing();
      assertThat(scene.wanted()).containsExactly("OpenConsultation", "DialTarget", "JoinCalls");
      scene.joined();
      assertThat(scene.ending()).as("joined is not answered").isEqualTo("not ended");

      scene.atHome(CAROL, CONNECTED);

      assertThat(scene.ending()).isEqualTo("completed, normal");
    }

    @Test
    void runsDownTheLadderWhenTheTargetFailsAfterIt() {
      Scene scene = ringing().joined();
      scene.wanted();

      scene.leaves(CAROL, Cause.Code.NO_ANSWER);
      assertThat(scene.wanted()).containsExactly("RecallTransferee");
      scene.atHome(DAVE, OFFERING).atHome(DAVE, CONNECTED).aliceHeld(false);

      assertThat(scene.ending()).isEqualTo("recalled, noAnswer");
    }
  }

  @Nested
  class ConferenceAndDrop {
    private Scene answered() {
      return Scene.conferenceAndDrop()
          .atHome(BOB, ON_HOLD_PENDING_TRANSFER)
          .aliceHeld(true)
          .consulting(BOB, DIALTONE)
          .consulting(CAROL, CONNECTED)
          .consulting(BOB, CONNECTED);
    }

    @Test
    void isCompletedAsATransferWhenTheTransferorIsOut() {
      Scene scene = answered();
      assertThat(scene.lastAct()).isEqualTo(new Effect.JoinCalls(CompleteAs.CONFERENCE));
      scene.wanted();
      scene.merged().atHome(BOB, CONFERENCED).aliceHeld(false);
      assertThat(scene.wanted()).containsExactly("ReleaseTransferor");

      scene.leaves(BOB, Cause.Code.NORMAL);

      assertThat(scene.outcome())
          .containsInstanceOf(TransferOutcome.Completed.class)
          .hasValueSatisfying(
              o -> assertThat(((TransferOutcome.Completed) o).as()).isEqualTo(CompleteAs.TRANSFER));
    }
  }

  @Nested
  class CompletionUndeclared {
    private Scene refused(boolean conferenceMayStandIn) {
      Scene scene =
          Scene.undeclared(conferenceMayStandIn)
              .atHome(BOB, ON_HOLD_PENDING_TRANSFER)
              .aliceHeld(true)
              .consulting(BOB, DIALTONE)
              .consulting(CAROL, CONNECTED)
              .consulting(BOB, CONNECTED);
      scene.input(new TransferInput.CompleteRequested(CompleteAs.TRANSFER)).wanted();
      return scene.input(
          new TransferInput.StepRefused(
              new Effect.JoinCalls(CompleteAs.TRANSFER),
              ProviderReply.Refused.of(Reason.NOT_SUPPORTED, "not as a transfer")));
    }

    @Test
    void fallsBackToAConferenceWhereThePlanAllowsIt() {
      Scene scene = refused(true);

      assertThat(scene.lastAct()).isEqualTo(new Effect.JoinCalls(CompleteAs.CONFERENCE));
      scene.wanted();
      scene.merged().atHome(BOB, CONFERENCED).aliceHeld(false);
      assertThat(scene.wanted()).containsExactly("ReleaseTransferor");
    }

    @Test
    void leavesBothCallsAsTheyWereWhereItDoesNot() {
      Scene scene = refused(false);

      assertThat(scene.state().phase()).isEqualTo(TransferPhase.CONSULTING);
      assertThat(scene.wanted()).isEmpty();
      assertThat(scene.outcome()).isEqualTo(Optional.empty());
    }
  }
}
