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
import static org.jackfield.core.transfer.Scene.CAROL;

import java.util.Map;
import java.util.Optional;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.Reason;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.RecallRung;
import org.jackfield.api.transfer.ReleaseWhen;
import org.jackfield.api.transfer.TransferOutcome;
import org.jackfield.api.transfer.TransferPhase;
import org.jackfield.api.transfer.TransferVerb;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Transfers, told as the log of a call; expected results from the semantics of transfers. */
class TransferMachineTest {
  private static final ConnectionId DAVE = new ConnectionId("dave");

  @Nested
  class Blind {
    private final Scene scene = Scene.blind(ReleaseWhen.ON_ANSWER, new RecallRung.ToTransferor());

    private Scene ringing() {
      return scene.atHome(BOB, ON_HOLD_PENDING_TRANSFER).aliceHeld(true).atHome(CAROL, OFFERING);
    }

    @Test
    void isDeliveredWhenTheTargetAnswersAndTheTransferorIsOut() {
      ringing();
      assertThat(scene.state().phase()).isEqualTo(TransferPhase.REDIRECTING);

      scene.atHome(CAROL, CONNECTED).aliceHeld(false);
      assertThat(scene.state().phase()).isEqualTo(TransferPhase.COMPLETING);
      scene.leaves(BOB, Cause.Code.NORMAL);

      assertThat(scene.ending()).isEqualTo("completed, normal");
      assertThat(scene.wanted()).containsExactly("RedirectCall", "Finish");
    }

    @Test
    void doesNotMindTheOrderOfTheFacts() {
      ringing().leaves(BOB, Cause.Code.NORMAL).atHome(CAROL, CONNECTED);
      assertThat(scene.ending()).isEqualTo("not ended");

      scene.aliceHeld(false);

      assertThat(scene.ending()).isEqualTo("completed, normal");
    }

    @Test
    void goesBackByItselfWhenTheTargetIsBusy() {
      ringing().leaves(CAROL, Cause.Code.BUSY);
      assertThat(scene.state().phase()).isEqualTo(TransferPhase.REVERTING);

      scene.atHome(BOB, CONNECTED).aliceHeld(false);

      assertThat(scene.ending()).isEqualTo("reverted, busy");
      assertThat(scene.wanted()).as("no second retrieve").containsExactly("RedirectCall", "Finish");
    }

    @Test
    void isRetrievedWhenTheTargetRingsForEver() {
      ringing().wanted();

      scene.time();
      assertThat(scene.wanted()).as("the PBX is asked first").containsExactly("AskSnapshot");
      scene.input(new TransferInput.SnapshotTaken());
      assertThat(scene.wanted()).containsExactly("RestoreCall");
      scene.leaves(CAROL, Cause.Code.CANCELLED).atHome(BOB, CONNECTED).aliceHeld(false);

      assertThat(scene.ending()).isEqualTo("reverted, noAnswer");
    }

    @Test
    void recallsTheTransferorWhoHungUpBeforeTheTargetFailed() {
      ringing().leaves(BOB, Cause.Code.NORMAL);
      assertThat(scene.ending())
          .as("after acceptance his hang-up is normal")
          .isEqualTo("not ended");
      scene.wanted();

      scene.leaves(CAROL, Cause.Code.REJECT);
      assertThat(scene.wanted()).containsExactly("RecallTransferee");
      scene.atHome(DAVE, OFFERING).atHome(DAVE, CONNECTED).aliceHeld(false);

      assertThat(scene.ending()).isEqualTo("recalled, reject");
      assertThat(scene.outcome()).containsInstanceOf(TransferOutcome.Recalled.class);
    }

    @Test
    void isUndoneByCancelOnlyWhenThePbxHasShownIt() {
      scene.wanted();

      scene.input(new TransferInput.CancelRequested());
      assertThat(scene.wanted()).containsExactly("RestoreCall");
      assertThat(scene.ending())
          .as("it looks as before, because nothing has happened yet")
          .isEqualTo("not ended");
      scene.input(new TransferInput.StepAccepted(new Effect.RestoreCall()));
      assertThat(scene.wanted()).containsExactly("AskSnapshot");
      scene.input(new TransferInput.SnapshotTaken());

      assertThat(scene.ending()).isEqualTo("reverted, cancelled");
    }

    @Test
    void isNothingWhenThePbxRefusesIt() {
      scene.input(
          new TransferInput.StepRefused(
              new Effect.RedirectCall(new Address("999"), ReleaseWhen.ON_ANSWER),
              ProviderReply.Refused.of(Reason.INVALID_ADDRESS, "no such extension")));

      assertThat(scene.ending()).isEqualTo("reverted, badAddress");
    }

