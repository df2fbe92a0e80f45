package org.jackfield.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.RecallRung;
import org.jackfield.api.transfer.ReleaseWhen;
import org.jackfield.api.transfer.TransferPlan;
import org.jackfield.api.transfer.TransferPlan.Kind;
import org.jackfield.api.transfer.TransferTarget;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the timeline says to a person, and how a transfer begins. */
class WordsTest {
  private static final Address TARGET = new Address("103");
  private static final Cause BUSY = Cause.of(Cause.Code.BUSY);
  private static final Cause UNTOLD = Cause.of(Cause.Code.UNKNOWN);

  static Stream<Arguments> inputs() {
    Effect.Act hold = new Effect.HoldCall();
    return Stream.of(
        Arguments.of(new TransferInput.DialRequested(TARGET), "request", "dial 103"),
        Arguments.of(new TransferInput.AlternateRequested(), "request", "alternate"),
        Arguments.of(
            new TransferInput.CompleteRequested(CompleteAs.CONFERENCE),
            "request",
            "complete as a conference"),
        Arguments.of(new TransferInput.CancelRequested(), "request", "cancel"),
        Arguments.of(new TransferInput.TransferorHeld(), "fact", "the transferor holds the call"),
        Arguments.of(
            new TransferInput.TransferorRetrieved(), "fact", "the transferor talks in its call"),
        Arguments.of(
            new TransferInput.ConsultationOpened(), "fact", "the transferor's other call stands"),
        Arguments.of(
            new TransferInput.ConsultationOver(BUSY),
            "fact",
            "the transferor's other call is over (busy)"),
        Arguments.of(new TransferInput.TargetAlerting(), "fact", "the target rings"),
        Arguments.of(new TransferInput.TargetBusy(), "fact", "the target is busy"),
        Arguments.of(new TransferInput.TargetAnswered(), "fact", "the target has answered"),
        Arguments.of(
            new TransferInput.TargetFailed(BUSY), "fact", "the target cannot be had (busy)"),
        Arguments.of(new TransferInput.TargetLeft(UNTOLD), "fact", "the target has left"),
        Arguments.of(
            new TransferInput.TransferorLeft(Cause.NORMAL),
            "fact",
            "the transferor has left (normal)"),
        Arguments.of(
            new TransferInput.TransfereeLeft(Cause.of(Cause.Code.UNKNOWN, "Q.850 16")),
            "fact",
            "the transferee has left (unknown)"),
        Arguments.of(new TransferInput.Joined(), "fact", "transferee and target are in one call"),
        Arguments.of(new TransferInput.Conferenced(), "fact", "all three are in one call"),
        Arguments.of(new TransferInput.Overtaken(), "fact", "somebody else has moved the call"),
        Arguments.of(new TransferInput.StepAccepted(hold), "reply", "the hold was accepted"),
        Arguments.of(
            new TransferInput.StepRefused(
                hold, ProviderReply.Refused.of(Reason.NOT_SUPPORTED, "no")),
            "reply",
            "the hold was refused (stepRefused)"),
        Arguments.of(
            new TransferInput.StepFailed(hold, BUSY), "reply", "the hold has failed (busy)"),
        Arguments.of(new TransferInput.DeadlinePassed(1), "deadline", "the time is over"),
        Arguments.of(
            new TransferInput.ProviderLost(Cause.of(Cause.Code.PROVIDER_LOST)),
            "fact",
            "the PBX cannot be reached (providerLost)"),
        Arguments.of(new TransferInput.SnapshotTaken(), "fact", "the PBX has told how things are"));
  }

  @ParameterizedTest(name = "{2}")
  @MethodSource("inputs")
  void anInputIsToldWithItsSourceAndItsCause(TransferInput input, String source, String words) {
    assertThat(input.source()).isEqualTo(source);
    assertThat(input.words()).isEqualTo(words);
    assertThat(input.kind()).isEqualTo(input.getClass().getSimpleName());
  }

