package org.jackfield.core.arbiter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jackfield.core.arbiter.Desk.ALICE;
import static org.jackfield.core.arbiter.Desk.BOB;
import static org.jackfield.core.arbiter.Desk.DAVE;
import static org.jackfield.core.arbiter.Desk.call;
import static org.jackfield.core.arbiter.Desk.party;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Refusal;
import org.jackfield.api.session.Session;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.Need;
import org.jackfield.api.transfer.TransferId;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferPlan.Kind;
import org.jackfield.api.transfer.TransferPlan.PlanReason;
import org.jackfield.api.transfer.TransferPlan.Rejected;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferTarget;
import org.junit.jupiter.api.Test;

/** Who may be moved where, and how a no is explained, beyond the single facts. */
class ArbiterRulesTest {
  private static Desk desk() {
    return new Desk();
  }

  private static TransferRequest request(
      Optional<ConnectionId> transferor, String to, OptionalLong ifRevision) {
    TransferRequest any = desk().request(TransferMode.AUTO);
    return new TransferRequest(
        any.requester(),
        any.session(),
        transferor,
        new TransferTarget.To(new Address(to)),
        any.mode(),
        any.complete(),
        any.release(),
        any.completeAs(),
        any.needs(),
        any.timeouts(),
        any.recall(),
        ifRevision,
        any.reason());
  }

  private static Situation with(Situation of, boolean reachable, Optional<TransferId> open) {
    return new Situation(
        of.session(), of.capabilities(), reachable, open, of.pending(), of.onHold(), of.held());
  }

  private static Refusal no(Decision decision) {
    return ((Decision.Refused) decision).reply().refusal();
  }

  @Test
  void whatIsChosenWithoutReasonsIsWhatIsDecided() {
    TransferArbiter arbiter = desk().arbiter();
    Situation now = desk().situation();
    TransferRequest fine = request(Optional.of(BOB), "103", OptionalLong.of(1));

    assertThat(arbiter.choose(fine, now)).isEqualTo(Kind.BLIND);
    assertThat(arbiter.decide(fine, now)).isInstanceOf(Decision.Planned.class);
    assertThat(arbiter.choose(request(Optional.of(DAVE), "103", OptionalLong.empty()), now))
        .as("nobody of that name")
        .isNull();
    assertThat(arbiter.choose(request(Optional.empty(), "103", OptionalLong.empty()), now))
        .as("two may leave")
        .isNull();
    assertThat(arbiter.choose(request(Optional.of(BOB), "103", OptionalLong.of(2)), now))
        .as("stale")
        .isNull();
    assertThat(arbiter.choose(fine, with(now, false, Optional.empty()))).as("down").isNull();
    assertThat(arbiter.choose(fine, with(now, true, Optional.of(new TransferId(9)))))
        .as("one is under way")
        .isNull();
    assertThat(arbiter.choose(request(Optional.of(BOB), "101", OptionalLong.empty()), now))
        .as("who is in the call already")
        .isNull();
  }

  @Test
  void theOnlyOneThatIsConnectedIsTheOneThatLeaves() {
    Desk ringing =
        desk()
            .session(
                party(ALICE, "101", ConnectionState.ON_HOLD),
                party(BOB, "102", ConnectionState.CONNECTED),
                party(DAVE, "104", ConnectionState.CONFERENCED));

    Decision decision =
        ringing
            .arbiter()
            .decide(request(Optional.empty(), "103", OptionalLong.empty()), ringing.situation());

    assertThat(((Decision.Planned) decision).transferor().id()).isEqualTo(BOB);
    assertThat(((Decision.Planned) decision).transferee().id())
        .as("of those that stay the first who talks")
        .isEqualTo(DAVE);
  }

  @Test
  void whereNobodyIsConnectedNobodyCanBeMoved() {
    Desk ringing =
        desk()
            .session(
                party(ALICE, "101", ConnectionState.RINGBACK),
                party(BOB, "102", ConnectionState.OFFERING));

    Refusal no =
        no(
            ringing
                .arbiter()
                .decide(
                    request(Optional.empty(), "103", OptionalLong.empty()), ringing.situation()));

    assertThat(no.reason()).isEqualTo(Reason.NOT_PERMITTED_NOW);
    assertThat(no.detail()).startsWith("nobody in the session is connected; it is ");
  }

  @Test
  void aPbxThatIsGoneIsNotPlannedFor() {
    Desk desk = desk();

    Decision again =
        desk.arbiter()
            .replan(
                desk.request(TransferMode.AUTO),
                BOB,
                with(desk.situation(), false, Optional.empty()),
                Map.of());

    assertThat(no(again).reason()).isEqualTo(Reason.PROVIDER_DOWN);
  }

