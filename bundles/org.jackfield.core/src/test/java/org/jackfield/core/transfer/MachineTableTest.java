package org.jackfield.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
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
import org.junit.jupiter.api.Test;

/**
 * Every state, in each of its variants and under each kind of plan, takes every input, wherever the
 * parties are; each cell says what it does and by which clause or for which reason. The table is
 * written to target/machine-table.md.
 */
class MachineTableTest {
  private static final Cause CAUSE = Cause.of(Cause.Code.UNKNOWN);
  private static final Address TARGET = new Address("103");

  /** What a kind of input is about in the words of TAPI and CSTA; a cell's own reason follows. */
  private static String clause(TransferInput input) {
    return switch (input) {
      case TransferInput.DialRequested i -> "lineDial";
      case TransferInput.AlternateRequested i -> "lineSwapHold";
      case TransferInput.CompleteRequested i -> "lineCompleteTransfer";
      case TransferInput.CancelRequested i -> "cancel: lineUnhold, or lineDrop of the consultation";
      case TransferInput.TransferorHeld i -> "LINECALLSTATE_ONHOLDPENDTRANSFER, ONHOLD";
      case TransferInput.TransferorRetrieved i -> "LINECALLSTATE_CONNECTED of the original call";
      case TransferInput.ConsultationOpened i -> "LINECALLSTATE_DIALTONE of the consultation call";
      case TransferInput.ConsultationOver i -> "LINECALLSTATE_IDLE of the consultation call";
      case TransferInput.TargetAlerting i -> "LINECALLSTATE_RINGBACK";
      case TransferInput.TargetBusy i -> "LINECALLSTATE_BUSY";
      case TransferInput.TargetAnswered i -> "LINECALLSTATE_CONNECTED of the consultation call";
      case TransferInput.TargetFailed i -> "LINECALLSTATE_DISCONNECTED of the target, not answered";
      case TransferInput.TargetLeft i -> "LINECALLSTATE_DISCONNECTED of the target, answered";
      case TransferInput.TransferorLeft i -> "the transferor hangs up";
      case TransferInput.TransfereeLeft i -> "the held party hangs up";
      case TransferInput.Joined i -> "both calls are idle, transferee and target are in one";
      case TransferInput.Conferenced i -> "LINECALLSTATE_CONFERENCED";
      case TransferInput.Overtaken i -> "a phone, the PBX or its operator moves the call";
      case TransferInput.StepAccepted i -> "LINE_REPLY, no error: an acknowledgement";
      case TransferInput.StepRefused i -> "LINE_REPLY with an error";
      case TransferInput.StepFailed i -> "a command that was accepted has failed";
      case TransferInput.DeadlinePassed i -> "a timeout never asserts failure";
      case TransferInput.ProviderLost i -> "LINEDEVSTATE_REMOVED, or the link is gone";
      case TransferInput.SnapshotTaken i -> "the provider's snapshot is asked first";
    };
  }

