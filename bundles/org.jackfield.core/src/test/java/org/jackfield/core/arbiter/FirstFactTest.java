package org.jackfield.core.arbiter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jackfield.core.arbiter.Desk.ALICE;
import static org.jackfield.core.arbiter.Desk.BOB;
import static org.jackfield.core.arbiter.Desk.DAVE;
import static org.jackfield.core.arbiter.Desk.call;
import static org.jackfield.core.arbiter.Desk.party;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.policy.AutoChoice;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Session;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.Need;
import org.jackfield.api.transfer.ReleaseWhen;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferPlan.Kind;
import org.jackfield.api.transfer.TransferPlan.Rejected;
import org.jackfield.api.transfer.TransferReply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each fact by itself rules its plans out, in its words and with TAPI's error for it. */
class FirstFactTest {
  private static Desk desk() {
    return new Desk();
  }

  private static Session heldCall(String provider, ConnectionState dave, ConnectionState bob) {
    return call(2, provider, party(DAVE, "104", dave), party(BOB, "102", bob));
  }

  private static Desk noSetup(Desk desk) {
    return desk.without(Operation.CONSULT, Operation.ONE_STEP_CONSULT);
  }

  static Stream<Arguments> off() {
    String unavailable = "OPERATIONUNAVAIL";
    return Stream.of(
            arguments(desk().without(Operation.BLIND_TRANSFER), Kind.BLIND, "BLINDTRANSFER is off"),
            arguments(desk().without(Operation.CONSULT), Kind.CONSULTATION, "SETUPTRANSFER is off"),
            arguments(desk().without(Operation.DIAL), Kind.CONSULTATION, "DIAL is off"),
            arguments(desk().without(Operation.ONE_STEP_CONSULT), Kind.ONE_STEP, "ONESTEPTRANSFER"),
            arguments(desk().without(Trait.TRANSFER_MAKE), Kind.NEW_CALL, "TRANSFERMAKE is off"),
            arguments(desk().without(Operation.MAKE_CALL), Kind.NEW_CALL, "MAKECALL is off"),
            arguments(desk().without(Operation.HOLD), Kind.NEW_CALL, "HOLD is off"),
            arguments(
                desk().without(Trait.EARLY_COMPLETE),
                Kind.EARLY_COMPLETION,
                "completes before the"),
            arguments(
                desk().without(Operation.COMPLETE), Kind.CONSULTATION, "COMPLETETRANSF is off"),
            arguments(desk().without(Operation.COMPLETE), Kind.ONE_STEP, "COMPLETETRANSF is off"),
            arguments(desk().without(Operation.COMPLETE), Kind.NEW_CALL, "COMPLETETRANSF is off"),
            arguments(desk().without(Operation.COMPLETE), Kind.EARLY_COMPLETION, "COMPLETETRANSF"),
            arguments(
                desk().without(Operation.COMPLETE), Kind.CONFERENCE_AND_DROP, "COMPLETETRANSF"),
            arguments(
                desk().toHeld().without(Operation.COMPLETE), Kind.HELD_CALL, "COMPLETETRANSF"),
            arguments(desk().toHeld().without(Trait.TRANSFER_HELD), Kind.HELD_CALL, "TRANSFERHELD"),
            arguments(
                desk().toHeld().without(Operation.ALTERNATE), Kind.HELD_CALL, "SWAPHOLD is off"),
            arguments(
                desk().without(Trait.TRANSFER_NORM), Kind.CONSULTATION, "TRANSFERNORM is off"),
            arguments(desk().without(Trait.TRANSFER_NORM), Kind.EARLY_COMPLETION, "TRANSFERNORM"),
            arguments(
                desk().without(Trait.TRANSFER_CONF),
                Kind.CONFERENCE_AND_DROP,
                "TRANSFERCONF is off"),
            arguments(
                desk().asConference().without(Trait.TRANSFER_CONF),
                Kind.CONSULTATION,
                "TRANSFERCONF"),
            arguments(desk().without(Operation.CLEAR), Kind.CONFERENCE_AND_DROP, "DROP is off"),
            // Over a consultation: the way that comes furthest.
            arguments(
                noSetup(desk()).without(Operation.HOLD), Kind.EARLY_COMPLETION, "HOLD is off"),
            arguments(
                noSetup(desk()).without(Operation.HOLD), Kind.CONFERENCE_AND_DROP, "HOLD is off"))
        .map(a -> arguments(a.get()[0], a.get()[1], a.get()[2], unavailable));
  }

