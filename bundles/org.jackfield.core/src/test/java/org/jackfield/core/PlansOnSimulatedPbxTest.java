package org.jackfield.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jackfield.core.CoreFixture.ALICE;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.OperationReply;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.session.SessionRequest;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.PlanReply;
import org.jackfield.api.transfer.RecallRung;
import org.jackfield.api.transfer.Timeouts;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferPlan;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferStep;
import org.jackfield.api.transfer.TransferTarget;
import org.jackfield.pbx.simulated.Control;
import org.jackfield.provider.simulated.SimulatedPbx;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each kind of plan on the whole core and a simulated PBX that has it, under virtual time: 1001 has
 * been called by 1002, who transfers. What is executed is what was planned; outcome, cause and
 * final topology are asserted together.
 */
class PlansOnSimulatedPbxTest {
  private static final Address TRANSFEREE = new Address("1001");
  private static final Address TRANSFEROR = new Address("1002");

  private final VirtualTime time = new VirtualTime();
  private SimulatedPbx pbx;
  private CoreFixture core;
  private int ids;

  private void open(String profile) {
    pbx = new SimulatedPbx(time, time, 1, profile);
    core = new CoreFixture(time, 1);
    core.core
        .providers()
        .addDriver(
            pbx.driver(),
            Map.of("org.jackfield.driver.name", "simulated"),
            org.osgi.framework.Version.parseVersion("1"),
            "simulated");
    core.core.providers().configure("pbx", Map.of("driver", "simulated"));
    core.pass(Duration.ofSeconds(1));
  }

  private Session call(Address from, Address to) {
    OperationReply reply =
        core.answer(
            () ->
                core.core.sessions().operate(new SessionRequest.MakeCall(ALICE, "pbx", from, to)));
    SessionId id = ((OperationReply.Accepted) reply).status().session();
    core.pass(Duration.ofSeconds(30));
    Session session = core.core.sessions().find(id).orElseThrow();
    assertThat(session.state()).isEqualTo(ConnectionState.CONNECTED);
    return session;
  }

  private static Party party(Session session, Address address) {
    return session.parties().stream()
        .filter(p -> p.address().equals(address))
        .findFirst()
        .orElseThrow();
  }

  private void hold(Session session) {
    core.core
        .sessions()
        .operate(
            new SessionRequest.Hold(
                ALICE, session.id(), party(session, TRANSFEROR).id(), OptionalLong.empty()));
    core.pass(Duration.ofSeconds(1));
  }

  /** An address, or a call with 1003 that the transferor holds. */
  private TransferTarget target(String target) {
    if (!target.equals("held")) {
      return new TransferTarget.To(new Address(target));
    }
    Session held = call(TRANSFEROR, new Address("1003"));
    hold(held);
    return new TransferTarget.Held(held.id());
  }

  private TransferRequest request(
      Session session,
      TransferTarget target,
      TransferMode mode,
      Optional<CompleteWhen> complete,
      Timeouts timeouts,
      RecallRung... recall) {
    return new TransferRequest(
        ALICE,
        session.id(),
        Optional.of(party(session, TRANSFEROR).id()),
        target,
        mode,
        complete,
        Optional.empty(),
        CompleteAs.TRANSFER,
        Set.of(),
        Optional.of(timeouts),
        List.of(recall),
        OptionalLong.empty(),
        "");
  }

  private Transfer accepted(TransferRequest request) {
    TransferReply reply = core.answer(() -> core.core.transfers().transfer(request));
    assertThat(reply).isInstanceOf(TransferReply.Accepted.class);
    return ((TransferReply.Accepted) reply).transfer();
  }

  private Transfer now(Transfer transfer) {
    return core.core.transfers().find(transfer.id()).orElseThrow();
  }

  /** Who talks with whom, each call as its parties' addresses. */
  private Set<String> talks() {
    Set<String> talks = new TreeSet<>();
    for (Session session : core.sessions()) {
      Set<String> in = new TreeSet<>();
      for (Party party : session.parties()) {
        in.add(
            party.address()
                + (party.state().isHeld()
                    ? " holds"
                    : party.state().isTalking() ? "" : " " + party.state().text()));
      }
      talks.add(String.join("+", in));
    }
    return talks;
  }

  private static List<String> executed(Transfer transfer) {
    return transfer.timeline().stream()
        .filter(line -> line.kind().equals("command") && !line.text().contains("withdrawn"))
        .map(line -> line.text().split(" ")[0])
        .toList();
  }

  /** Without the step that is only for a PBX which does not complete as a transfer. */
  private static List<String> planned(TransferPlan plan) {
    return plan.steps().stream()
        .filter(step -> step.operation() != Operation.CONFERENCE)
        .map(step -> step.operation().text())
        .toList();
  }

