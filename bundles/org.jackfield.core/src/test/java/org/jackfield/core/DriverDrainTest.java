package org.jackfield.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jackfield.core.CoreFixture.ALICE;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.provider.DriverShares;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProviderStatus.State;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.OperationReply;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Refusal;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionRequest;
import org.jackfield.api.transfer.PlanReply;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferTarget;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A version of a driver is to be taken out while calls live on it, under virtual time. */
class DriverDrainTest {
  private static final String BUNDLE = "fake.bundle";
  private static final String WHY = "fake 1.0.0 is taken out";
  private static final Refusal NO = new Refusal(Reason.DRAINING, WHY);

  private final CoreFixture core = new CoreFixture();
  private final DriverShares shares = core.core.providers().shares();
  private final FakeDriver old = core.driver;
  private Session session;

  @BeforeEach
  void aCallLives() {
    core.install(old, "1.0.0");
    core.configure("host", "pbx.example");
    session = core.aliceAndBobTalk();
  }

  /** Whether the PBX has gone over or stays. */
  private boolean drain() {
    CompletionStage<Void> decided = shares.drain(BUNDLE, "1.0.0", WHY);
    core.time.settle();
    return decided.toCompletableFuture().isDone();
  }

  private Map<String, OptionalInt> left() {
    return core.answer(() -> shares.left(BUNDLE, "1.0.0"));
  }

  private static Map<String, OptionalInt> left(int sessions) {
    return Map.of("pbx", OptionalInt.of(sessions));
  }

  private OperationReply call() {
    return core.answer(
        () ->
            core.core
                .sessions()
                .operate(
                    new SessionRequest.MakeCall(ALICE, "pbx", new Address("1"), new Address("2"))));
  }

  private OperationReply hold() {
    return core.answer(
        () ->
            core.core
                .sessions()
                .operate(
                    new SessionRequest.Hold(
                        ALICE, session.id(), FakeDriver.party("alice"), OptionalLong.empty())));
  }

  private TransferRequest toCarol() {
    return TransferRequest.of(
        ALICE,
        session.id(),
        Optional.of(FakeDriver.party("alice")),
        new TransferTarget.To(new Address("carol")),
        TransferMode.BLIND);
  }

  private TransferReply transfer() {
    return core.answer(() -> core.core.transfers().transfer(toCarol()));
  }

  private void hangUp(String call) {
    old.leave(call, "alice", Cause.Code.NORMAL);
    old.leave(call, "bob", Cause.Code.NORMAL);
    core.time.settle();
  }

  @Test
  void whatLivesGoesOnAndNothingNewIsBegun() {
    // when
    assertThat(drain()).isTrue();

    // then
    assertThat(core.status().state()).isEqualTo(State.DRAINING);
    assertThat(core.status().why()).isEqualTo(WHY);
    assertThat(call()).isEqualTo(new OperationReply.Refused(NO));
    assertThat(transfer())
        .isInstanceOfSatisfying(
            TransferReply.Refused.class, no -> assertThat(no.refusal()).isEqualTo(NO));
    assertThat(core.answer(() -> core.core.transfers().plan(toCarol())))
        .isInstanceOfSatisfying(
            PlanReply.Refused.class, no -> assertThat(no.refused().refusal()).isEqualTo(NO));
    assertThat(hold()).isInstanceOf(OperationReply.Accepted.class);
    assertThat(old.commands).hasSize(1);
    assertThat(core.session().id()).isEqualTo(session.id());
    assertThat(left()).isEqualTo(left(1));
    assertThat(old.last().closed).isFalse();

    // when
    hangUp("c1");

    // then
    assertThat(left()).isEqualTo(left(0));
  }

  private Set<Operation> permitted() {
    return core.session().party(FakeDriver.party("alice")).orElseThrow().permitted().operationSet();
  }