    @Test
    void isAbandonedWhenTheTransfereeHangsUp() {
      ringing().wanted();

      scene.leaves(ALICE, Cause.Code.NORMAL);
      assertThat(scene.wanted()).containsExactly("ClearRest");
      scene.input(new TransferInput.StepAccepted(new Effect.ClearRest()));
      assertThat(scene.ending()).as("carol still rings").isEqualTo("not ended");
      scene.leaves(BOB, Cause.Code.NORMAL).leaves(CAROL, Cause.Code.CANCELLED);

      assertThat(scene.ending()).isEqualTo("abandoned, normal");
    }

    @Test
    void asksThePbxWhenTheTransfereeHangsUpBeforeAnythingWasSeen() {
      scene.leaves(ALICE, Cause.Code.NORMAL).wanted();

      scene.input(new TransferInput.StepAccepted(new Effect.ClearRest()));
      assertThat(scene.wanted()).containsExactly("AskSnapshot");
      scene.snapshot(Map.of());

      assertThat(scene.ending()).isEqualTo("abandoned, normal");
    }
  }

  @Nested
  class BlindReleasedAtOnce {
    @Test
    void goesDownTheLadderRungByRungAndLeavesNobodyInSilence() {
      Scene scene =
          Scene.blind(
              ReleaseWhen.ON_ACCEPT,
              new RecallRung.ToTransferor(),
              new RecallRung.ToAddress(new Address("104")));
      scene.leaves(BOB, Cause.Code.NORMAL).aliceHeld(true).atHome(CAROL, OFFERING).wanted();

      scene.leaves(CAROL, Cause.Code.BUSY);
      assertThat(scene.wanted()).containsExactly("RecallTransferee");
      scene.atHome(new ConnectionId("bob-again"), OFFERING);
      scene.leaves(new ConnectionId("bob-again"), Cause.Code.NO_ANSWER);
      assertThat(scene.wanted()).containsExactly("RecallTransferee");
      scene.input(
          new TransferInput.StepRefused(
              new Effect.RecallTransferee(new RecallRung.ToAddress(new Address("104"))),
              ProviderReply.Refused.of(Reason.INVALID_ADDRESS, "104 is gone")));
      assertThat(scene.wanted()).containsExactly("ClearRest");
      scene.leaves(ALICE, Cause.Code.NORMAL);
      scene.input(new TransferInput.StepAccepted(new Effect.ClearRest()));
      scene.input(new TransferInput.SnapshotTaken());

      assertThat(scene.ending()).isEqualTo("failed, busy");
    }

    @Test
    void theOldTargetsEndIsNoFailureOfTheRungForWhichItWasCleared() {
      // given: bob cannot be given his call back, as carol's call is not cleared
      Scene scene = Scene.newCall(CompleteWhen.MANUAL).atHome(BOB, ON_HOLD).aliceHeld(true);
      scene.consulting(BOB, DIALTONE).consulting(CAROL, CONNECTED).consulting(BOB, CONNECTED);
      scene.input(new TransferInput.CancelRequested());
      scene.time().input(new TransferInput.SnapshotTaken()).wanted();
      scene.time().input(new TransferInput.SnapshotTaken());
      assertThat(scene.wanted()).endsWith("ClearTarget", "RecallTransferee");

      // when
      scene.consultationOver(Cause.Code.CANCELLED);

      // then
      assertThat(scene.wanted()).as("still the first rung: bob himself").isEmpty();
      scene.atHome(BOB, CONNECTED).aliceHeld(false);
      assertThat(scene.ending()).isEqualTo("reverted, cancelled");
    }

    @Test
    void triesTheNextRungWhenOneRingsForEver() {
      Scene scene =
          Scene.blind(
              ReleaseWhen.ON_ACCEPT,
              new RecallRung.ToTransferor(),
              new RecallRung.ToAddress(new Address("104")));
      scene.leaves(BOB, Cause.Code.NORMAL).aliceHeld(true).atHome(CAROL, OFFERING);
      scene.leaves(CAROL, Cause.Code.BUSY).atHome(new ConnectionId("bob-again"), OFFERING);
      scene.wanted();

      scene.time().input(new TransferInput.SnapshotTaken());

      assertThat(scene.wanted()).containsExactly("AskSnapshot", "ClearTarget", "RecallTransferee");
      scene.leaves(new ConnectionId("bob-again"), Cause.Code.CANCELLED);
      scene.atHome(DAVE, OFFERING).atHome(DAVE, CONNECTED).aliceHeld(false);
      assertThat(scene.ending()).isEqualTo("recalled, busy");
    }
  }

