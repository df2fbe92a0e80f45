package org.jackfield.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.provider.Handover;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Reason;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.ReleaseWhen;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What every driver keeps. Extend it, give it a {@link Testbed}, and run it as a JUnit test.
 *
 * <p>The names begin with the rule in {@code org.jackfield.api.provider} that they hold.
 */
public abstract class TelephonyDriverContract {

  /** A PBX for one test. */
  protected abstract Testbed testbed();

  @Test
  public void r1OpeningReturnsAndTheLinkComesUpByItself() {
    try (Testbed bed = testbed();
        Opened pbx = new Opened(bed)) {
      assertThat(pbx.facts().getFirst()).isInstanceOf(ProviderEvent.LinkUp.class);
      assertThat(bed.driver().schema()).isNotNull();
    }
  }

  @Test
  public void r2TheProbeChangesNothing() {
    try (Scene s = new Scene(testbed())) {
      s.aliceAndBobTalk();
      var before = s.pbx.picture().copy();

      assertThat(s.bed.driver().probe(s.bed.config()).usable()).isTrue();

      s.pbx.snapshot();
      assertThat(s.pbx.picture().copy()).isEqualTo(before);
      s.leaveNothing();
    }
  }

  @Test
  public void r2TheProbeOfAPbxThatIsNotThereSaysSo() {
    try (Testbed bed = testbed()) {
      var report = bed.driver().probe(bed.unreachable());

      assertThat(report.usable()).isFalse();
      assertThat(report.findings()).allSatisfy(f -> assertThat(f.text()).isNotBlank());
    }
  }

  @Test
  public void r6CallsThatPhonesMakeAreSeenAndKeepTheirNamesOverANewOpen() {
    try (Scene s = new Scene(testbed())) {
      s.bed.call(s.alice, s.bob);
      CallId call = s.awaitTalking(s.alice, s.bob);
      ConnectionId alice = s.id(call, s.alice);
      s.pbx.closeProvider();

      try (Opened again = new Opened(s.bed)) {
        assertThat(again.picture().talking(s.alice, s.bob)).contains(call);
        assertThat(again.picture().party(call, s.alice).orElseThrow().id()).isEqualTo(alice);
        again.ask(new Command.ClearAll(Opened.newCommand(), call));
        again.await("gone", p -> !p.isAnywhere(s.alice) && !p.isAnywhere(s.bob));
      }
    }
  }

  @Test
  public void r9ALostLinkIsToldAndRepairedAndTheSnapshotIsThePbxsOwn() {
    try (Scene s = new Scene(testbed())) {
      CallId call = s.aliceAndBobTalk();

      s.bed.cutLink();
      s.pbx.awaitFact("R9: LinkDown", ProviderEvent.LinkDown.class, 1);
      s.pbx.awaitFact("R9: LinkUp", ProviderEvent.LinkUp.class, 2);
      s.pbx.snapshot();

      assertThat(s.awaitTalking(s.alice, s.bob)).as("the calls live on").isEqualTo(call);
      s.leaveNothing();
    }
  }

  @Test
  public void r9ASnapshotSaysWhatTheFactsHaveSaid() {
    try (Scene s = new Scene(testbed())) {
      s.aliceAndBobTalk();
      var told = s.pbx.picture().copy();

      s.pbx.snapshot();

      assertThat(s.pbx.picture().copy()).isEqualTo(told);
      s.leaveNothing();
    }
  }

  @Test
  public void r10CloseLeavesTheCallsAndNothingElse() {
    try (Scene s = new Scene(testbed())) {
      CallId call = s.aliceAndBobTalk();
      s.pbx.closeProvider();
      assertThat(s.pbx.tasksLeft()).as("timers of the driver").isZero();

      try (Opened other = new Opened(s.bed)) {
        assertThat(other.picture().talking(s.alice, s.bob)).contains(call);
        other.ask(new Command.ClearAll(Opened.newCommand(), call));
        other.await("gone", p -> !p.isAnywhere(s.alice) && !p.isAnywhere(s.bob));
      }
      assertThat(s.pbx.toldAfterClose()).as("facts after the close").isZero();
      s.pbx.closeProvider();
    }
  }

  @Test
  public void r11AnotherOneGoesOnWithWhatIsHalfDone() {
    boolean holds = declared().permits(Operation.HOLD);
    try (Scene s = new Scene(testbed())) {
      CallId call = halfDone(s, holds);
      var told = s.pbx.picture().copy();

      try (Opened next = new Opened(s.bed)) {
        Optional<Handover> handover = s.pbx.handOver();
        next.takeOver(handover);
        s.pbx.closeProvider();

        next.snapshot();
        assertThat(next.picture().copy()).as("nothing has changed by that").isEqualTo(told);
        goOn(next, s, call, holds);
        next.ask(new Command.ClearAll(Opened.newCommand(), call));
        next.await("gone", p -> !p.isAnywhere(s.alice) && !p.isAnywhere(s.bob));
      }
      assertThat(s.pbx.toldAfterClose()).as("facts after the close").isZero();
    }
  }