  private static final Timeouts TIMEOUTS =
      new Timeouts(Duration.ofSeconds(20), Duration.ofMinutes(10), Duration.ofSeconds(8));

  /**
   * Columns: profile, mode, target ({@code held}: 1002 holds a call with 1003), the plan, the
   * outcome and its cause, who talks in the end, whether all the steps were executed as planned.
   */
  @ParameterizedTest(name = "{0}, {1} to {2}: {3}, {4}")
  @CsvSource(
      textBlock =
"""
full,           AUTO,         6001, BLIND,               completed, normal,   1001+6001, yes
full,           CONSULTATION, held, HELD_CALL,           completed, normal,   1001+1003, yes
full,           CONSULTATION, 6001, CONSULTATION,        completed, normal,   1001+6001, yes
full,           CONSULTATION, 6002, CONSULTATION,        reverted,  busy,     1001+1002, no
full,           ONE_STEP,     6001, ONE_STEP,            completed, normal,   1001+6001, yes
heldOrMakeOnly, CONSULTATION, held, HELD_CALL,           completed, normal,   1001+1003, yes
heldOrMakeOnly, CONSULTATION, 6001, NEW_CALL,            completed, normal,   1001+6001, yes
heldOrMakeOnly, CONSULTATION, 6002, NEW_CALL,            reverted,  busy,     1001+1002, no
heldOrMakeOnly, CONSULTATION, 6003, NEW_CALL,            reverted,  noAnswer, 1001+1002, no
heldOrMakeOnly, CONSULTATION, 6004, NEW_CALL,            reverted,  reject,   1001+1002, no
heldOrMakeOnly, CONSULTATION, 6005, NEW_CALL,            reverted,  badAddress, 1001+1002, no
heldOrMakeOnly, BLIND,        6001, EARLY_COMPLETION,    completed, normal,   1001+6001, yes
heldOrMakeOnly, BLIND,        6003, EARLY_COMPLETION,    recalled,  noAnswer, 1001+1002, no
heldOrMakeOnly, BLIND,        6004, EARLY_COMPLETION,    recalled,  reject,   1001+1002, no
oneStepOnly,    BLIND,        6001, EARLY_COMPLETION,    completed, normal,   1001+6001, yes
oneStepOnly,    BLIND,        6002, EARLY_COMPLETION,    reverted,  busy,     1001+1002, no
oneStepOnly,    BLIND,        6003, EARLY_COMPLETION,    recalled,  noAnswer, 1001+1002, no
oneStepOnly,    BLIND,        6004, EARLY_COMPLETION,    recalled,  reject,   1001+1002, no
noConsultation, BLIND,        6001, BLIND,               completed, normal,   1001+6001, yes
noConsultation, BLIND,        6004, BLIND,               recalled,  reject,   1001+1002, no
conferenceOnly, CONSULTATION, 6001, CONFERENCE_AND_DROP, completed, normal,   1001+6001, yes
conferenceOnly, CONSULTATION, 6002, CONFERENCE_AND_DROP, reverted,  busy,     1001+1002, no
triState,       CONSULTATION, 6001, CONSULTATION,        completed, normal,   1001+6001, yes
""")
  void isExecutedAsPlannedAndEndsAsItSays(
      String profile,
      TransferMode mode,
      String target,
      TransferPlan.Kind kind,
      String outcome,
      String cause,
      String talk,
      String asPlanned) {
    // given
    open(profile);
    TransferTarget to = target(target);
    Session session = call(TRANSFEROR, TRANSFEREE);
    TransferRequest request =
        request(
            session,
            to,
            mode,
            mode == TransferMode.BLIND || mode == TransferMode.AUTO
                ? Optional.empty()
                : Optional.of(CompleteWhen.ON_ANSWER),
            TIMEOUTS);
    PlanReply dry = core.answer(() -> core.core.transfers().plan(request));

    // when
    Transfer accepted = accepted(request);
    core.pass(Duration.ofMinutes(3));

    // then
    Transfer ended = now(accepted);
    String log = String.join("\n", ended.timeline().stream().map(Object::toString).toList());
    assertThat(ended.plan().kind()).isEqualTo(kind);
    assertThat(((PlanReply.Planned) dry).plan()).isEqualTo(ended.plan());
    assertThat(ended.outcome()).as(log).isPresent();
    assertThat(ended.outcome().get().text()).as(log).isEqualTo(outcome);
    assertThat(ended.outcome().get().cause().code().text()).as(log).isEqualTo(cause);
    assertThat(ended.outcome().get().evidence().verified()).isTrue();
    assertThat(talks()).as(log).containsExactly(talk);
    if (asPlanned.equals("yes")) {
      assertThat(executed(ended)).as(log).isEqualTo(planned(ended.plan()));
    }
  }

