package org.jackfield.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jackfield.core.CoreFixture.ALICE;
import static org.jackfield.core.FakeDriver.party;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jackfield.api.event.Event;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Session;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.PlanReply;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferEvent;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferOutcome;
import org.jackfield.api.transfer.TransferPhase;
import org.jackfield.api.transfer.TransferQuery;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferStep;
import org.jackfield.api.transfer.TransferTarget;
import org.jackfield.api.transfer.TransferVerb;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whole transfers on a fake PBX under virtual time; bob transfers alice to carol. */
class TransfersTest {
  private final CoreFixture core = CoreFixture.open();
  private final FakePbx pbx = new FakePbx(core.driver);
  private final Session session = core.aliceAndBobTalk();

  @AfterEach
  void eachTransferHasOneOutcomeAndLeavesNothing() {
    List<TransferEvent.Ended> ends =
        core.events(0).stream()
            .filter(
                e -> e instanceof Event.OfTransfer t && t.event() instanceof TransferEvent.Ended)
            .map(e -> (TransferEvent.Ended) ((Event.OfTransfer) e).event())
            .toList();
    assertThat(ends).extracting(e -> e.transfer().id()).doesNotHaveDuplicates();
    List.of("alice", "bob", "carol", "dan").forEach(pbx::hangsUp);
    core.pass(Duration.ofMinutes(5));
    assertThat(core.core.isEmpty()).isTrue();
    assertThat(core.time.timers()).isZero();
    assertThat(core.driver.calls).isEmpty();
  }

  @Test
  void aBlindTransferIsCompletedWhenTheTargetHasAnswered() {
    // given
    Transfer accepted = accepted(TransferMode.BLIND, "carol");
    assertThat(accepted.phase()).isEqualTo(TransferPhase.REDIRECTING);
    assertThat(role("alice")).isEqualTo(Party.Role.TRANSFEREE);
    assertThat(role("bob")).isEqualTo(Party.Role.TRANSFEROR);
    assertThat(role("carol")).isEqualTo(Party.Role.TARGET);

    // when
    pbx.answers("carol");

    // then
    assertThat(outcome(accepted).text()).isEqualTo("completed");
    assertThat(outcome(accepted).evidence().verified()).isTrue();
    assertThat(whoTalks()).containsExactlyInAnyOrder("alice", "carol");
    assertThat(role("alice")).isEqualTo(Party.Role.CALLER);
  }

  @Test
  void aBlindTransferToABusyTargetIsReverted() {
    // given
    Transfer accepted = accepted(TransferMode.BLIND, "carol");

    // when
    pbx.fails("carol", Cause.Code.BUSY);

    // then
    assertThat(outcome(accepted).text()).isEqualTo("reverted");
    assertThat(outcome(accepted).cause().code()).isEqualTo(Cause.Code.BUSY);
    assertThat(whoTalks()).containsExactlyInAnyOrder("alice", "bob");
  }

  @Test
  void aTargetThatRingsForEverIsTakenBackAtTheDeadline() {
    // given
    Transfer accepted = accepted(TransferMode.BLIND, "carol");

    // when
    core.pass(Duration.ofSeconds(45));

    // then
    assertThat(outcome(accepted).text()).isEqualTo("reverted");
    assertThat(outcome(accepted).cause().code()).isEqualTo(Cause.Code.NO_ANSWER);
    assertThat(whoTalks()).containsExactlyInAnyOrder("alice", "bob");
  }

  @Test
  void aConsultationIsCompletedByHand() {
    // given
    Transfer accepted = accepted(TransferMode.CONSULTATION, "carol");
    pbx.answers("carol");
    Transfer consulting = now(accepted);
    assertThat(consulting.phase()).isEqualTo(TransferPhase.CONSULTING);
    assertThat(consulting.targetState()).isEqualTo(Transfer.TargetState.ANSWERED);
    assertThat(consulting.permitted()).contains(TransferVerb.COMPLETE, TransferVerb.CANCEL);
    assertThat(core.sessions()).hasSize(2);
    assertThat(core.sessions())
        .extracting(Session::conversation)
        .containsOnly(consulting.conversation());

    // when
    step(new TransferStep.Complete(ALICE, accepted.id(), Optional.empty()));

    // then
    assertThat(outcome(accepted).text()).isEqualTo("completed");
    assertThat(whoTalks()).containsExactlyInAnyOrder("alice", "carol");
    assertThat(core.session().id()).isEqualTo(session.id());
    assertThat(core.core.sessions().mergedInto(consulting.consultation().orElseThrow()))
        .contains(session.id());
  }

