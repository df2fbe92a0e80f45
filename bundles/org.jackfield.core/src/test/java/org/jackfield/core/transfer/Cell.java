package org.jackfield.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.RecallRung;
import org.jackfield.api.transfer.ReleaseWhen;
import org.jackfield.api.transfer.Transfer.Focus;
import org.jackfield.api.transfer.Transfer.TargetState;
import org.jackfield.api.transfer.TransferOutcome;
import org.jackfield.api.transfer.TransferPlan;
import org.jackfield.api.transfer.TransferTarget;

/**
 * One step of the machine, in words: a state, a plan, where the parties are, what comes, and what
 * it leads to.
 *
 * <p>The recall ladder is the transferor, then 104. A target has 30 s to answer, a person 300 s to
 * complete, a rung 20 s.
 */
final class Cell {
  private static final Address TARGET = new Address("103");

  private final TransferState before;
  private final Step step;

  private Cell(TransferState before, Step step) {
    this.before = before;
    this.step = step;
  }

  /** What one input leads to. */
  static Cell of(String state, String plan, Topology now, String input) {
    TransferState before = state(state);
    Cell cell = new Cell(before, before.on(input(input), view(plan, now)));
    cell.mustBeSane();
    return cell;
  }

  static TransferView view(String plan, Topology now) {
    List<String> words = List.of(plan.split(" "));
    TransferPlan.Kind kind = TransferPlan.Kind.valueOf(words.getFirst());
    Set<Trait> traits = EnumSet.noneOf(Trait.class);
    Set<Operation> can = EnumSet.allOf(Operation.class);
    CompleteWhen complete = CompleteWhen.MANUAL;
    List<TransferPlan.PlanStep> steps = List.of();
    boolean unanswered = false;
    for (String word : words.subList(1, words.size())) {
      switch (word) {
        case "early" -> traits.add(Trait.EARLY_COMPLETE);
        case "onBusy" -> traits.add(Trait.COMPLETE_ON_BUSY);
        case "norm" -> traits.add(Trait.TRANSFER_NORM);
        case "conf" -> traits.add(Trait.TRANSFER_CONF);
        case "noAlternate" -> can.remove(Operation.ALTERNATE);
        case "unanswered" -> unanswered = true;
        case "mayConference" ->
            steps = List.of(new TransferPlan.PlanStep(Operation.CONFERENCE, ""));
        default -> complete = CompleteWhen.valueOf(word);
      }
    }
    return new TransferView(
        Scene.plan(
            kind,
            steps,
            complete,
            ReleaseWhen.ON_ANSWER,
            new RecallRung.ToTransferor(),
            new RecallRung.ToAddress(new Address("104"))),
        kind == TransferPlan.Kind.HELD_CALL
            ? new TransferTarget.Held(new SessionId(2))
            : new TransferTarget.To(TARGET),
        Capabilities.of(can, traits),
        now,
        unanswered);
  }