  @Test
  void aHeldCallIsHeldAgainWhenTheTransferIsCancelledAfterAnyNumberOfAlternations() {
    // given
    open("heldOrMakeOnly");
    Session held = call(TRANSFEROR, new Address("1003"));
    hold(held);
    Session session = call(TRANSFEROR, TRANSFEREE);
    Transfer transfer =
        accepted(
            request(
                session,
                new TransferTarget.Held(held.id()),
                TransferMode.CONSULTATION,
                Optional.of(CompleteWhen.MANUAL),
                TIMEOUTS));
    core.pass(Duration.ofSeconds(2));
    assertThat(talks()).containsExactlyInAnyOrder("1002+1003", "1001+1002 holds");
    for (int i = 0; i < 4; i++) {
      core.answer(
          () -> core.core.transfers().step(new TransferStep.Alternate(ALICE, transfer.id())));
      core.pass(Duration.ofSeconds(2));
    }
    assertThat(talks()).containsExactlyInAnyOrder("1002+1003", "1001+1002 holds");

    // when
    core.answer(() -> core.core.transfers().step(new TransferStep.Cancel(ALICE, transfer.id())));
    core.pass(Duration.ofSeconds(2));

    // then
    assertThat(now(transfer).outcome().orElseThrow().text()).isEqualTo("reverted");
    assertThat(talks()).containsExactlyInAnyOrder("1001+1002", "1002 holds+1003");
  }

  @Test
  void aPersonMayDialAnotherTargetFromANewCallThatFailed() {
    // given
    open("heldOrMakeOnly");
    Session session = call(TRANSFEROR, TRANSFEREE);
    Transfer transfer =
        accepted(
            request(
                session,
                new TransferTarget.To(new Address("6004")),
                TransferMode.CONSULTATION,
                Optional.of(CompleteWhen.MANUAL),
                new Timeouts(
                    Duration.ofSeconds(20), Duration.ofMinutes(10), Duration.ofSeconds(60))));
    core.pass(Duration.ofSeconds(40));

    // when
    core.answer(
        () ->
            core.core
                .transfers()
                .step(
                    new TransferStep.Dial(ALICE, transfer.id(), Optional.of(new Address("6001")))));
    core.pass(Duration.ofSeconds(10));
    core.answer(
        () ->
            core.core
                .transfers()
                .step(new TransferStep.Complete(ALICE, transfer.id(), Optional.empty())));
    core.pass(Duration.ofSeconds(5));

    // then
    assertThat(now(transfer).outcome().orElseThrow().text())
        .as(now(transfer).timeline().toString())
        .isEqualTo("completed");
    assertThat(talks()).containsExactly("1001+6001");
  }

  /** A refusal of the first step: another plan that the request allows, with the fact named. */
  @ParameterizedTest(name = "{0}, {1}: {2} refused, then {3}")
  @CsvSource({
    "full, AUTO, blindTransfer, CONSULTATION, completed",
    "full, CONSULTATION, consult, ONE_STEP, completed",
    "full, BLIND, blindTransfer, EARLY_COMPLETION, completed",
    "noConsultation, BLIND, blindTransfer, BLIND, reverted",
    "noBlind, CONSULTATION, consult, NONE, reverted",
  })
  void aRefusedFirstStepIsPlannedAnewAsTheRequestAllows(
      String profile, TransferMode mode, String refused, String then, String outcome) {
    // given
    open(profile);
    Session session = call(TRANSFEROR, TRANSFEREE);
    pbx.tester(
        new Control.Fault(
            "f" + ++ids, Control.What.REFUSE, refused, "operationUnavailable", 1, null, null));

    // when
    Transfer transfer =
        accepted(
            request(
                session,
                new TransferTarget.To(new Address("6001")),
                mode,
                mode == TransferMode.BLIND ? Optional.empty() : Optional.of(CompleteWhen.ON_ANSWER),
                TIMEOUTS));
    core.pass(Duration.ofMinutes(2));

    // then
    Transfer ended = now(transfer);
    String log = String.join("\n", ended.timeline().stream().map(Object::toString).toList());
    assertThat(ended.outcome().orElseThrow().text()).as(log).isEqualTo(outcome);
    if (outcome.equals("completed")) {
      assertThat(ended.plan().kind().name()).isEqualTo(then);
      assertThat(ended.plan().reasons().getFirst().text()).contains(refused + " refused");
      assertThat(log).contains("the plan is now");
      assertThat(talks()).containsExactly("1001+6001");
    } else {
      assertThat(talks()).containsExactly("1001+1002");
    }
  }