  static Stream<Arguments> wanted() {
    return Stream.of(
        arguments(
            desk().policy(FirstFactTest::noConference),
            Kind.CONFERENCE_AND_DROP,
            "\"house\" lets no conference",
            "OPERATIONUNAVAIL"),
        arguments(desk().asConference(), Kind.BLIND, "asks for a conference", "OPERATIONUNAVAIL"),
        arguments(
            desk().asConference(), Kind.EARLY_COMPLETION, "asks for a conf", "OPERATIONUNAVAIL"),
        arguments(
            desk().asConference(), Kind.CONFERENCE_AND_DROP, "asks for a conf", "OPERATIONUNAVAIL"),
        arguments(desk().needs(Need.SPEAK), Kind.BLIND, "needs to speak", "OPERATIONUNAVAIL"),
        arguments(
            desk().needs(Need.SPEAK), Kind.EARLY_COMPLETION, "needs to speak", "OPERATIONUNAVAIL"),
        arguments(
            desk().needs(Need.SPEAK).complete(CompleteWhen.ON_ANSWER),
            Kind.CONSULTATION,
            "asks for completion before",
            "OPERATIONUNAVAIL"),
        arguments(
            desk().needs(Need.SPEAK).complete(CompleteWhen.ON_RINGING),
            Kind.CONFERENCE_AND_DROP,
            "asks for completion before",
            "OPERATIONUNAVAIL"),
        arguments(
            desk().needs(Need.CANCEL).without(Trait.RELEASE_ON_ANSWER),
            Kind.BLIND,
            "cannot take a blind transfer back",
            "OPERATIONUNAVAIL"),
        arguments(
            desk().needs(Need.CANCEL).release(ReleaseWhen.ON_ACCEPT),
            Kind.BLIND,
            "cannot take a blind transfer back",
            "OPERATIONUNAVAIL"),
        arguments(
            desk().needs(Need.CANCEL), Kind.EARLY_COMPLETION, "not taken back", "OPERATIONUNAVAIL"),
        arguments(desk().toHeld(), Kind.BLIND, "no address to dial", "INVALADDRESS"),
        arguments(desk().toHeld(), Kind.CONSULTATION, "no address to dial", "INVALADDRESS"),
        arguments(desk().toHeld(), Kind.ONE_STEP, "no address to dial", "INVALADDRESS"),
        arguments(desk().toHeld(), Kind.NEW_CALL, "no address to dial", "INVALADDRESS"),
        arguments(desk().toHeld(), Kind.EARLY_COMPLETION, "no address to dial", "INVALADDRESS"),
        arguments(desk().toHeld(), Kind.CONFERENCE_AND_DROP, "no address to dial", "INVALADDRESS"),
        arguments(desk(), Kind.HELD_CALL, "no held call", "INVALCONSULTCALLHANDLE"),
        arguments(desk().toNoCall(), Kind.HELD_CALL, "no such held call", "INVALCONSULTCALLHANDLE"),
        arguments(
            desk().toHeld(call(1, "pbx", party(BOB, "102", ConnectionState.ON_HOLD))),
            Kind.HELD_CALL,
            "the very call",
            "INVALCONSULTCALLHANDLE"),
        arguments(
            desk().toHeld(heldCall("other", ConnectionState.CONNECTED, ConnectionState.ON_HOLD)),
            Kind.HELD_CALL,
            "on another PBX",
            "INVALCONSULTCALLHANDLE"),
        arguments(
            desk()
                .toHeld(
                    call(
                        2,
                        "pbx",
                        party(DAVE, "104", ConnectionState.CONNECTED),
                        party(new ConnectionId("eve"), "105", ConnectionState.ON_HOLD))),
            Kind.HELD_CALL,
            "the transferor is not in the held call",
            "INVALCONSULTCALLHANDLE"));
  }