  private static List<TransferState> states() {
    Deadline deadline = Deadline.FIRST;
    List<TransferState> states = new ArrayList<>();
    states.add(new Redirecting(deadline, false));
    states.add(new Redirecting(deadline, true));
    states.add(new Holding(deadline, false));
    states.add(new Holding(deadline, true));
    for (TargetState target : TargetState.values()) {
      for (Focus focus : Focus.values()) {
        states.add(new Consulting(deadline, focus, target, Optional.empty(), Optional.empty()));
      }
    }
    states.add(
        new Consulting(
            deadline, Focus.TARGET, TargetState.UNDIALLED, Optional.of(TARGET), Optional.empty()));
    states.add(
        new Consulting(
            deadline,
            Focus.TARGET,
            TargetState.DIALLING,
            Optional.of(TARGET),
            Optional.of(Cause.of(Cause.Code.BUSY))));
    for (TargetState target : List.of(TargetState.ANSWERED, TargetState.FAILED)) {
      states.add(
          new Consulting(
              deadline, Focus.TARGET, target, Optional.empty(), Optional.of(CAUSE), true));
    }
    for (Completing.Stage stage : Completing.Stage.values()) {
      states.add(new Completing(deadline, CompleteAs.TRANSFER, stage, false));
      states.add(new Completing(deadline, CompleteAs.CONFERENCE, stage, false));
      states.add(new Completing(deadline, CompleteAs.CONFERENCE, stage, true));
    }
    for (Reverting.Aim aim : Reverting.Aim.values()) {
      for (boolean settled : List.of(true, false)) {
        states.add(new Reverting(deadline, aim, 0, CAUSE, settled, Reverting.Undo.NOTHING));
        states.add(new Reverting(deadline, aim, 1, CAUSE, settled, Reverting.Undo.HOLD));
      }
    }
    for (boolean settled : List.of(true, false)) {
      states.add(
          new Reverting(deadline, Reverting.Aim.RECALL, 1, CAUSE, settled, Reverting.Undo.RUNG));
    }
    for (Reverting.Undo undone :
        List.of(Reverting.Undo.NEW_CALL, Reverting.Undo.NEW_CALL_TOO, Reverting.Undo.HOLD_STILL)) {
      states.add(new Reverting(deadline, Reverting.Aim.RESTORE, 0, CAUSE, true, undone));
    }
    states.add(
        new Reverting(
            deadline.thenAsked(), Reverting.Aim.RESTORE, 0, CAUSE, true, Reverting.Undo.HOLD));
    states.add(new Redirecting(deadline.thenAsked(), false));
    states.add(new Redirecting(deadline.thenAsked(), true));
    states.add(new Redirecting(deadline.thenLost(), false));
    states.add(new Ended(new TransferOutcome.Reverted(TransferOutcome.Evidence.VERIFIED, CAUSE)));
    return states;
  }

  private static List<Effect.Act> acts() {
    return List.of(
        new Effect.RedirectCall(TARGET, ReleaseWhen.ON_ANSWER),
        new Effect.OpenConsultation(Optional.empty()),
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
        new Effect.ClearRest());
  }

  private static List<TransferInput> inputs() {
    List<TransferInput> inputs =
        new ArrayList<>(
            List.of(
                new TransferInput.DialRequested(TARGET),
                new TransferInput.AlternateRequested(),
                new TransferInput.CompleteRequested(CompleteAs.TRANSFER),
                new TransferInput.CompleteRequested(CompleteAs.CONFERENCE),
                new TransferInput.CancelRequested(),
                new TransferInput.TransferorHeld(),
                new TransferInput.TransferorRetrieved(),
                new TransferInput.ConsultationOpened(),
                new TransferInput.ConsultationOver(CAUSE),
                new TransferInput.TargetAlerting(),
                new TransferInput.TargetBusy(),
                new TransferInput.TargetAnswered(),
                new TransferInput.TargetFailed(CAUSE),
                new TransferInput.TargetLeft(CAUSE),
                new TransferInput.TransferorLeft(CAUSE),
                new TransferInput.TransfereeLeft(CAUSE),
                new TransferInput.Joined(),
                new TransferInput.Conferenced(),
                new TransferInput.Overtaken(),
                new TransferInput.DeadlinePassed(1),
                new TransferInput.DeadlinePassed(0),
                new TransferInput.ProviderLost(CAUSE),
                new TransferInput.SnapshotTaken()));
    for (Effect.Act act : acts()) {
      inputs.add(new TransferInput.StepAccepted(act));
      inputs.add(
          new TransferInput.StepRefused(act, ProviderReply.Refused.of(Reason.NOT_SUPPORTED, "no")));
      inputs.add(
          new TransferInput.StepRefused(
              act, ProviderReply.Refused.of(Reason.INVALID_ADDRESS, "no")));
      inputs.add(new TransferInput.StepFailed(act, CAUSE));
    }
    return inputs;
  }

  private static Connection at(ConnectionId who, ConnectionState how) {
    return Connection.of(who, new Address(who.value()), "", how);
  }