  /**
   * A refused completion goes on from where the calls are, whether the PBX had declared it or not:
   * once as a conference of which the transferor is let go, and if that is refused too, back.
   */
  @ParameterizedTest(name = "{0}, {1}: {2} times refused")
  @CsvSource({
    "triState, 6001, 1, 'consult, dial, complete, complete, clear', completed, 1001+6001",
    "full, 6001, 1, 'consult, dial, complete, complete, clear', completed, 1001+6001",
    "full, held, 1, 'alternate, complete, complete, clear', completed, 1001+1003",
    "full, 6001, 2, 'consult, dial, complete, complete, retrieve', reverted, 1001+1002",
  })
  void aRefusedCompletionIsDoneAsAConferenceThatIsDroppedOutOf(
      String profile, String target, int times, String commands, String outcome, String talk) {
    // given
    open(profile);
    TransferTarget to = target(target);
    Session session = call(TRANSFEROR, TRANSFEREE);
    pbx.tester(
        new Control.Fault(
            "f1", Control.What.REFUSE, "complete", "operationUnavailable", times, null, null));

    // when
    Transfer transfer =
        accepted(
            request(
                session,
                to,
                TransferMode.CONSULTATION,
                Optional.of(CompleteWhen.ON_ANSWER),
                TIMEOUTS));
    core.pass(Duration.ofMinutes(1));

    // then
    Transfer ended = now(transfer);
    String log = String.join("\n", ended.timeline().stream().map(Object::toString).toList());
    assertThat(String.join(", ", executed(ended))).as(log).isEqualTo(commands);
    assertThat(ended.plan().steps())
        .as("announced before")
        .anyMatch(step -> step.operation() == Operation.CONFERENCE);
    assertThat(ended.outcome().orElseThrow().text()).as(log).isEqualTo(outcome);
    assertThat(talks()).as(log).containsExactly(talk);
  }

  /** Whatever the ladder: the transferee hears music, ringback or somebody. */
  @ParameterizedTest(name = "{0}: down the ladder {1} to {2}")
  @CsvSource({
    "noConsultation, 6003 6002 6001, recalled",
    "noConsultation, 6004 transferor, recalled",
    "noConsultation, 6003 6003, failed",
    "oneStepOnly, 6003 6002 6001, recalled",
    "heldOrMakeOnly, 6003 transferor, recalled",
  })
  void theTransfereeIsNeverInTheVoidBeyondTheRecallDeadline(
      String profile, String ladder, String outcome) {
    // given
    open(profile);
    Session session = call(TRANSFEROR, TRANSFEREE);
    RecallRung[] rungs =
        Arrays.stream(ladder.split(" "))
            .map(
                rung ->
                    rung.equals("transferor")
                        ? new RecallRung.ToTransferor()
                        : new RecallRung.ToAddress(new Address(rung)))
            .toArray(RecallRung[]::new);

    // when
    Transfer transfer =
        accepted(
            request(
                session,
                new TransferTarget.To(new Address("6003")),
                TransferMode.BLIND,
                Optional.empty(),
                TIMEOUTS,
                rungs));
    Duration inTheVoid = Duration.ZERO;
    Duration worst = Duration.ZERO;
    Duration took = Duration.ZERO;
    Duration tick = Duration.ofMillis(100);
    while (now(transfer).outcome().isEmpty() && took.compareTo(Duration.ofMinutes(10)) < 0) {
      core.pass(tick);
      took = took.plus(tick);
      inTheVoid = hearsSomething() ? Duration.ZERO : inTheVoid.plus(tick);
      worst = worst.compareTo(inTheVoid) < 0 ? inTheVoid : worst;
    }

    // then
    System.out.printf(
        "%s, %s: ended after %s, longest in the void %s%n", profile, ladder, took, worst);
    assertThat(now(transfer).outcome().orElseThrow().text()).isEqualTo(outcome);
    assertThat(worst).isLessThan(TIMEOUTS.recall());
    assertThat(took)
        .isLessThan(
            TIMEOUTS
                .answer()
                .plus(TIMEOUTS.recall().plusSeconds(2).multipliedBy(rungs.length + 1)));
  }

  /** Speech, music on hold, or the ringback of somebody who is being rung for it. */
  private boolean hearsSomething() {
    for (Session session : core.sessions()) {
      for (Party party : session.parties()) {
        if (party.address().equals(TRANSFEREE) && !party.state().isOver()) {
          return party.connection().heldByThem()
              || session.parties().stream()
                  .anyMatch(
                      other ->
                          other != party
                              && (other.state().isTalking()
                                  || other.state() == ConnectionState.OFFERING));
        }
      }
    }
    // It is in no call any more: cleared, which is no void.
    return true;
  }
}