  @Test
  void noTransferIsShownAsPermittedUntilItIsAgain() {
    // given
    Set<Operation> before = permitted();
    assertThat(before).contains(Operation.BLIND_TRANSFER, Operation.CONSULT, Operation.HOLD);

    // when
    drain();

    // then
    assertThat(permitted())
        .contains(Operation.HOLD, Operation.CLEAR)
        .doesNotContain(Operation.BLIND_TRANSFER, Operation.CONSULT);
    assertThat(core.core.sessions().refused(core.session(), FakeDriver.party("alice")))
        .containsEntry(Operation.BLIND_TRANSFER, NO)
        .containsEntry(Operation.CONSULT, NO);

    // when
    shares.drainNoMore(BUNDLE, "1.0.0");
    core.time.settle();

    // then
    assertThat(permitted()).isEqualTo(before);
  }

  @Test
  void callsThatPeopleBeginMeanwhileAreShownAndNotWaitedFor() {
    drain();
    old.set("c2", "carol", ConnectionState.CONNECTED);
    assertThat(core.sessions()).hasSize(2);
    assertThat(left()).isEqualTo(left(1));
    hangUp("c1");
    assertThat(left()).isEqualTo(left(0));
    assertThat(core.sessions()).hasSize(1);
  }

  @Test
  void aCallThatALivingOneIsMergedIntoIsWaitedFor() {
    drain();
    old.set("c2", "carol", ConnectionState.CONNECTED);
    old.merge("c1", "c2");
    core.time.settle();
    assertThat(left()).isEqualTo(left(1));
    hangUp("c2");
    old.leave("c2", "carol", Cause.Code.NORMAL);
    assertThat(left()).isEqualTo(left(0));
  }

  @Test
  void aVersionThatStaysTakesOverAlsoAnOlderOne() {
    // given
    FakeDriver other = new FakeDriver();
    other.calls.putAll(old.calls);
    core.install(other, "0.9.0");
    assertThat(other.opened).isEmpty();

    // when
    assertThat(drain()).isTrue();

    // then
    assertThat(core.status().driverVersion()).isEqualTo("0.9.0");
    assertThat(core.status().state()).isEqualTo(State.UP);
    assertThat(core.session().parties()).isEqualTo(session.parties());
    assertThat(old.last().closed).isTrue();
    assertThat(left()).isEmpty();
    assertThat(transfer()).isInstanceOf(TransferReply.Accepted.class);
  }

  @Test
  void whereNoneTakesOverItDrainsAndAVersionThatComesLaterTakesOver() {
    // given
    FakeDriver broken = new FakeDriver();
    broken.probe =
        new ProbeReport(List.of(new ProbeReport.Finding(ProbeReport.Level.FAIL, "login", "no")));
    core.install(broken, "0.9.0");

    // when
    assertThat(drain()).isTrue();

    // then
    assertThat(core.status().driverVersion()).isEqualTo("1.0.0");
    assertThat(core.status().state()).isEqualTo(State.DRAINING);
    assertThat(core.status().why()).contains("login: no").contains(WHY);
    assertThat(left()).isEqualTo(left(1));

    // when
    FakeDriver later = new FakeDriver();
    later.calls.putAll(old.calls);
    core.install(later, "0.9.5");

    // then
    assertThat(core.status().driverVersion()).isEqualTo("0.9.5");
    assertThat(core.status().state()).isEqualTo(State.UP);
    assertThat(left()).isEmpty();
  }

  @Test
  void oneThatStaysAfterAllTakesNewWorkAgain() {
    // given
    drain();
    assertThat(call()).isEqualTo(new OperationReply.Refused(NO));

    // when
    shares.drainNoMore(BUNDLE, "1.0.0");
    core.time.settle();

    // then
    assertThat(core.status().state()).isEqualTo(State.UP);
    assertThat(core.status().why()).isEmpty();
    assertThat(call()).isInstanceOf(OperationReply.Accepted.class);
    assertThat(transfer()).isInstanceOf(TransferReply.Accepted.class);
  }