  @Test
  void aConsultationIsAlternatedAndCompletedByAlternatingBackFirst() {
    // given
    Transfer accepted = accepted(TransferMode.CONSULTATION, "carol");
    pbx.answers("carol");
    core.time.settle();
    step(new TransferStep.Alternate(ALICE, accepted.id()));
    assertThat(now(accepted).focus()).isEqualTo(Transfer.Focus.TRANSFEREE);

    // when
    step(new TransferStep.Complete(ALICE, accepted.id(), Optional.empty()));

    // then
    assertThat(outcome(accepted).text()).isEqualTo("completed");
    assertThat(whoTalks()).containsExactlyInAnyOrder("alice", "carol");
  }

  @Test
  void aConsultationCompletedAsAConferenceJoinsAllThree() {
    // given
    Transfer accepted = accepted(TransferMode.CONSULTATION, "carol");
    pbx.answers("carol");
    core.time.settle();

    // when
    step(new TransferStep.Complete(ALICE, accepted.id(), Optional.of(CompleteAs.CONFERENCE)));

    // then
    assertThat(outcome(accepted))
        .isInstanceOfSatisfying(
            TransferOutcome.Completed.class,
            c -> assertThat(c.as()).isEqualTo(CompleteAs.CONFERENCE));
    assertThat(whoTalks()).containsExactlyInAnyOrder("alice", "bob", "carol");
  }

  @Test
  void aCancelledConsultationGivesTheTransferorItsCallBack() {
    // given
    Transfer accepted = accepted(TransferMode.CONSULTATION, "carol");

    // when
    step(new TransferStep.Cancel(ALICE, accepted.id()));

    // then
    assertThat(outcome(accepted).text()).isEqualTo("reverted");
    assertThat(outcome(accepted).cause().code()).isEqualTo(Cause.Code.CANCELLED);
    assertThat(whoTalks()).containsExactlyInAnyOrder("alice", "bob");
  }

  @Test
  void aFailedTargetMayBeFollowedByAnother() {
    // given
    Transfer accepted = accepted(TransferMode.CONSULTATION, "carol");
    pbx.fails("carol", Cause.Code.REJECT);
    assertThat(now(accepted).targetState()).isEqualTo(Transfer.TargetState.FAILED);

    // when
    step(new TransferStep.Dial(ALICE, accepted.id(), Optional.of(new Address("dan"))));
    pbx.answers("dan");
    core.time.settle();
    step(new TransferStep.Complete(ALICE, accepted.id(), Optional.empty()));

    // then
    assertThat(outcome(accepted).text()).isEqualTo("completed");
    assertThat(now(accepted).target()).contains(new Address("dan"));
    assertThat(whoTalks()).containsExactlyInAnyOrder("alice", "dan");
  }

  @Test
  void aTransfereeThatHangsUpWhileTheTargetRingsLeavesNobodyRinging() {
    // given
    Transfer accepted = accepted(TransferMode.CONSULTATION, "carol");

    // when
    pbx.hangsUp("alice");

    // then
    assertThat(outcome(accepted).text()).isEqualTo("abandoned");
    assertThat(core.driver.calls).isEmpty();
  }

  @Test
  void aSecondTransferOfTheSessionIsRefusedAndTheFirstIsNamed() {
    // given
    Transfer first = accepted(TransferMode.CONSULTATION, "carol");

    // when
    TransferReply reply = transfer(TransferMode.BLIND, "dan");

    // then
    assertThat(reply)
        .isInstanceOfSatisfying(
            TransferReply.Refused.class,
            no -> {
              assertThat(no.refusal().reason()).isEqualTo(Reason.TRANSFER_EXISTS);
              assertThat(no.existing()).contains(first.id());
            });
    assertThat(core.audit.latest(10)).hasSize(2);
  }

  @Test
  void aGuardThatBreaksAllowsNothingAndTheRequestIsAnswered() {
    // given
    core.guards.add(
        (requester, session, transferor, target) -> {
          throw new IllegalStateException("the guard is broken");
        });

    // when
    TransferReply reply = transfer(TransferMode.BLIND, "carol");

    // then
    assertThat(reply)
        .isInstanceOfSatisfying(
            TransferReply.Refused.class,
            no -> assertThat(no.refusal().reason()).isEqualTo(Reason.DESTINATION_BLOCKED));
    assertThat(core.audit.latest(10)).hasSize(1);
    assertThat(core.driver.commands).isEmpty();
  }

  @Test
  void aDryRunSaysThePlanAndChangesNothing() {
    // given
    long place = core.latest();

    // when
    PlanReply reply =
        core.answer(() -> core.core.transfers().plan(request(TransferMode.AUTO, "carol")));

    // then
    assertThat(reply).isInstanceOf(PlanReply.Planned.class);
    assertThat(core.latest()).isEqualTo(place);
    assertThat(core.driver.commands).isEmpty();
  }