  @Test
  public void r11WhatIsGivenBackGoesOnWhereItWas() {
    boolean holds = declared().permits(Operation.HOLD);
    try (Scene s = new Scene(testbed())) {
      CallId call = halfDone(s, holds);
      var told = s.pbx.picture().copy();

      s.pbx.takeOver(s.pbx.handOver());

      assertThat(s.pbx.picture().copy()).as("nothing has changed by that").isEqualTo(told);
      goOn(s.pbx, s, call, holds);
      s.leaveNothing();
    }
  }

  /** A call that the driver itself may have to keep. */
  private static CallId halfDone(Scene s, boolean holds) {
    CallId call = s.aliceAndBobTalk();
    if (holds) {
      ConnectionId bob = s.id(call, s.bob);
      s.pbx.does(new Command.Hold(Opened.newCommand(), call, bob));
      s.pbx.await(
          "bob holds", p -> p.is(call, s.bob, ConnectionState.ON_HOLD) && p.waits(call, s.alice));
    }
    return call;
  }

  private static void goOn(Opened pbx, Scene s, CallId call, boolean holds) {
    if (holds) {
      pbx.does(new Command.Retrieve(Opened.newCommand(), call, s.id(call, s.bob)));
    }
    pbx.await("they talk", p -> p.talking(s.alice, s.bob).filter(call::equals).isPresent());
  }

  /** One test for each thing that the declaration promises. */
  @TestFactory
  public Stream<DynamicTest> r8WhatIsDeclaredWorks() {
    Capabilities declared = declared();
    List<Scenario> all = new ArrayList<>(CallScenarios.all());
    all.addAll(BlindScenarios.all());
    all.addAll(ConsultationScenarios.all());
    return all.stream()
        .filter(scenario -> scenario.applies().test(declared))
        .map(scenario -> DynamicTest.dynamicTest(scenario.name(), () -> play(scenario)));
  }

  private void play(Scenario scenario) {
    try (Scene s = new Scene(testbed())) {
      scenario.play().in(s);
      s.leaveNothing();
    }
  }

  /** One test for each operation that the declaration does not have. */
  @TestFactory
  public Stream<DynamicTest> r8WhatIsNotDeclaredIsRefused() {
    Capabilities declared = declared();
    return Stream.of(Operation.values())
        .filter(operation -> !declared.permits(operation))
        .filter(operation -> operation != Operation.CONFERENCE)
        .map(operation -> DynamicTest.dynamicTest(operation.text(), () -> refuses(operation)));
  }

  private void refuses(Operation operation) {
    try (Scene s = new Scene(testbed())) {
      CallId call = s.aliceAndBobTalk();

      ProviderReply reply = s.pbx.ask(command(s, operation, call));

      assertThat(reply).isInstanceOf(ProviderReply.Refused.class);
      assertThat(((ProviderReply.Refused) reply).reason()).isEqualTo(Reason.NOT_SUPPORTED);
      s.pbx.snapshot();
      assertThat(s.awaitTalking(s.alice, s.bob)).isEqualTo(call);
      s.leaveNothing();
    }
  }

  private static Command command(Scene s, Operation operation, CallId call) {
    CommandId id = Opened.newCommand();
    ConnectionId bob = s.id(call, s.bob);
    CallId other = Opened.newCall();
    return switch (operation) {
      case MAKE_CALL -> new Command.MakeCall(id, other, s.carol, s.bed.ringing());
      case HOLD -> new Command.Hold(id, call, bob);
      case RETRIEVE -> new Command.Retrieve(id, call, bob);
      case ALTERNATE -> new Command.Alternate(id, other, call, bob);
      case BLIND_TRANSFER ->
          new Command.BlindTransfer(id, call, bob, s.carol, ReleaseWhen.ON_ACCEPT);
      case CONSULT -> new Command.Consult(id, call, bob, other, Optional.empty());
      case ONE_STEP_CONSULT -> new Command.Consult(id, call, bob, other, Optional.of(s.carol));
      case DIAL -> new Command.Dial(id, call, bob, s.carol);
      case COMPLETE -> new Command.Complete(id, call, other, bob, CompleteAs.TRANSFER);
      case CONFERENCE -> new Command.Complete(id, call, other, bob, CompleteAs.CONFERENCE);
      case REDIRECT -> new Command.Redirect(id, call, bob, s.carol);
      case RECALL -> new Command.Recall(id, call, bob, s.carol);
      case PARK -> new Command.Park(id, call, bob, s.carol);
      case CLEAR -> new Command.Clear(id, call, bob);
    };
  }

  private Capabilities declared() {
    try (Testbed bed = testbed();
        Opened pbx = new Opened(bed)) {
      return pbx.capabilities();
    }
  }
}