  static TransferState state(String text) {
    List<String> words = List.of(text.split(" "));
    Deadline deadline = Deadline.FIRST;
    deadline = words.contains("asked") ? new Deadline(1, true, false) : deadline;
    deadline = words.contains("lost") ? new Deadline(1, false, true) : deadline;
    Optional<Cause> cause =
        words.stream().filter(w -> w.startsWith("cause:")).findFirst().map(w -> cause(w));
    return switch (words.getFirst()) {
      case "redirecting" -> new Redirecting(deadline, words.contains("doubted"));
      case "holding" -> new Holding(deadline, words.contains("placed"));
      case "consulting" ->
          new Consulting(
              deadline,
              words.contains("home") ? Focus.TRANSFEREE : Focus.TARGET,
              TargetState.valueOf(words.get(1)),
              words.contains("redial") ? Optional.of(new Address("105")) : Optional.empty(),
              cause,
              words.contains("alone"));
      case "completing" ->
          new Completing(
              deadline,
              words.contains("conference") ? CompleteAs.CONFERENCE : CompleteAs.TRANSFER,
              Completing.Stage.valueOf(words.get(1)),
              words.contains("drop"));
      case "reverting" ->
          new Reverting(
              deadline,
              Reverting.Aim.valueOf(words.get(1)),
              words.contains("2nd") ? 1 : words.contains("3rd") ? 2 : 0,
              cause.orElse(Cause.of(Cause.Code.CANCELLED)),
              !words.contains("unsettled"),
              Arrays.stream(Reverting.Undo.values())
                  .filter(u -> words.contains(u.name()))
                  .findFirst()
                  .orElse(Reverting.Undo.NOTHING));
      case "ended" ->
          new Ended(new TransferOutcome.Reverted(TransferOutcome.Evidence.VERIFIED, Cause.NORMAL));
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static Cause cause(String word) {
    String text = word.substring(word.indexOf(':') + 1);
    return Cause.of(
        Arrays.stream(Cause.Code.values())
            .filter(c -> c.text().equals(text))
            .findFirst()
            .orElseThrow());
  }

  static TransferInput input(String text) {
    String[] words = text.split(" ");
    Cause cause =
        text.contains("cause:")
            ? cause(text.substring(text.indexOf("cause:")))
            : Cause.of(Cause.Code.NO_ANSWER);
    return switch (words[0]) {
      case "dial" -> new TransferInput.DialRequested(new Address("105"));
      case "alternate" -> new TransferInput.AlternateRequested();
      case "complete" -> new TransferInput.CompleteRequested(CompleteAs.TRANSFER);
      case "conference" -> new TransferInput.CompleteRequested(CompleteAs.CONFERENCE);
      case "cancel" -> new TransferInput.CancelRequested();
      case "held" -> new TransferInput.TransferorHeld();
      case "retrieved" -> new TransferInput.TransferorRetrieved();
      case "opened" -> new TransferInput.ConsultationOpened();
      case "consultationOver" -> new TransferInput.ConsultationOver(cause);
      case "alerting" -> new TransferInput.TargetAlerting();
      case "busy" -> new TransferInput.TargetBusy();
      case "answered" -> new TransferInput.TargetAnswered();
      case "targetFailed" -> new TransferInput.TargetFailed(cause);
      case "targetLeft" -> new TransferInput.TargetLeft(cause);
      case "transferorLeft" -> new TransferInput.TransferorLeft(cause);
      case "transfereeLeft" -> new TransferInput.TransfereeLeft(cause);
      case "joined" -> new TransferInput.Joined();
      case "conferenced" -> new TransferInput.Conferenced();
      case "overtaken" -> new TransferInput.Overtaken();
      case "time" -> new TransferInput.DeadlinePassed(1);
      case "staleTime" -> new TransferInput.DeadlinePassed(0);
      case "lost" -> new TransferInput.ProviderLost(Cause.of(Cause.Code.PROVIDER_LOST));
      case "snapshot" -> new TransferInput.SnapshotTaken();
      case "accepted" -> new TransferInput.StepAccepted(act(words));
      case "failed" -> new TransferInput.StepFailed(act(words), cause);
      case "refused" ->
          new TransferInput.StepRefused(act(words), ProviderReply.Refused.of(reason(text), "no"));
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static Reason reason(String text) {
    return text.contains("notSupported")
        ? Reason.NOT_SUPPORTED
        : text.contains("badAddress") ? Reason.INVALID_ADDRESS : Reason.REFUSED_BY_PBX;
  }

  private static Effect.Act act(String[] words) {
    return switch (words[1]) {
      case "RedirectCall" -> new Effect.RedirectCall(TARGET, ReleaseWhen.ON_ANSWER);
      case "OpenConsultation" -> new Effect.OpenConsultation(Optional.empty());
      case "HoldCall" -> new Effect.HoldCall();
      case "PlaceCall" -> new Effect.PlaceCall(TARGET);
      case "EndConsultation" -> new Effect.EndConsultation();
      case "DialTarget" -> new Effect.DialTarget(TARGET);
      case "AlternateCalls" -> new Effect.AlternateCalls();
      case "JoinCalls" ->
          new Effect.JoinCalls(
              List.of(words).contains("conference") ? CompleteAs.CONFERENCE : CompleteAs.TRANSFER);
      case "ReleaseTransferor" -> new Effect.ReleaseTransferor();
      case "RestoreCall" -> new Effect.RestoreCall();
      case "ClearTarget" -> new Effect.ClearTarget();
      case "RecallTransferee" -> new Effect.RecallTransferee(new RecallRung.ToTransferor());
      case "ClearRest" -> new Effect.ClearRest();
      default -> throw new IllegalArgumentException(words[1]);
    };
  }

  /** What every step must keep: one deadline, one outcome, and a refusal changes nothing. */
  private void mustBeSane() {
    List<Effect.Arm> armed =
        step.effects().stream()
            .filter(Effect.Arm.class::isInstance)
            .map(Effect.Arm.class::cast)
            .toList();
    if (step.next() instanceof TransferState.Live next) {
      int was = ((TransferState.Live) before).deadline().token();
      int now = next.deadline().token();
      assertThat(armed.stream().map(Effect.Arm::token))
          .as("a new deadline is armed, an old one is not armed again: %s", step)
          .isEqualTo(now == was ? List.of() : List.of(was + 1));
    } else {
      assertThat(armed).as("an outcome waits for nothing").isEmpty();
    }
    if (step.refusal().isPresent()) {
      assertThat(step.refusal().get().reason()).isEqualTo(Reason.NOT_PERMITTED_NOW);
      assertThat(step.refusal().get().detail()).isEqualTo(step.why());
      assertThat(step.next()).isEqualTo(before);
      assertThat(step.effects()).isEmpty();
    }
    assertThat(step.why()).isNotBlank();
  }

  /** The clause or the reason, as the timeline says it. */
  String why() {
    return step.why();
  }

  /** What it led to, in words. */
  @Override
  public String toString() {
    if (step.refusal().isPresent()) {
      return "refused";
    }
    if (step.next() instanceof Ended ended) {
      boolean wasEnded = before instanceof Ended;
      assertThat(step.effects())
          .isEqualTo(wasEnded ? List.of() : List.of(new Effect.Finish(ended.outcome())));
      return wasEnded ? "stays" : outcome(ended.outcome());
    }
    if (step.next().equals(before) && step.effects().isEmpty()) {
      return "stays";
    }
    String acts =
        step.effects().stream()
            .filter(e -> !(e instanceof Effect.Arm))
            .map(Cell::name)
            .collect(Collectors.joining(" "));
    String time =
        step.effects().stream()
            .filter(Effect.Arm.class::isInstance)
            .map(e -> " " + seconds(((Effect.Arm) e).after()) + "s")
            .collect(Collectors.joining());
    String state = step.next().equals(before) ? "stays" : name((TransferState.Live) step.next());
    return (state + (acts.isEmpty() ? "" : " " + acts) + time).strip();
  }

  private static long seconds(Duration time) {
    return time.toSeconds();
  }

  private static String outcome(TransferOutcome outcome) {
    String how =
        switch (outcome) {
          case TransferOutcome.Completed c when c.as() == CompleteAs.CONFERENCE -> " as conference";
          case TransferOutcome.Recalled r when r.to() instanceof RecallRung.ToAddress to ->
              " to " + to.address();
          case TransferOutcome.Recalled r -> " to the transferor";
          default -> "";
        };
    return outcome.text()
        + how
        + " "
        + outcome.cause().code().text()
        + (outcome.evidence().verified() ? "" : " unverified");
  }

  private static String name(Effect effect) {
    return switch (effect) {
      case Effect.DialTarget a -> "DialTarget:" + a.target();
      case Effect.PlaceCall a -> "PlaceCall:" + a.target();
      case Effect.JoinCalls a ->
          a.as() == CompleteAs.CONFERENCE ? "JoinCalls:conference" : "JoinCalls";
      case Effect.RecallTransferee a ->
          "Recall:" + (a.rung() instanceof RecallRung.ToAddress to ? to.address() : "transferor");
      case Effect.AskSnapshot a -> "Ask";
      default -> effect.getClass().getSimpleName();
    };
  }

  private static String name(TransferState.Live state) {
    String what =
        switch (state) {
          case Redirecting s -> "redirecting" + (s.doubted() ? " doubted" : "");
          case Holding s -> "holding" + (s.placed() ? " placed" : "");
          case Consulting s ->
              "consulting "
                  + s.target()
                  + (s.focus() == Focus.TRANSFEREE ? " home" : "")
                  + s.redial().map(to -> " redial:" + to).orElse("")
                  + s.failure().map(c -> " cause:" + c.code().text()).orElse("")
                  + (s.alone() ? " alone" : "");
          case Completing s ->
              "completing "
                  + s.stage()
                  + (s.as() == CompleteAs.CONFERENCE ? " conference" : "")
                  + (s.drop() ? " drop" : "");
          case Reverting s ->
              "reverting "
                  + s.aim()
                  + (s.rung() == 0 ? "" : s.rung() == 1 ? " 2nd" : " 3rd")
                  + (s.settled() ? "" : " unsettled")
                  + (s.undone() == Reverting.Undo.NOTHING ? "" : " " + s.undone())
                  + " cause:"
                  + s.cause().code().text();
        };
    return what
        + (state.deadline().asked() ? " asked" : "")
        + (state.deadline().lost() ? " lost" : "");
  }
}