  /** Wherever the parties may be. */
  private static List<Topology> topologies() {
    Connection alice = at(Scene.ALICE, ConnectionState.CONNECTED);
    Connection bob = at(Scene.BOB, ConnectionState.CONNECTED);
    Connection held = at(Scene.BOB, ConnectionState.ON_HOLD_PENDING_TRANSFER);
    Connection carol = at(Scene.CAROL, ConnectionState.CONNECTED);
    Connection rings = at(Scene.CAROL, ConnectionState.OFFERING);
    Connection waits = alice.heldByThem(true);
    return List.of(
        look(List.of(), List.of()),
        look(List.of(alice, bob), List.of()),
        look(List.of(waits, held), List.of()),
        look(List.of(waits, held), List.of(at(Scene.BOB, ConnectionState.DIALTONE))),
        look(List.of(waits, held), List.of(at(Scene.BOB, ConnectionState.RINGBACK), rings)),
        look(List.of(waits, held), List.of(at(Scene.BOB, ConnectionState.BUSY))),
        look(List.of(waits, held), List.of(bob, carol)),
        look(List.of(alice, bob), List.of(held, carol.heldByThem(true))),
        look(List.of(waits, held, rings), List.of()),
        look(List.of(alice, bob, rings), List.of()),
        look(List.of(waits), List.of()),
        look(List.of(waits), List.of(bob, carol)),
        look(List.of(waits), List.of(carol)),
        look(List.of(waits, rings), List.of()),
        look(List.of(alice, carol), List.of()),
        look(List.of(bob, carol), List.of()),
        look(List.of(), List.of(bob, carol)),
        Topology.of(
            Scene.BOB,
            Set.of(),
            Set.of(Scene.ALICE, Scene.BOB),
            Set.of(Scene.DAVE),
            List.of(alice, at(Scene.DAVE, ConnectionState.CONNECTED)),
            List.of()),
        look(
            List.of(
                alice.in(ConnectionState.CONFERENCED),
                bob.in(ConnectionState.CONFERENCED),
                carol.in(ConnectionState.CONFERENCED)),
            List.of()));
  }

  private static Topology look(List<Connection> home, List<Connection> away) {
    return Topology.of(Scene.BOB, Set.of(Scene.ALICE, Scene.BOB), home, away);
  }

  private static final List<Topology> PLACES = topologies();
  private static final Map<TransferPlan.Kind, List<TransferView>> VIEWS =
      java.util.Arrays.stream(TransferPlan.Kind.values())
          .collect(Collectors.toMap(kind -> kind, MachineTableTest::views));

  private static List<TransferView> views(TransferPlan.Kind kind) {
    TransferTarget target =
        kind == TransferPlan.Kind.HELD_CALL
            ? new TransferTarget.Held(new SessionId(2))
            : new TransferTarget.To(TARGET);
    List<TransferView> views = new ArrayList<>();
    for (CompleteWhen complete : List.of(CompleteWhen.MANUAL, CompleteWhen.ON_RINGING)) {
      TransferPlan plan =
          Scene.plan(
              kind,
              complete,
              ReleaseWhen.ON_ANSWER,
              new RecallRung.ToTransferor(),
              new RecallRung.ToAddress(new Address("104")));
      for (Set<Trait> traits : List.of(Set.<Trait>of(), Set.of(Trait.values()))) {
        Capabilities capabilities = Capabilities.of(Set.of(Operation.values()), traits);
        for (boolean unanswered : List.of(false, true)) {
          PLACES.forEach(
              now -> views.add(new TransferView(plan, target, capabilities, now, unanswered)));
        }
      }
    }
    return views;
  }