  static Stream<Arguments> now() {
    Desk bobRings =
        desk()
            .session(
                party(ALICE, "101", ConnectionState.CONNECTED),
                party(BOB, "102", ConnectionState.OFFERING));
    Desk aliceHolds =
        desk()
            .session(
                party(ALICE, "101", ConnectionState.ON_HOLD),
                party(BOB, "102", ConnectionState.CONNECTED));
    return Stream.of(
        arguments(bobRings, Kind.BLIND, "the transferor is offering", "INVALCALLSTATE"),
        arguments(bobRings, Kind.CONSULTATION, "the transferor is offering", "INVALCALLSTATE"),
        arguments(bobRings, Kind.EARLY_COMPLETION, "is offering", "INVALCALLSTATE"),
        arguments(aliceHolds, Kind.BLIND, "nobody else in the session", "INVALCALLSTATE"),
        arguments(aliceHolds, Kind.NEW_CALL, "nobody else in the session", "INVALCALLSTATE"),
        arguments(desk().toHeld().heldIn(7), Kind.HELD_CALL, "of its own", "INVALCALLSTATE"),
        arguments(
            desk().toHeld(heldCall("pbx", ConnectionState.CONNECTED, ConnectionState.CONNECTED)),
            Kind.HELD_CALL,
            "has the other call connected, not onHold",
            "INVALCALLSTATE"),
        arguments(
            desk().toHeld(heldCall("pbx", ConnectionState.OFFERING, ConnectionState.ON_HOLD)),
            Kind.HELD_CALL,
            "nobody is connected in the held call",
            "INVALCALLSTATE"));
  }

  static Stream<Arguments> limits() {
    Desk pendingFull = desk().limits(3, 2, 3).holding(0, 2);
    Desk holdFull = desk().limits(1, 2, 3).holding(1, 0);
    Desk small = desk().limits(2, 2, 2);
    Desk heldSmall = desk().toHeld().asConference().limits(2, 2, 2);
    String resource = "RESOURCEUNAVAIL";
    return Stream.of(
        arguments(pendingFull, Kind.CONSULTATION, "allows 2 calls on consultation hold", resource),
        arguments(pendingFull, Kind.ONE_STEP, "allows 2 calls on consultation hold", resource),
        arguments(holdFull, Kind.NEW_CALL, "allows 1 calls on hold", resource),
        arguments(small, Kind.CONFERENCE_AND_DROP, "allows 2 parties in a conference", resource),
        arguments(heldSmall, Kind.HELD_CALL, "allows 2 parties in a conference", resource));
  }

  private static Preferences noConference(Preferences shipped) {
    return new Preferences(
        shipped.auto(),
        false,
        shipped.timeouts(),
        shipped.recall(),
        new Preferences.Rules("house", "house", "house", "house"));
  }

  @ParameterizedTest(name = "{1}: {2} ({3})")
  @MethodSource({"off", "wanted", "now", "limits"})
  void rulesThePlanOut(Desk desk, Kind kind, String words, String tapiError) {
    Rejected rejected = desk.against(kind, TransferMode.BLIND);
    Rejected inAuto = desk.against(kind, TransferMode.AUTO);

    assertThat(rejected.reason()).contains(words);
    assertThat(rejected.tapiError()).isEqualTo(tapiError);
    assertThat(inAuto).isEqualTo(rejected);
  }

  @Test
  void aLimitThatIsNotReachedForbidsNothing() {
    Desk desk = desk().limits(1, 1, 3);

    assertThat(desk.plan(TransferMode.CONSULTATION).kind()).isEqualTo(Kind.CONSULTATION);
    assertThat(desk.against(Kind.CONFERENCE_AND_DROP, TransferMode.BLIND).tapiError()).isEmpty();
    assertThat(desk.against(Kind.NEW_CALL, TransferMode.BLIND).tapiError()).isEmpty();
  }

  @Test
  void aHeldConferenceCountsAllWhoWouldBeInIt() {
    Session threeHeld =
        call(
            2,
            "pbx",
            party(DAVE, "104", ConnectionState.CONNECTED),
            party(new ConnectionId("eve"), "105", ConnectionState.CONNECTED),
            party(BOB, "102", ConnectionState.ON_HOLD));

    assertThat(
            desk().toHeld(threeHeld).asConference().limits(2, 2, 4).plan(TransferMode.AUTO).kind())
        .isEqualTo(Kind.HELD_CALL);
    assertThat(
            desk()
                .toHeld(threeHeld)
                .asConference()
                .limits(2, 2, 3)
                .refusal(TransferMode.AUTO)
                .refusal()
                .reason())
        .isEqualTo(Reason.LIMIT_REACHED);
  }

  @Test
  void theSameDeviceIsFoundByItsAddressWhereItsIdentityDiffers() {
    Session byAddress =
        call(
            2,
            "pbx",
            party(DAVE, "104", ConnectionState.CONNECTED),
            party(new ConnectionId("bob-2"), "102", ConnectionState.ON_HOLD));

    assertThat(desk().toHeld(byAddress).plan(TransferMode.CONSULTATION).kind())
        .isEqualTo(Kind.HELD_CALL);
  }