  @Nested
  class Consultation {
    private Scene held(CompleteWhen complete, Trait... traits) {
      return Scene.consultation(complete, traits)
          .atHome(BOB, ON_HOLD_PENDING_TRANSFER)
          .aliceHeld(true)
          .consulting(BOB, DIALTONE);
    }

    private Scene answered(CompleteWhen complete, Trait... traits) {
      return held(complete, traits)
          .consulting(CAROL, OFFERING)
          .consulting(BOB, RINGBACK)
          .consulting(CAROL, CONNECTED)
          .consulting(BOB, CONNECTED);
    }

    @Test
    void isCompletedByThePerson() {
      Scene scene = held(CompleteWhen.MANUAL);
      assertThat(scene.wanted()).containsExactly("OpenConsultation", "DialTarget");
      scene.consulting(CAROL, OFFERING).consulting(CAROL, CONNECTED).consulting(BOB, CONNECTED);
      assertThat(scene.state().permitted(scene.view()))
          .contains(TransferVerb.COMPLETE, TransferVerb.ALTERNATE, TransferVerb.CANCEL);
      assertThat(scene.wanted()).isEmpty();

      scene.input(new TransferInput.CompleteRequested(CompleteAs.TRANSFER));
      assertThat(scene.wanted()).containsExactly("JoinCalls");
      assertThat(scene.state().phase()).isEqualTo(TransferPhase.COMPLETING);
      scene.joined();

      assertThat(scene.ending()).isEqualTo("completed, normal");
    }

    @Test
    void completesByItselfWhenAsked() {
      Scene scene = answered(CompleteWhen.ON_ANSWER);
      assertThat(scene.wanted()).containsExactly("OpenConsultation", "DialTarget", "JoinCalls");

      scene.joined();

      assertThat(scene.ending()).isEqualTo("completed, normal");
    }

    @Test
    void alternatesBackBeforeItCompletes() {
      Scene scene = answered(CompleteWhen.MANUAL);
      scene.input(new TransferInput.AlternateRequested());
      scene.consulting(BOB, ON_HOLD_PENDING_TRANSFER).atHome(BOB, CONNECTED).aliceHeld(false);
      scene.wanted();

      scene.input(new TransferInput.CompleteRequested(CompleteAs.TRANSFER));
      assertThat(scene.wanted()).as("alternate back first").containsExactly("AlternateCalls");
      scene.atHome(BOB, ON_HOLD_PENDING_TRANSFER).aliceHeld(true).consulting(BOB, CONNECTED);
      assertThat(scene.wanted()).containsExactly("JoinCalls");
      scene.joined();

      assertThat(scene.ending()).isEqualTo("completed, normal");
    }

    @Test
    void goesBackWhenCancelled() {
      Scene scene = answered(CompleteWhen.MANUAL);
      scene.wanted();

      scene.input(new TransferInput.CancelRequested());
      assertThat(scene.wanted()).containsExactly("RestoreCall");
      scene.consultationOver(Cause.Code.NORMAL).atHome(BOB, CONNECTED).aliceHeld(false);

      assertThat(scene.ending()).isEqualTo("reverted, cancelled");
    }

    @Test
    void keepsTheCallOnHoldWhenTheTargetIsBusyAndDialsAnother() {
      Scene scene = held(CompleteWhen.MANUAL).consulting(BOB, BUSY);
      assertThat(scene.state().permitted(scene.view()))
          .containsExactlyInAnyOrder(TransferVerb.DIAL, TransferVerb.CANCEL);
      scene.wanted();

      scene.input(new TransferInput.DialRequested(new Address("104")));
      assertThat(scene.wanted()).containsExactly("DialTarget");
      scene.consulting(BOB, RINGBACK).consulting(DAVE, CONNECTED).consulting(BOB, CONNECTED);

      assertThat(scene.state().permitted(scene.view())).contains(TransferVerb.COMPLETE);
    }

    @Test
    void opensAnotherConsultationWhenTheFirstIsOver() {
      Scene scene = held(CompleteWhen.MANUAL).consultationOver(Cause.Code.BAD_ADDRESS);
      scene.wanted();

      scene.input(new TransferInput.DialRequested(new Address("104")));
      assertThat(scene.wanted()).containsExactly("OpenConsultation");
      scene.consulting(BOB, DIALTONE);

      assertThat(scene.wanted()).containsExactly("DialTarget");
    }