  /** What one cell does: of all places of the parties, each thing that it does differently. */
  private static Set<String> cell(
      TransferState state, TransferInput input, TransferPlan.Kind kind) {
    Set<Step> steps = new LinkedHashSet<>();
    for (TransferView view : VIEWS.get(kind)) {
      Step step = state.on(input, view);
      assertThat(step.why()).as("%s on %s", state, input).isNotBlank();
      assertThat(step.refusal().isPresent() && !step.effects().isEmpty())
          .as("a refused request changes nothing: %s on %s", state, input)
          .isFalse();
      if (step.refusal().isPresent()) {
        assertThat(step.next()).isEqualTo(state);
      }
      if (state instanceof Ended) {
        assertThat(step.next()).as("an outcome is set once").isEqualTo(state);
      }
      steps.add(step);
    }
    return steps.stream()
        .map(step -> does(state, step))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static String does(TransferState state, Step step) {
    String next = name(step.next());
    String effects =
        step.effects().stream()
            .filter(e -> !(e instanceof Effect.Arm))
            .map(e -> e.getClass().getSimpleName())
            .collect(Collectors.joining(", "));
    return (next.equals(name(state)) ? "" : "→ " + next + " ")
        + (effects.isEmpty() ? "" : "[" + effects + "] ")
        + (step.refusal().isPresent() ? "refused: " : "")
        + step.why();
  }

  @Test
  void hasNoEmptyCell() throws IOException {
    // Where kinds of plan do the same, they share a line.
    StringBuilder table =
        new StringBuilder("| state | input | clause | plans | what it does, and why |\n");
    table.append("|---|---|---|---|---|\n");
    int visited = 0;
    int lines = 0;
    for (TransferState state : states()) {
      for (TransferInput input : inputs()) {
        Map<String, List<String>> byDoing = new LinkedHashMap<>();
        for (TransferPlan.Kind kind : TransferPlan.Kind.values()) {
          String does = String.join("; ", cell(state, input, kind));
          assertThat(does).as("%s on %s under %s", state, input, kind).isNotBlank();
          byDoing.computeIfAbsent(does, d -> new ArrayList<>()).add(kind.text());
          visited++;
        }
        for (Map.Entry<String, List<String>> cell : byDoing.entrySet()) {
          boolean all = cell.getValue().size() == TransferPlan.Kind.values().length;
          table.append(
              "| %s | %s | %s | %s | %s |%n"
                  .formatted(
                      name(state),
                      name(input),
                      clause(input),
                      all ? "all" : String.join(", ", cell.getValue()),
                      cell.getKey()));
          lines++;
        }
      }
    }
    Path file = Path.of("target", "machine-table.md");
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, table);
    System.out.printf(
        "the table of the machine: %d states and variants x %d inputs x %d kinds of plan = %d cells,"
            + " all visited, none empty, %d lines in %s%n",
        states().size(), inputs().size(), TransferPlan.Kind.values().length, visited, lines, file);

    assertThat(visited)
        .isEqualTo(states().size() * inputs().size() * TransferPlan.Kind.values().length);
    assertThat(inputs().stream().map(TransferInput::kind).distinct())
        .as("every kind of input is in the table")
        .hasSize(kinds(TransferInput.class));
    assertThat(states().stream().map(Object::getClass).distinct())
        .as("every state is in the table")
        .hasSize(kinds(TransferState.class));
    assertThat(acts().stream().map(Object::getClass).distinct())
        .as("every act is in the table")
        .hasSize(kinds(Effect.Act.class));
  }

  private static String name(TransferInput input) {
    return switch (input) {
      case TransferInput.CompleteRequested r -> "CompleteRequested(" + r.as().text() + ")";
      case TransferInput.StepRefused r ->
          "StepRefused(" + act(r.act()) + ", " + r.reply().reason().text() + ")";
      case TransferInput.Fate f -> f.kind() + "(" + act(f.act()) + ")";
      case TransferInput.DeadlinePassed d ->
          d.token() == 1 ? "DeadlinePassed" : "DeadlinePassed(stale)";
      default -> input.kind();
    };
  }

  private static String act(Effect.Act act) {
    return act instanceof Effect.JoinCalls join
        ? "JoinCalls " + join.as().text()
        : act.getClass().getSimpleName();
  }

  private static String name(TransferState state) {
    String time =
        state instanceof TransferState.Live live
            ? (live.deadline().asked() ? ", asked" : "") + (live.deadline().lost() ? ", lost" : "")
            : "";
    return (switch (state) {
              case Consulting c ->
                  "Consulting(focus "
                      + c.focus().text()
                      + ", "
                      + c.target().text()
                      + (c.redial().isPresent() ? ", redial" : "")
                      + (c.alone() ? ", alone" : "");
              case Reverting r ->
                  "Reverting("
                      + r.aim()
                      + (r.rung() > 0 ? ", try or rung " + r.rung() : "")
                      + (r.settled() ? "" : ", unsettled")
                      + (r.undone() == Reverting.Undo.NOTHING ? "" : ", undone " + r.undone());
              case Completing c ->
                  "Completing(" + c.as().text() + ", " + c.stage() + (c.drop() ? ", drop" : "");
              case Holding h -> "Holding(" + (h.placed() ? "placed" : "");
              case Redirecting r -> "Redirecting(" + (r.doubted() ? "doubted" : "");
              case Ended e -> "Ended(" + e.outcome().text();
            }
            + time
            + ")")
        .replace("(, ", "(")
        .replace("()", "");
  }

  private static int kinds(Class<?> sealedType) {
    int kinds = 0;
    for (Class<?> permitted : sealedType.getPermittedSubclasses()) {
      kinds += permitted.isRecord() ? 1 : kinds(permitted);
    }
    return kinds;
  }
}