  @Test
  void whoIsHeldMayBeSomebodyWhomNobodyMayBeSentTo() {
    Session withAlice =
        call(
            2,
            "pbx",
            party(new ConnectionId("alice-2"), "101", ConnectionState.CONNECTED),
            party(BOB, "102", ConnectionState.ON_HOLD));

    assertThat(desk().toHeld(withAlice).refusal(TransferMode.AUTO).refusal().reason())
        .isEqualTo(Reason.LOOP);
  }

  @Test
  void aRefusalTellsOfThePlanThatCameFurthest() {
    TransferReply.Refused no =
        noSetup(desk()).limits(1, 1, 3).holding(1, 0).refusal(TransferMode.CONSULTATION);

    assertThat(no.refusal().reason()).isEqualTo(Reason.LIMIT_REACHED);
    assertThat(no.refusal().detail()).isEqualTo("no plan fits: the PBX allows 1 calls on hold");
    assertThat(no.reasons())
        .extracting(r -> r.source() + " " + r.effect())
        .containsExactly(
            "fact consultation is ruled out",
            "fact oneStep is ruled out",
            "fact newCall is ruled out",
            "fact conferenceAndDrop is ruled out");
  }

  @Test
  void legalPlansAreNotTakenByARule() {
    assertThat(desk().against(Kind.CONSULTATION, TransferMode.BLIND).reason())
        .isEqualTo("legal, but the request asks for blind");
    assertThat(desk().against(Kind.ONE_STEP, TransferMode.CONSULTATION).reason())
        .isEqualTo("legal, but the request is for consultation: consultation is it");
    assertThat(desk().against(Kind.CONSULTATION, TransferMode.AUTO).reason())
        .isEqualTo(
            "legal, but the rule \"auto is blind where it can be recovered, else consultation\""
                + " prefers blind");
    Desk never =
        desk()
            .without(Trait.RELEASE_ON_ANSWER)
            .policy(
                p ->
                    new Preferences(
                        List.of(AutoChoice.BLIND_IF_RECOVERABLE),
                        true,
                        p.timeouts(),
                        p.recall(),
                        new Preferences.Rules("careful", "careful", "careful", "careful")));
    assertThat(never.against(Kind.BLIND, TransferMode.AUTO).reason())
        .isEqualTo("legal, but the rule \"careful\" does not take it");
    assertThat(never.refusal(TransferMode.AUTO).refusal().reason()).isEqualTo(Reason.NO_PLAN);
    assertThat(never.refusal(TransferMode.AUTO).refusal().detail())
        .isEqualTo("the rule \"careful\" takes no plan of this PBX");
  }

  @Test
  void plansAnewWithoutWhatThePbxHasRefused() {
    Desk desk = desk();

    Decision again =
        desk.arbiter()
            .replan(
                desk.request(TransferMode.CONSULTATION),
                BOB,
                desk.situation(),
                Map.of(Kind.CONSULTATION, "it is out of lines"));

    assertThat(again).isInstanceOf(Decision.Planned.class);
    Decision.Planned planned = (Decision.Planned) again;
    assertThat(planned.kind()).isEqualTo(Kind.ONE_STEP);
    assertThat(planned.plan().rejected())
        .contains(
            new Rejected(
                Kind.CONSULTATION,
                "the PBX has refused it: it is out of lines",
                "OPERATIONFAILED"));
  }

  @Test
  void refusesAnewWhenThePbxHasRefusedAllThatWasLeft() {
    Desk desk = desk().without(Operation.ONE_STEP_CONSULT).without(Trait.TRANSFER_MAKE);

    Decision again =
        desk.arbiter()
            .replan(
                desk.request(TransferMode.CONSULTATION),
                BOB,
                desk.situation(),
                Map.of(Kind.CONSULTATION, ""));

    assertThat(again).isInstanceOf(Decision.NoPlan.class);
    TransferReply.Refused no = ((Decision.NoPlan) again).reply();
    assertThat(no.refusal().reason()).isEqualTo(Reason.REFUSED_BY_PBX);
    assertThat(no.refusal().detail()).isEqualTo("no plan fits: the PBX has refused it");
  }

  @Test
  void doesNotPlanAnewForAPartyThatHasLeft() {
    Desk desk = desk();

    Decision again =
        desk.arbiter()
            .replan(
                desk.request(TransferMode.BLIND),
                new ConnectionId("gone"),
                desk.situation(),
                Map.of());

    assertThat(((Decision.Refused) again).reply().refusal().reason())
        .isEqualTo(Reason.NO_SUCH_PARTY);
  }
}
