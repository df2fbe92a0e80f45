package org.jackfield.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Reason;
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

/** Every state takes every input and says why it did what it did; the table is printed. */
class MachineTableTest {
  private static final Cause CAUSE = Cause.of(Cause.Code.UNKNOWN);
  private static final Effect.Act ACT = new Effect.JoinCalls(CompleteAs.TRANSFER);

  private static List<TransferState> states() {
    Deadline deadline = Deadline.FIRST;
    List<TransferState> states = new ArrayList<>();
    states.add(new Redirecting(deadline));
    states.add(new Holding(deadline, false));
    for (TargetState target : TargetState.values()) {
      states.add(
          new Consulting(deadline, Focus.TARGET, target, Optional.empty(), Optional.empty()));
    }
    states.add(new Completing(deadline, CompleteAs.TRANSFER, Completing.Stage.JOINING, false));
    for (Reverting.Aim aim : Reverting.Aim.values()) {
      states.add(new Reverting(deadline, aim, 0, CAUSE, true, Reverting.Undo.NOTHING));
    }
    states.add(new Ended(new TransferOutcome.Reverted(TransferOutcome.Evidence.VERIFIED, CAUSE)));
    return states;
  }

  private static List<TransferInput> inputs() {
    return List.of(
        new TransferInput.DialRequested(new Address("103")),
        new TransferInput.AlternateRequested(),
        new TransferInput.CompleteRequested(CompleteAs.TRANSFER),
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
        new TransferInput.StepAccepted(ACT),
        new TransferInput.StepRefused(ACT, ProviderReply.Refused.of(Reason.REFUSED_BY_PBX, "no")),
        new TransferInput.StepFailed(ACT, CAUSE),
        new TransferInput.DeadlinePassed(1),
        new TransferInput.ProviderLost(CAUSE),
        new TransferInput.SnapshotTaken());
  }

  @Test
  void hasNoEmptyCell() {
    TransferPlan plan =
        Scene.plan(
            TransferPlan.Kind.CONSULTATION,
            CompleteWhen.MANUAL,
            ReleaseWhen.ON_ANSWER,
            new RecallRung.ToTransferor());
    Topology now = Topology.of(Scene.BOB, Set.of(Scene.ALICE, Scene.BOB), List.of(), List.of());
    TransferView view =
        new TransferView(plan, new TransferTarget.To(new Address("103")), Capabilities.NONE, now);

    StringBuilder table = new StringBuilder("state | input | next | why\n");
    for (TransferState state : states()) {
      for (TransferInput input : inputs()) {
        Step step = state.on(input, view);
        assertThat(step.why()).as("%s on %s", state, input.kind()).isNotBlank();
        table.append(
            "%s | %s | %s | %s%n"
                .formatted(name(state), input.kind(), name(step.next()), step.why()));
      }
    }
    System.out.print(table);

    assertThat(inputs().stream().map(TransferInput::kind).distinct())
        .as("every kind of input is in the table")
        .hasSize(kinds(TransferInput.class));
  }

  private static String name(TransferState state) {
    return switch (state) {
      case Consulting c -> "Consulting(" + c.target().text() + ")";
      case Reverting r -> "Reverting(" + r.aim() + ")";
      case TransferState.Live l -> l.getClass().getSimpleName();
      case Ended e -> "Ended";
    };
  }

  private static int kinds(Class<?> sealedType) {
    int kinds = 0;
    for (Class<?> permitted : sealedType.getPermittedSubclasses()) {
      kinds += permitted.isRecord() ? 1 : kinds(permitted);
    }
    return kinds;
  }
}