  @Test
  void theReasonMayChangeAndWhoIsWaitedForDoesNot() {
    drain();
    old.set("c2", "carol", ConnectionState.CONNECTED);
    core.answer(() -> shares.drain(BUNDLE, "1.0.0", "in a minute"));
    assertThat(core.status().why()).isEqualTo("in a minute");
    assertThat(call())
        .isEqualTo(new OperationReply.Refused(new Refusal(Reason.DRAINING, "in a minute")));
    assertThat(left()).isEqualTo(left(1));
  }

  @Test
  void aVersionThatDrainsAtTheStartTakesNothingNewOnAndWaitsForWhoThePbxShows() {
    // given a server that starts
    CoreFixture again = new CoreFixture();
    DriverShares its = again.core.providers().shares();
    var unused = its.drain(BUNDLE, "1.0.0", WHY);
    again.driver.linkComesUp = false;
    again.driver.calls.putAll(old.calls);
    again.install(again.driver, "1.0.0");

    // when the PBX has not told who lives
    again.configure("host", "pbx.example");

    // then
    assertThat(again.answer(() -> its.left(BUNDLE, "1.0.0")))
        .isEqualTo(Map.of("pbx", OptionalInt.empty()));

    // when
    again.driver.last().linkUp();
    again.time.settle();

    // then
    assertThat(again.answer(() -> its.left(BUNDLE, "1.0.0"))).isEqualTo(left(1));
    assertThat(again.status().state()).isEqualTo(State.DRAINING);
    assertThat(
            again.answer(
                () ->
                    again
                        .core
                        .sessions()
                        .operate(
                            new SessionRequest.MakeCall(
                                ALICE, "pbx", new Address("1"), new Address("2")))))
        .isEqualTo(new OperationReply.Refused(NO));
  }

  @Test
  void aPbxWhoseLinkDoesNotComeIsNotWaitedForLongerThanALinkMayTake() {
    // given
    CoreFixture other = new CoreFixture();
    other.driver.linkComesUp = false;
    other.install(other.driver, "1.0.0");
    other.configure("host", "pbx.example");
    DriverShares its = other.core.providers().shares();

    // when
    var unused = its.drain(BUNDLE, "1.0.0", WHY);

    // then
    assertThat(other.answer(() -> its.left(BUNDLE, "1.0.0")))
        .isEqualTo(Map.of("pbx", OptionalInt.empty()));
    other.pass(Duration.ofSeconds(10));
    assertThat(other.answer(() -> its.left(BUNDLE, "1.0.0"))).isEqualTo(left(0));
  }

  @Test
  void whoIsLastKnownWhenTheLinkIsLostIsWaitedFor() {
    // given
    core.pass(Duration.ofSeconds(10));
    old.last().linkDown();
    core.time.settle();

    // when
    drain();

    // then
    assertThat(left()).isEqualTo(left(1));

    // when the link is back, and the call has ended meanwhile
    old.calls.clear();
    old.last().linkUp();

    // then
    assertThat(core.sessions()).isEmpty();
    assertThat(left()).isEqualTo(left(0));
  }

  @Test
  void aPbxThatCannotBeOpenedIsNotWaitedFor() {
    // given
    drain();
    old.last().linkDown();
    core.time.settle();
    assertThat(left()).isEqualTo(left(1));

    // when
    core.core.providers().remove("pbx");
    core.core.providers().removeDriver(old);
    core.pass(Duration.ofMinutes(2));

    // then
    assertThat(left()).isEmpty();
    assertThat(core.core.providers().provider("pbx")).isEqualTo(Optional.empty());
    assertThat(core.time.timers()).isZero();
  }

  @Test
  void aPbxThatIsConfiguredMeanwhileHasItUntilThereIsAnother() {
    drain();
    core.core.providers().configure("second", Map.of("driver", "fake", "host", "x"));
    core.time.settle();
    assertThat(core.core.providers().provider("second").orElseThrow().state())
        .isEqualTo(State.DRAINING);
  }
}