  @Test
  void aLoopNamesWhoItWouldGoBackTo() {
    TransferArbiter arbiter = desk().arbiter();

    assertThat(
            no(arbiter.decide(
                    request(Optional.of(BOB), "102", OptionalLong.empty()), desk().situation()))
                .detail())
        .isEqualTo("102 is the transferor itself; choose another target");
    assertThat(
            no(arbiter.decide(
                    request(Optional.of(BOB), "101", OptionalLong.empty()), desk().situation()))
                .detail())
        .isEqualTo("101 is in the call already; choose another target");
  }

  @Test
  void whoIsHeldWithoutAnAddressCannotBeJudgedByIt() {
    Session anonymous =
        call(
            2,
            "pbx",
            party(DAVE, "Anonymous caller", ConnectionState.CONNECTED),
            party(BOB, "102", ConnectionState.ON_HOLD));

    assertThat(desk().toHeld(anonymous).plan(TransferMode.CONSULTATION).kind())
        .isEqualTo(Kind.HELD_CALL);
  }

  @Test
  void theSameDeviceIsKnownByItsIdentityFirst() {
    Session forwarded =
        call(
            2,
            "pbx",
            party(DAVE, "102", ConnectionState.CONNECTED),
            party(BOB, "199", ConnectionState.ON_HOLD));

    assertThat(
            ((Decision.Planned)
                    desk()
                        .toHeld(forwarded)
                        .arbiter()
                        .replan(
                            desk().toHeld(forwarded).request(TransferMode.CONSULTATION),
                            BOB,
                            desk().toHeld(forwarded).situation(),
                            Map.of()))
                .kind())
        .isEqualTo(Kind.HELD_CALL);
    Session reversed =
        call(
            2,
            "pbx",
            party(BOB, "199", ConnectionState.ON_HOLD),
            party(DAVE, "102", ConnectionState.CONNECTED));
    assertThat(
            desk()
                .toHeld(reversed)
                .arbiter()
                .replan(
                    desk().toHeld(reversed).request(TransferMode.CONSULTATION),
                    BOB,
                    desk().toHeld(reversed).situation(),
                    Map.of()))
        .isInstanceOf(Decision.Planned.class);
  }

  @Test
  void aPlanThatTwoChoicesMeanIsExplainedOnce() {
    TransferReply.Refused no =
        desk().without(Operation.BLIND_TRANSFER, Operation.COMPLETE).refusal(TransferMode.AUTO);

    assertThat(no.reasons())
        .extracting(PlanReason::effect)
        .containsExactly(
            "blind is ruled out",
            "consultation is ruled out",
            "oneStep is ruled out",
            "newCall is ruled out",
            "earlyCompletion is ruled out",
            "conferenceAndDrop is ruled out");
    assertThat(no.refusal().reason()).isEqualTo(Reason.NO_PLAN);
  }

  @Test
  void whoWantsACancelMayLetItCompleteByItself() {
    Desk cancel = desk().needs(Need.CANCEL).complete(CompleteWhen.ON_ANSWER);

    assertThat(cancel.plan(TransferMode.CONSULTATION).kind()).isEqualTo(Kind.CONSULTATION);
    assertThat(desk().needs(Need.CANCEL).plan(TransferMode.BLIND).kind())
        .as("a PBX that keeps the transferor can take it back")
        .isEqualTo(Kind.BLIND);
    assertThat(
            desk()
                .needs(Need.SPEAK)
                .complete(CompleteWhen.MANUAL)
                .plan(TransferMode.CONSULTATION)
                .kind())
        .isEqualTo(Kind.CONSULTATION);
  }

  @Test
  void whatThePbxSaidBelongsToItsRefusalOnly() {
    Desk desk = desk().without(Operation.CONSULT);

    Decision again =
        desk.arbiter()
            .replan(
                desk.request(TransferMode.CONSULTATION),
                BOB,
                desk.situation(),
                Map.of(Kind.CONSULTATION, "out of lines"));

    assertThat(((Decision.Planned) again).plan().rejected())
        .contains(
            new Rejected(
                Kind.CONSULTATION,
                "the PBX has no consultation (SETUPTRANSFER is off)",
                "OPERATIONUNAVAIL"));
  }

  @Test
  void ofTwoThatCameAsFarThePreferredOneIsTold() {
    Desk desk = desk().without(Trait.TRANSFER_MAKE);

    Decision again =
        desk.arbiter()
            .replan(
                desk.request(TransferMode.CONSULTATION),
                BOB,
                desk.situation(),
                Map.of(Kind.CONSULTATION, "out of lines", Kind.ONE_STEP, "out of digits"));

    assertThat(no(again).detail()).isEqualTo("no plan fits: the PBX has refused it: out of lines");
  }
}