  static Stream<Arguments> acts() {
    return Stream.of(
        Arguments.of(
            new Effect.RedirectCall(TARGET, ReleaseWhen.ON_ANSWER), "the redirection to 103"),
        Arguments.of(new Effect.OpenConsultation(Optional.empty()), "the consultation"),
        Arguments.of(new Effect.HoldCall(), "the hold"),
        Arguments.of(new Effect.PlaceCall(TARGET), "the new call to 103"),
        Arguments.of(new Effect.DialTarget(TARGET), "the call to 103"),
        Arguments.of(new Effect.AlternateCalls(), "the change to the other call"),
        Arguments.of(new Effect.JoinCalls(CompleteAs.TRANSFER), "the completion as a transfer"),
        Arguments.of(new Effect.ReleaseTransferor(), "the release of the transferor"),
        Arguments.of(new Effect.EndConsultation(), "the end of the failed call"),
        Arguments.of(new Effect.RestoreCall(), "the way back"),
        Arguments.of(new Effect.ClearTarget(), "the end of the target's call"),
        Arguments.of(new Effect.RecallTransferee(new RecallRung.ToTransferor()), "the recall"),
        Arguments.of(new Effect.ClearRest(), "the end of what is left"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("acts")
  void anActIsToldWithItsTarget(Effect.Act act, String words) {
    assertThat(act.words()).isEqualTo(words);
  }

  private static TransferView view(Kind kind, Topology now, TransferPlan.PlanStep... steps) {
    return new TransferView(
        Scene.plan(
            kind,
            List.of(steps),
            CompleteWhen.MANUAL,
            ReleaseWhen.ON_ANSWER,
            new RecallRung.ToTransferor()),
        kind == Kind.HELD_CALL
            ? new TransferTarget.Held(new SessionId(2))
            : new TransferTarget.To(TARGET),
        Capabilities.of(Set.of(Operation.values()), Set.of()),
        now);
  }

  private static TransferPlan.PlanStep[] steps(String operations) {
    return operations.isEmpty()
        ? new TransferPlan.PlanStep[0]
        : Stream.of(operations.split(" "))
            .map(o -> new TransferPlan.PlanStep(Operation.valueOf(o), ""))
            .toArray(TransferPlan.PlanStep[]::new);
  }

  /** The first step of each plan, how long it may take, and what the timeline says. */
  @ParameterizedTest(name = "{0} by {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
"""
BLIND               | ''                  | REDIRECT  | the redirection to 103 | 30 | the plan is blind
CONSULTATION        | ''                  | CONSULT   | the consultation | 10 | the plan is a consultation
ONE_STEP            | ''                  | ONE_STEP  | the consultation | 10 | the plan is a one-step consultation
HELD_CALL           | ''                  | HELD_CALL | the change to the other call | 10 | the plan is the call that the transferor holds
NEW_CALL            | ''                  | NEW_CALL  | the hold | 10 | the plan is a new call as consultation
EARLY_COMPLETION    | CONSULT DIAL COMPLETE | CONSULT | the consultation | 10 | the plan is a consultation completed before the answer
EARLY_COMPLETION    | ONE_STEP_CONSULT COMPLETE | ONE_STEP | the consultation | 10 | the plan is a consultation completed before the answer
EARLY_COMPLETION    | HOLD MAKE_CALL COMPLETE | NEW_CALL | the hold | 10 | the plan is a consultation completed before the answer
CONFERENCE_AND_DROP | CONSULT DIAL COMPLETE CLEAR | CONSULT | the consultation | 10 | the plan is a conference that the transferor drops out of
CONFERENCE_AND_DROP | ALTERNATE COMPLETE CLEAR | HELD_CALL | the change to the other call | 10 | the plan is a conference that the transferor drops out of
CONFERENCE_AND_DROP | CONSULT ALTERNATE COMPLETE CLEAR | CONSULT | the consultation | 10 | the plan is a conference that the transferor drops out of
""")
  void aPlanBegins(
      Kind kind, String operations, Opening opening, String act, long seconds, String line) {
    TransferView view = view(kind, Parties.at("before"), steps(operations));

    Advance begun = Advance.begin(Machine.PLAIN, view, 6);

    assertThat(Opening.of(view.plan())).isEqualTo(opening);
    assertThat(Advance.first(view).words()).isEqualTo(act);
    assertThat(begun.effects()).hasSize(2).first().isEqualTo(Advance.first(view));
    assertThat(((Effect.Arm) begun.effects().get(1)).after().toSeconds()).isEqualTo(seconds);
    assertThat(((Effect.Arm) begun.effects().get(1)).token()).isEqualTo(7);
    assertThat(begun.lines()).containsExactly(new Advance.Line("request", line));
    assertThat(begun.refusal()).isEmpty();
    assertThat(begun.state().phase().text())
        .isEqualTo(opening == Opening.REDIRECT ? "redirecting" : "holding");
    assertThat(((Effect.Arm) Advance.begin(view).effects().get(1)).token()).isEqualTo(1);
    assertThat(opening.dialsByItself())
        .isEqualTo(opening == Opening.ONE_STEP || opening == Opening.NEW_CALL);
  }

  @Test
  void aOneStepConsultationIsToldWhomToDial() {
    assertThat(Advance.first(view(Kind.ONE_STEP, Parties.at("before"))))
        .isEqualTo(new Effect.OpenConsultation(Optional.of(TARGET)));
  }

  @Test
  void aHeldCallIsNotDialled() {
    TransferView view =
        new TransferView(
            view(Kind.BLIND, Parties.at("before")).plan(),
            new TransferTarget.Held(new SessionId(2)),
            Capabilities.NONE,
            Parties.at("before"));

    assertThatThrownBy(() -> Advance.first(view)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aFactThatWasThereBeforeItsStateIsNotLost() {
    // when: the phone was on hold, with its second call, before the plan began
    Advance begun = Advance.begin(view(Kind.CONSULTATION, Parties.at("opened")));

    // then
    assertThat(begun.state()).isInstanceOf(Consulting.class);
    assertThat(begun.effects()).contains(new Effect.DialTarget(TARGET));
    assertThat(begun.lines())
        .extracting(Advance.Line::text)
        .containsExactly(
            "the plan is a consultation",
            "the transferor's other call stands: the call is on consultation hold");
  }

  @Test
  void aLineSaysWhatHappenedAndWhatWasMadeOfIt() {
    TransferView view = view(Kind.CONSULTATION, Parties.at("ringing"));
    TransferState dialling = Cell.state("consulting DIALLING");

    // when
    Advance rings = Advance.of(dialling, Observation.standing(view.now()), view);

    // then: said once, where word and reason are the same
    assertThat(rings.lines()).containsExactly(new Advance.Line("fact", "the target rings"));
    assertThat(rings.effects()).isEmpty();
    Advance again = Advance.of(rings.state(), Observation.standing(view.now()), view);
    assertThat(again.lines()).as("what is known already is not said").isEmpty();
    assertThat(again.state()).isEqualTo(rings.state());
  }

  @Test
  void theRungsOfTheLadderAreCountedFromOne() {
    Advance next =
        Advance.of(
            Cell.state("reverting RECALL"),
            List.of(new TransferInput.TargetFailed(BUSY)),
            Cell.view("CONSULTATION", Parties.at("waits")));

    assertThat(next.lines().getFirst().text())
        .isEqualTo("the target cannot be had (busy): rung 2 of the recall ladder");
  }

  @Test
  void whatAConferenceThatIsDroppedOutOfMakesIsATransfer() {
    TransferPlan conference = asConference(Kind.CONSULTATION);
    TransferPlan drop = asConference(Kind.CONFERENCE_AND_DROP);

    assertThat(TransferView.completesAs(conference)).isEqualTo(CompleteAs.CONFERENCE);
    assertThat(TransferView.completesAs(drop)).isEqualTo(CompleteAs.TRANSFER);
    assertThat(TransferView.completesAs(view(Kind.BLIND, Parties.at("before")).plan()))
        .isEqualTo(CompleteAs.TRANSFER);
  }

  private static TransferPlan asConference(Kind kind) {
    TransferPlan plan = view(kind, Parties.at("before")).plan();
    return new TransferPlan(
        plan.kind(),
        plan.mode(),
        plan.steps(),
        plan.reasons(),
        plan.rejected(),
        plan.loss(),
        plan.identities(),
        plan.irreversibleAfter(),
        plan.complete(),
        plan.release(),
        CompleteAs.CONFERENCE,
        plan.timeouts(),
        plan.recall());
  }

  @Test
  void aRefusedRequestIsNotALine() {
    TransferView view = view(Kind.CONSULTATION, Parties.at("held"));

    Advance no =
        Advance.of(Cell.state("holding"), List.of(new TransferInput.DialRequested(TARGET)), view);

    assertThat(no.refusal()).isPresent();
    assertThat(no.lines()).isEmpty();
    assertThat(no.state()).isEqualTo(Cell.state("holding"));
  }

  @Test
  void aMachineThatDoesNotSettleIsABug() {
    TransferView view = view(Kind.CONSULTATION, Parties.at("held"));
    int[] steps = {0};
    Machine restless =
        (state, input, seen) -> {
          assertThat(++steps[0]).as("it is stopped").isLessThan(1_000);
          return Step.to(new Holding(((Holding) state).deadline().next(), false), "again");
        };

    assertThatThrownBy(
            () ->
                Advance.of(
                    restless,
                    Cell.state("holding"),
                    List.of(new TransferInput.SnapshotTaken()),
                    view))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("does not settle");
  }

  @Test
  void whatStandsIsLookedAtAgainOnlyInANewState() {
    TransferView view = Cell.view("CONSULTATION", Parties.at("answered"));
    TransferState answered = Cell.state("consulting ANSWERED");
    List<TransferInput> taken = new ArrayList<>();
    Machine watched =
        (state, input, seen) -> {
          taken.add(input);
          return state.on(input, seen);
        };

    Advance alternates =
        Advance.of(watched, answered, List.of(new TransferInput.AlternateRequested()), view);

    assertThat(alternates.state()).isEqualTo(answered);
    assertThat(alternates.effects()).containsExactly(new Effect.AlternateCalls());
    assertThat(alternates.lines()).as("what was asked for is told").hasSize(1);
    assertThat(taken).containsExactly(new TransferInput.AlternateRequested());
  }

  @Test
  void aRefusalIsNotForgottenByWhatComesBehindIt() {
    Advance no =
        Advance.of(
            Cell.state("holding"),
            List.of(new TransferInput.DialRequested(TARGET), new TransferInput.SnapshotTaken()),
            view(Kind.CONSULTATION, Parties.at("held")));

    assertThat(no.refusal()).isPresent();
  }

  /** A plan may be replaced when its first step was refused and nothing has changed. */
  @ParameterizedTest(name = "{0}, {1} {2}: {3}")
  @CsvSource({
    "redirecting, before, RedirectCall notSupported, true",
    "redirecting, before, RedirectCall, true",
    "redirecting, before, RedirectCall badAddress, false",
    "redirecting, held, RedirectCall, false",
    "redirecting, before, HoldCall, false",
    "holding, before, OpenConsultation, true",
    "holding, before, HoldCall, true",
    "holding, before, AlternateCalls, true",
    "holding, before, RedirectCall, false",
    "holding, before, DialTarget, false",
    "holding, held, OpenConsultation, false",
    "consulting FAILED, before, OpenConsultation, false",
    "consulting FAILED, before, AlternateCalls, false",
    "consulting FAILED, before, HoldCall, false",
  })
  void isReplaceable(String state, String place, String step, boolean expected) {
    TransferView view = view(Kind.CONSULTATION, Parties.at(place));
    TransferInput.StepRefused refused = (TransferInput.StepRefused) Cell.input("refused " + step);

    assertThat(TransferState.isReplaceable(Cell.state(state), refused, view)).isEqualTo(expected);
  }
}