    @Test
    void goesBackByItselfWhenNobodyDecidesAfterAFailure() {
      Scene scene = held(CompleteWhen.MANUAL).consultationOver(Cause.Code.BAD_ADDRESS);
      scene.wanted();

      scene.time().input(new TransferInput.SnapshotTaken());
      assertThat(scene.wanted()).containsExactly("AskSnapshot", "RestoreCall");
      scene.atHome(BOB, CONNECTED).aliceHeld(false);

      assertThat(scene.ending()).isEqualTo("reverted, badAddress");
    }

    @Test
    void goesBackAtOnceWhenItWasToCompleteByItself() {
      Scene scene = held(CompleteWhen.ON_ANSWER).consulting(BOB, BUSY);
      assertThat(scene.wanted()).endsWith("RestoreCall");

      scene.consultationOver(Cause.Code.NORMAL).atHome(BOB, CONNECTED).aliceHeld(false);

      assertThat(scene.ending()).isEqualTo("reverted, busy");
    }

    @Test
    void completesEarlyOnlyWhereThePbxSaysSo() {
      Scene cannot =
          held(CompleteWhen.MANUAL).consulting(CAROL, OFFERING).consulting(BOB, RINGBACK);
      assertThat(cannot.state().permitted(cannot.view())).doesNotContain(TransferVerb.COMPLETE);

      Scene can =
          held(CompleteWhen.MANUAL, Trait.EARLY_COMPLETE)
              .consulting(CAROL, OFFERING)
              .consulting(BOB, RINGBACK);
      can.wanted();
      can.input(new TransferInput.CompleteRequested(CompleteAs.TRANSFER));
      assertThat(can.wanted()).containsExactly("JoinCalls");
      can.joined();
      assertThat(can.ending()).as("the target still rings").isEqualTo("not ended");
      can.atHome(CAROL, CONNECTED);

      assertThat(can.ending()).isEqualTo("completed, normal");
    }

    @Test
    void recallsTheTransfereeWhoseEarlyCompletionFailed() {
      Scene scene =
          held(CompleteWhen.ON_RINGING, Trait.EARLY_COMPLETE)
              .consulting(CAROL, OFFERING)
              .consulting(BOB, RINGBACK)
              .joined();
      scene.wanted();

      scene.leaves(CAROL, Cause.Code.REJECT);

      assertThat(scene.wanted()).containsExactly("RecallTransferee");
    }

    @Test
    void becomesAConferenceWhenAsked() {
      Scene scene = answered(CompleteWhen.MANUAL, Trait.TRANSFER_CONF);
      scene.input(new TransferInput.CompleteRequested(CompleteAs.CONFERENCE));
      assertThat(scene.wanted()).endsWith("JoinCalls");

      scene.merged().atHome(BOB, CONFERENCED);

      assertThat(scene.outcome())
          .hasValueSatisfying(
              o ->
                  assertThat(((TransferOutcome.Completed) o).as())
                      .isEqualTo(CompleteAs.CONFERENCE));
    }

    @Test
    void leavesBothCallsAsTheyWereWhenThePbxWillNotComplete() {
      Scene scene = answered(CompleteWhen.MANUAL);
      scene.input(new TransferInput.CompleteRequested(CompleteAs.TRANSFER));

      scene.input(
          new TransferInput.StepRefused(
              new Effect.JoinCalls(CompleteAs.TRANSFER),
              ProviderReply.Refused.of(Reason.REFUSED_BY_PBX, "no resources")));

      assertThat(scene.state().phase()).isEqualTo(TransferPhase.CONSULTING);
      assertThat(scene.state().permitted(scene.view())).contains(TransferVerb.COMPLETE);
    }

    @Test
    void becomesAPlainCallWhenTheHeldPartyHangsUp() {
      Scene scene = answered(CompleteWhen.MANUAL);
      scene.wanted();

      scene.leaves(ALICE, Cause.Code.NORMAL);

      assertThat(scene.ending()).isEqualTo("abandoned, normal");
      assertThat(scene.wanted()).as("bob and carol go on").containsExactly("Finish");
    }

    @Test
    void clearsTheRingingTargetWhenTheHeldPartyHangsUp() {
      Scene scene = held(CompleteWhen.MANUAL).consulting(CAROL, OFFERING).consulting(BOB, RINGBACK);
      scene.wanted();

      scene.leaves(ALICE, Cause.Code.NORMAL);

      assertThat(scene.wanted()).containsExactly("ClearRest");
    }