  @Test
  void aLinkLostInBetweenEndsInWhatThePbxShowsWhenItIsBack() {
    // given
    Transfer accepted = accepted(TransferMode.BLIND, "carol");
    core.driver.last().linkDown();
    core.time.settle();
    pbx.answers("carol");
    core.driver.calls.values().forEach(in -> in.remove(party("bob")));

    // when
    core.driver.last().linkUp();
    core.time.settle();

    // then
    assertThat(outcome(accepted).text()).isEqualTo("completed");
    assertThat(outcome(accepted).evidence().verified()).isTrue();
  }

  @Test
  void aCancelWhileTheLinkIsLostIsDoneWhenItIsBack() {
    // given
    Transfer accepted = accepted(TransferMode.CONSULTATION, "carol");
    pbx.answers("carol");
    core.time.settle();
    core.driver.last().linkDown();
    core.time.settle();
    step(new TransferStep.Cancel(ALICE, accepted.id()));
    core.pass(Duration.ofSeconds(60));

    // when
    core.driver.last().linkUp();
    core.time.settle();

    // then
    assertThat(outcome(accepted).text()).isEqualTo("reverted");
    assertThat(outcome(accepted).cause().code()).isEqualTo(Cause.Code.CANCELLED);
    assertThat(whoTalks()).containsExactlyInAnyOrder("alice", "bob");
  }

  @Test
  void allWhoLeaveInOneMomentEndTheTransferAtOnce() {
    // given
    Transfer accepted = accepted(TransferMode.CONSULTATION, "carol");
    core.driver.calls.clear();

    // when
    core.driver.last().requestSnapshot();
    core.pass(Duration.ofSeconds(1));

    // then
    assertThat(outcome(accepted).text()).isEqualTo("abandoned");
  }

  @Test
  void aDriverThatGoesForGoodEndsTheTransferAsFailedAndUnverified() {
    // given
    Transfer accepted = accepted(TransferMode.BLIND, "carol");

    // when
    core.core.providers().removeDriver(core.driver);
    core.pass(Duration.ofSeconds(31));

    // then
    assertThat(outcome(accepted).text()).isEqualTo("failed");
    assertThat(outcome(accepted).evidence().verified()).isFalse();
    assertThat(outcome(accepted).cause().code()).isEqualTo(Cause.Code.PROVIDER_LOST);
  }

  @Test
  void transfersAreListedNewestFirstAndBySession() {
    // given
    Transfer first = accepted(TransferMode.BLIND, "carol");
    pbx.fails("carol", Cause.Code.BUSY);
    core.time.settle();
    Transfer second = accepted(TransferMode.CONSULTATION, "carol");

    // when
    var open = core.core.transfers().list(query(Optional.of(true), 10));
    var page = core.core.transfers().list(query(Optional.empty(), 1));
    var rest =
        core.core
            .transfers()
            .list(new TransferQuery(Optional.of(session.id()), Optional.empty(), page.next(), 10));

    // then
    assertThat(open.items()).extracting(Transfer::id).containsExactly(second.id());
    assertThat(page.items()).extracting(Transfer::id).containsExactly(second.id());
    assertThat(rest.items()).extracting(Transfer::id).containsExactly(first.id());
  }

  private TransferQuery query(Optional<Boolean> open, int limit) {
    return new TransferQuery(Optional.of(session.id()), open, Optional.empty(), limit);
  }

  private TransferRequest request(TransferMode mode, String target) {
    return TransferRequest.of(
        ALICE,
        session.id(),
        Optional.of(party("bob")),
        new TransferTarget.To(new Address(target)),
        mode);
  }

  private TransferReply transfer(TransferMode mode, String target) {
    return core.answer(() -> core.core.transfers().transfer(request(mode, target)));
  }

  private Transfer accepted(TransferMode mode, String target) {
    TransferReply reply = transfer(mode, target);
    assertThat(reply).isInstanceOf(TransferReply.Accepted.class);
    return ((TransferReply.Accepted) reply).transfer();
  }

  private void step(TransferStep step) {
    TransferReply reply = core.answer(() -> core.core.transfers().step(step));
    assertThat(reply).isInstanceOf(TransferReply.Accepted.class);
  }

  private Transfer now(Transfer transfer) {
    core.time.settle();
    return core.core.transfers().find(transfer.id()).orElseThrow();
  }

  private TransferOutcome outcome(Transfer transfer) {
    Transfer last = now(transfer);
    assertThat(last.outcome()).as("%s", last.timeline()).isPresent();
    return last.outcome().orElseThrow();
  }

  private Party.Role role(String who) {
    return core.session().party(party(who)).orElseThrow().role();
  }

  private List<String> whoTalks() {
    return core.session().parties().stream()
        .filter(p -> p.state().isTalking() && !p.connection().heldByThem())
        .map(p -> p.address().value())
        .toList();
  }
}
