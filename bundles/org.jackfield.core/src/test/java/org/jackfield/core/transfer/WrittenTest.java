package org.jackfield.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.RecallRung;
import org.jackfield.api.transfer.ReleaseWhen;
import org.jackfield.api.transfer.Transfer.Focus;
import org.jackfield.api.transfer.Transfer.TargetState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the journal keeps of a transfer is what comes back of it. */
class WrittenTest {
  private static final Deadline DEADLINE = new Deadline(7, true, false);
  private static final Cause BUSY = new Cause(Cause.Code.BUSY, "busy here", "486");
  private static final Address TARGET = new Address("103");

  static Stream<TransferState.Live> states() {
    return Stream.of(
        new Redirecting(DEADLINE, false),
        new Holding(DEADLINE, false),
        new Holding(DEADLINE, true),
        new Consulting(
            DEADLINE, Focus.TARGET, TargetState.ALERTING, Optional.empty(), Optional.empty()),
        new Consulting(
            DEADLINE,
            Focus.TRANSFEREE,
            TargetState.UNDIALLED,
            Optional.of(TARGET),
            Optional.of(BUSY),
            true),
        new Completing(DEADLINE, CompleteAs.CONFERENCE, Completing.Stage.RELEASING, true),
        new Completing(DEADLINE, CompleteAs.TRANSFER, Completing.Stage.ALTERNATING, false),
        new Reverting(DEADLINE, Reverting.Aim.RECALL, 2, BUSY, true, Reverting.Undo.HOLD),
        new Reverting(
            DEADLINE, Reverting.Aim.RESTORE, 0, Cause.NORMAL, false, Reverting.Undo.NEW_CALL_TOO));
  }

  static Stream<Effect.Act> acts() {
    return Stream.of(
        new Effect.RedirectCall(TARGET, ReleaseWhen.ON_ACCEPT),
        new Effect.OpenConsultation(Optional.empty()),
        new Effect.OpenConsultation(Optional.of(TARGET)),
        new Effect.HoldCall(),
        new Effect.PlaceCall(TARGET),
        new Effect.EndConsultation(),
        new Effect.DialTarget(TARGET),
        new Effect.AlternateCalls(),
        new Effect.JoinCalls(CompleteAs.TRANSFER),
        new Effect.JoinCalls(CompleteAs.CONFERENCE),
        new Effect.ReleaseTransferor(),
        new Effect.RestoreCall(),
        new Effect.ClearTarget(),
        new Effect.RecallTransferee(new RecallRung.ToTransferor()),
        new Effect.RecallTransferee(new RecallRung.ToAddress(TARGET)),
        new Effect.RecallTransferee(new RecallRung.ToPark(new Address("*70"))),
        new Effect.ClearRest());
  }

  @ParameterizedTest
  @MethodSource("states")
  void aStateComesBackAndWaitsForItsProvider(TransferState.Live state) {
    assertThat(Written.state(Written.of(state)))
        .isEqualTo(state.with(new Deadline(7, false, true)));
  }

  @ParameterizedTest
  @MethodSource("acts")
  void anActComesBack(Effect.Act act) {
    assertThat(Written.act(Written.of(act))).isEqualTo(act);
  }

  @Test
  void aConsultationWrittenBeforeItCouldBeAloneIsNot() {
    TransferState.Live state =
        new Consulting(
            DEADLINE, Focus.TARGET, TargetState.BUSY, Optional.empty(), Optional.of(BUSY), true);
    Map<String, String> words = new HashMap<>(Written.of(state));
    words.remove("alone");

    assertThat(((Consulting) Written.state(words)).alone()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Opening.class)
  void aPlanOfWhichNothingWasBegunWaitsInItsFirstState(Opening opening) {
    Deadline lost = new Deadline(1, false, true);
    assertThat(Written.unbegun(opening))
        .isEqualTo(
            opening == Opening.REDIRECT ? new Redirecting(lost, false) : new Holding(lost, false));
  }

  @Test
  void whoeverIsWaitedForHasTheTimeThatTheyHad() {
    Consulting dialling = consulting(TargetState.DIALLING, false);
    Consulting ringing = consulting(TargetState.ALERTING, false);
    Consulting answered = consulting(TargetState.ANSWERED, false);

    assertThat(Written.waitsOn(dialling, ringing)).isTrue();
    assertThat(Written.waitsOn(answered, answered.with(Deadline.FIRST))).isTrue();
    assertThat(Written.waitsOn(ringing, answered)).as("somebody else now").isFalse();
    assertThat(Written.waitsOn(answered, consulting(TargetState.ANSWERED, true))).isFalse();
    assertThat(Written.waitsOn(new Holding(DEADLINE, false), dialling)).isFalse();
    assertThat(Written.waitsOn(dialling, new Holding(DEADLINE, false))).isFalse();
  }

  private static Consulting consulting(TargetState target, boolean alone) {
    return new Consulting(
        DEADLINE, Focus.TARGET, target, Optional.empty(), Optional.empty(), alone);
  }

  @Test
  void whatWasNeverWrittenIsNotMadeUp() {
    assertThatThrownBy(() -> Written.state(Map.of("state", "dreaming", "token", "1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("dreaming");
    assertThatThrownBy(() -> Written.act(Map.of("act", "Guess")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Guess");
    assertThatThrownBy(() -> Written.act(Map.of("act", "RecallTransferee", "to", "heaven")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("heaven");
    Map<String, String> words = new HashMap<>(Written.of(new Holding(DEADLINE, true)));
    words.remove("placed");
    assertThatThrownBy(() -> Written.state(words))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("placed is missing");
  }
}