    @Test
    void isCompletedWhenTheTransferorHangsUpAfterTheAnswer() {
      Scene scene = answered(CompleteWhen.MANUAL);
      scene.wanted();

      scene.leaves(BOB, Cause.Code.NORMAL);
      assertThat(scene.wanted()).containsExactly("JoinCalls");
      scene.joined();

      assertThat(scene.ending()).isEqualTo("completed, normal");
    }

    @Test
    void recallsTheTransfereeWhenTheTransferorHangsUpBeforeTheAnswer() {
      Scene scene = held(CompleteWhen.MANUAL).consulting(CAROL, OFFERING).consulting(BOB, RINGBACK);
      scene.wanted();

      scene.leaves(BOB, Cause.Code.NORMAL);

      assertThat(scene.wanted()).containsExactly("ClearTarget", "RecallTransferee");
    }

    @Test
    void isRevertedWhenThePbxReconnectsByItselfAfterTheTargetHungUp() {
      Scene scene = answered(CompleteWhen.MANUAL);
      scene.wanted();

      scene.consultationOver(Cause.Code.NORMAL).atHome(BOB, CONNECTED).aliceHeld(false);

      assertThat(scene.ending()).isEqualTo("reverted, normal");
      assertThat(scene.wanted()).as("no second retrieve").containsExactly("Finish");
    }

    @Test
    void recallsTheTransfereeWhomTheTransferorsPhoneHasLeftAlone() {
      Scene scene = answered(CompleteWhen.MANUAL).transferorLeavesHome();
      assertThat(scene.state().permitted(scene.view())).containsExactly(TransferVerb.CANCEL);
      assertThat(((TransferState.Live) scene.state()).patience(scene.view()))
          .as("nobody is in the void for longer than the recall deadline")
          .isEqualTo(scene.view().plan().timeouts().recall());
      scene.wanted();

      scene.time().input(new TransferInput.SnapshotTaken());
      assertThat(scene.wanted()).containsExactly("AskSnapshot", "ClearTarget", "RecallTransferee");
      scene.consultationOver(Cause.Code.CANCELLED);
      scene.atHome(DAVE, OFFERING).atHome(DAVE, CONNECTED).aliceHeld(false);

      assertThat(scene.ending()).isEqualTo("recalled, deadline");
    }

    @Test
    void goesOnWhenTheTransferorComesBackToTheTransfereeInTime() {
      Scene scene = answered(CompleteWhen.MANUAL).transferorLeavesHome();
      int shorter = scene.token();

      scene.atHome(BOB, ON_HOLD_PENDING_TRANSFER).wanted();
      scene.input(new TransferInput.DeadlinePassed(shorter));

      assertThat(scene.wanted()).as("that deadline is past").isEmpty();
      assertThat(scene.state().permitted(scene.view())).contains(TransferVerb.COMPLETE);
      assertThat(((TransferState.Live) scene.state()).patience(scene.view()))
          .isEqualTo(scene.view().plan().timeouts().complete());
    }

    @Test
    void isNotAsBeforeWhileAnAlternateIsOnItsWay() {
      Scene scene = Scene.heldCall(CompleteWhen.MANUAL);
      scene.consulting(BOB, CONNECTED).carolHeld(false);
      scene.atHome(BOB, ON_HOLD).aliceHeld(true);
      scene.consulting(BOB, ON_HOLD).carolHeld(true).atHome(BOB, CONNECTED).aliceHeld(false);
      scene.input(new TransferInput.AlternateRequested()).unanswered().wanted();

      scene.leaves(CAROL, Cause.Code.NORMAL);
      assertThat(scene.wanted()).containsExactly("AskSnapshot");
      scene.atHome(BOB, ON_HOLD).aliceHeld(true);
      assertThat(scene.wanted()).as("the alternate has come").containsExactly("RestoreCall");
      scene.atHome(BOB, CONNECTED).aliceHeld(false);

      assertThat(scene.ending()).isEqualTo("reverted, normal");
    }

    @Test
    void isNotConfusedByTheLateRefusalOfAConferenceThatStands() {
      Scene scene = Scene.conferenceAndDrop().atHome(BOB, ON_HOLD_PENDING_TRANSFER).aliceHeld(true);
      scene.consulting(BOB, DIALTONE).consulting(CAROL, CONNECTED).consulting(BOB, CONNECTED);
      scene.merged().atHome(BOB, CONFERENCED).wanted();

      scene.input(
          new TransferInput.StepRefused(
              new Effect.JoinCalls(CompleteAs.CONFERENCE),
              ProviderReply.Refused.of(Reason.REFUSED_BY_PBX, "there is one already")));

      assertThat(scene.wanted()).isEmpty();
      assertThat(scene.state().phase()).isEqualTo(TransferPhase.COMPLETING);
    }

    @Test
    void isCompletedWhenThePhonesCompleteByThemselves() {
      Scene scene = answered(CompleteWhen.MANUAL);

      scene.joined();

      assertThat(scene.ending()).isEqualTo("completed, overtaken");
    }
  }

  @Nested
  class TimeAndTheLink {
    @Test
    void aPictureTakenForAnEarlierStepDoesNotEndACancelledHold() {
      Scene scene = Scene.consultation(CompleteWhen.MANUAL);
      scene.input(new TransferInput.CancelRequested()).wanted();

      scene.input(new TransferInput.StepAccepted(new Effect.OpenConsultation(Optional.empty())));

      assertThat(scene.wanted()).as("the hold is still to come").isEmpty();
      assertThat(scene.ending()).isEqualTo("not ended");
    }

    @Test
    void aLateRefusalOfAnEarlierStepDoesNotDisturbTheWayBack() {
      Scene scene =
          Scene.consultation(CompleteWhen.MANUAL)
              .atHome(BOB, ON_HOLD_PENDING_TRANSFER)
              .aliceHeld(true)
              .consulting(BOB, DIALTONE);
      scene.input(new TransferInput.CancelRequested()).wanted();

      scene.input(
          new TransferInput.StepRefused(
              new Effect.DialTarget(Scene.CAROLS_ADDRESS),
              ProviderReply.Refused.of(Reason.REFUSED_BY_PBX, "no")));

      assertThat(scene.wanted()).isEmpty();
    }

    @Test
    void aWayBackThatLeftLateIsNotAskedForTwice() {
      Scene scene =
          Scene.consultation(CompleteWhen.MANUAL)
              .atHome(BOB, ON_HOLD_PENDING_TRANSFER)
              .aliceHeld(true)
              .consulting(BOB, DIALTONE);
      scene.input(new TransferInput.CancelRequested()).unanswered().wanted();

      scene.time().input(new TransferInput.SnapshotTaken());

      assertThat(scene.wanted()).containsExactly("AskSnapshot");
      scene.consultationOver(Cause.Code.NORMAL).atHome(BOB, CONNECTED).aliceHeld(false);
      assertThat(scene.ending()).isEqualTo("reverted, cancelled");
    }

    @Test
    void aStaleDeadlineIsIgnored() {
      Scene scene = Scene.blind(ReleaseWhen.ON_ANSWER);
      int old = scene.token();
      scene.atHome(CAROL, OFFERING).atHome(CAROL, CONNECTED);
      scene.wanted();

      scene.input(new TransferInput.DeadlinePassed(old));

      assertThat(scene.wanted()).isEmpty();
    }

    @Test
    void anAnswerFoundOnlyInTheSnapshotCounts() {
      Scene scene = Scene.blind(ReleaseWhen.ON_ANSWER);

      scene.time().snapshot(Map.of(ALICE, CONNECTED, CAROL, CONNECTED));

      assertThat(scene.ending()).isEqualTo("completed, normal");
    }

    @Test
    void nothingIsSaidWhileTheLinkIsGoneAndTheTruthIsToldWhenItIsBack() {
      Scene scene = Scene.blind(ReleaseWhen.ON_ANSWER).atHome(CAROL, OFFERING);
      scene.input(new TransferInput.ProviderLost(Cause.of(Cause.Code.PROVIDER_LOST)));
      assertThat(scene.ending()).isEqualTo("not ended");

      scene.snapshot(Map.of(ALICE, CONNECTED, CAROL, CONNECTED));

      assertThat(scene.ending()).isEqualTo("completed, normal");
    }

    @Test
    void aLinkThatDoesNotComeBackIsSaidToBeMissing() {
      Scene scene = Scene.blind(ReleaseWhen.ON_ANSWER);
      scene.input(new TransferInput.ProviderLost(Cause.of(Cause.Code.PROVIDER_LOST)));

      scene.time();

      assertThat(scene.ending()).isEqualTo("failed, providerLost");
      assertThat(scene.outcome())
          .hasValueSatisfying(o -> assertThat(o.evidence().verified()).isFalse());
    }
  }
}
