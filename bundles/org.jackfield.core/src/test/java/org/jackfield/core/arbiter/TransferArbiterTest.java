package org.jackfield.core.arbiter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Limits;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.Need;
import org.jackfield.api.transfer.ReleaseWhen;
import org.jackfield.api.transfer.TransferId;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferPlan;
import org.jackfield.api.transfer.TransferPlan.Kind;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferTarget;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plans and refusals, by the capability bits and by the contract of the transfer's body. */
class TransferArbiterTest {
  private static final ConnectionId ALICE = new ConnectionId("alice");
  private static final ConnectionId BOB = new ConnectionId("bob");
  private static final Requester OPERATOR = new Requester("admin", "rest", "127.0.0.1");

  private final TransferArbiter arbiter = new TransferArbiter(Preferences.SHIPPED, new LoopGuard());

  private static Capabilities pbx(String profile) {
    Set<Operation> can =
        EnumSet.of(Operation.BLIND_TRANSFER, Operation.CONSULT, Operation.DIAL, Operation.COMPLETE);
    Set<Trait> how = EnumSet.of(Trait.TRANSFER_NORM, Trait.TRANSFER_CONF, Trait.RELEASE_ON_ANSWER);
    switch (profile) {
      case "full" -> can.add(Operation.ONE_STEP_CONSULT);
      case "noBlind" -> can.remove(Operation.BLIND_TRANSFER);
      case "noConsultation" -> can.removeAll(Set.of(Operation.CONSULT, Operation.DIAL));
      case "oneStepOnly" -> {
        can.clear();
        can.addAll(Set.of(Operation.ONE_STEP_CONSULT, Operation.COMPLETE));
      }
      case "unrecoverable" -> how.remove(Trait.RELEASE_ON_ANSWER);
      case "onlyBlindUnrecoverable" -> {
        can.removeAll(Set.of(Operation.CONSULT, Operation.DIAL, Operation.COMPLETE));
        how.remove(Trait.RELEASE_ON_ANSWER);
      }
      case "nothing" -> can.clear();
      default -> throw new IllegalArgumentException(profile);
    }
    return Capabilities.of(can, how);
  }

  private static Session call(ConnectionState alice, ConnectionState bob) {
    return new Session(
        new SessionId(1),
        "pbx",
        new ConversationId(1),
        7,
        Instant.EPOCH,
        List.of(party(ALICE, "101", alice), party(BOB, "102", bob)));
  }

  private static Party party(ConnectionId id, String address, ConnectionState state) {
    return new Party(
        Connection.of(id, new Address(address), "", state), Party.Role.CALLED, Capabilities.NONE);
  }

  private static Situation situation(Capabilities capabilities) {
    return Situation.of(call(ConnectionState.CONNECTED, ConnectionState.CONNECTED), capabilities);
  }

  private static Situation with(
      Situation of, boolean reachable, Optional<TransferId> open, int pending) {
    return new Situation(
        of.session(), of.capabilities(), reachable, open, pending, 0, Optional.empty());
  }

  private static TransferRequest toCarol(TransferMode mode) {
    return request(mode, Optional.of(BOB), "103", OptionalLong.empty());
  }

  private static TransferRequest request(
      TransferMode mode, Optional<ConnectionId> transferor, String to, OptionalLong ifRevision) {
    return wanting(mode, transferor, to, ifRevision, CompleteAs.TRANSFER, Set.of());
  }

  private static TransferRequest wanting(
      TransferMode mode,
      Optional<ConnectionId> transferor,
      String to,
      OptionalLong ifRevision,
      CompleteAs as,
      Set<Need> needs) {
    return new TransferRequest(
        OPERATOR,
        new SessionId(1),
        transferor,
        new TransferTarget.To(new Address(to)),
        mode,
        Optional.empty(),
        Optional.empty(),
        as,
        needs,
        Optional.empty(),
        List.of(),
        ifRevision,
        "");
  }

  private TransferPlan planned(TransferRequest request, Situation situation) {
    Decision decision = arbiter.decide(request, situation);
    assertThat(decision).isInstanceOf(Decision.Planned.class);
    return ((Decision.Planned) decision).plan();
  }

  private TransferReply.Refused refused(TransferRequest request, Situation situation) {
    Decision decision = arbiter.decide(request, situation);
    assertThat(decision).isInstanceOf(Decision.Refused.class);
    return ((Decision.Refused) decision).reply();
  }

  @ParameterizedTest(name = "{0}, asked for {1}: {2}")
  @CsvSource({
    // profile, mode, plan; a mode that is asked for is never silently another
    "full, AUTO, BLIND",
    "full, BLIND, BLIND",
    "full, CONSULTATION, CONSULTATION",
    "full, ONE_STEP, ONE_STEP",
    "noBlind, AUTO, CONSULTATION",
    "noBlind, BLIND, -",
    "noBlind, CONSULTATION, CONSULTATION",
    "noConsultation, AUTO, BLIND",
    "noConsultation, CONSULTATION, -",
    "noConsultation, ONE_STEP, -",
    "oneStepOnly, AUTO, ONE_STEP",
    "oneStepOnly, BLIND, -",
    "oneStepOnly, CONSULTATION, ONE_STEP",
    "unrecoverable, AUTO, CONSULTATION",
    "unrecoverable, BLIND, BLIND",
    "onlyBlindUnrecoverable, AUTO, BLIND",
    "onlyBlindUnrecoverable, CONSULTATION, -",
    "nothing, AUTO, -",
  })
  void choosesByWhatThePbxCanAndWhatTheRequesterWants(
      String profile, TransferMode mode, String expected) {
    Decision decision = arbiter.decide(toCarol(mode), situation(pbx(profile)));

    if (expected.equals("-")) {
      assertThat(decision).isInstanceOf(Decision.Refused.class);
      TransferReply.Refused no = ((Decision.Refused) decision).reply();
      assertThat(no.refusal().reason()).isEqualTo(Reason.NO_PLAN);
      assertThat(no.reasons()).isNotEmpty();
      assertThat(no.rejected()).hasSize(7);
    } else {
      TransferPlan plan = ((Decision.Planned) decision).plan();
      assertThat(plan.kind()).isEqualTo(Kind.valueOf(expected));
      assertThat(plan.reasons()).isNotEmpty();
      assertThat(plan.steps()).isNotEmpty();
      assertThat(plan.rejected()).hasSize(6).allSatisfy(r -> assertThat(r.reason()).isNotBlank());
    }
  }

  @Test
  void saysWhichTapiErrorARejectedPlanWouldGive() {
    TransferPlan plan = planned(toCarol(TransferMode.AUTO), situation(pbx("noBlind")));

    assertThat(plan.rejected())
        .anySatisfy(
            r -> {
              assertThat(r.kind()).isEqualTo(Kind.BLIND);
              assertThat(r.reason())
                  .isEqualTo("the PBX has no blind transfer (BLINDTRANSFER is off)");
              assertThat(r.tapiError()).isEqualTo("OPERATIONUNAVAIL");
            });
  }

  @Test
  void completesAConsultationByHandAndTheOthersOnAnswer() {
    Situation full = situation(pbx("full"));

    assertThat(planned(toCarol(TransferMode.CONSULTATION), full).complete())
        .isEqualTo(CompleteWhen.MANUAL);
    assertThat(planned(toCarol(TransferMode.ONE_STEP), full).complete())
        .isEqualTo(CompleteWhen.ON_ANSWER);
    assertThat(planned(toCarol(TransferMode.AUTO), situation(pbx("noBlind"))).complete())
        .isEqualTo(CompleteWhen.ON_ANSWER);
  }

  @Test
  void releasesOnAnswerWhereThePbxCanAndSaysSoWhereItCannot() {
    assertThat(planned(toCarol(TransferMode.BLIND), situation(pbx("full"))).release())
        .isEqualTo(ReleaseWhen.ON_ANSWER);

    TransferPlan plan = planned(toCarol(TransferMode.BLIND), situation(pbx("unrecoverable")));

    assertThat(plan.release()).isEqualTo(ReleaseWhen.ON_ACCEPT);
    assertThat(plan.loss()).anySatisfy(l -> assertThat(l).contains("before the transferor is out"));
  }

  @Test
  void asksWhoLeavesWhenTwoMay() {
    TransferReply.Refused no =
        refused(
            request(TransferMode.AUTO, Optional.empty(), "103", OptionalLong.empty()),
            situation(pbx("full")));

    assertThat(no.refusal().reason()).isEqualTo(Reason.PARTY_REQUIRED);
    assertThat(no.candidates()).extracting(Party::id).containsExactly(ALICE, BOB);
  }

  @Test
  void takesTheOnlyOneThatMay() {
    Situation held =
        Situation.of(call(ConnectionState.ON_HOLD, ConnectionState.CONNECTED), pbx("full"));

    TransferReply.Refused no =
        refused(request(TransferMode.AUTO, Optional.empty(), "103", OptionalLong.empty()), held);

    assertThat(no.refusal().detail()).contains("nobody else in the session is connected");
  }

  @ParameterizedTest(name = "to {0}: {1}")
  @CsvSource({
    "101, LOOP",
    "102, LOOP",
    "'10 3', INVALID_ADDRESS",
    "'103;rm', INVALID_ADDRESS",
    "'${EXTEN}', INVALID_ADDRESS",
    "'103&104', INVALID_ADDRESS",
    "'103,1', INVALID_ADDRESS",
    "'103/n', INVALID_ADDRESS",
  })
  void refusesDestinationsThatCannotBeMeant(String to, Reason reason) {
    TransferReply.Refused no =
        refused(
            request(TransferMode.AUTO, Optional.of(BOB), to, OptionalLong.empty()),
            situation(pbx("full")));

    assertThat(no.refusal().reason()).isEqualTo(reason);
  }

  @Test
  void refusesWithTheFirstThingThatForbidsIt() {
    Session call = call(ConnectionState.CONNECTED, ConnectionState.CONNECTED);
    Capabilities full = pbx("full");
    TransferId other = new TransferId(99);

    TransferReply.Refused exists =
        refused(
            toCarol(TransferMode.AUTO),
            with(Situation.of(call, full), true, Optional.of(other), 0));
    assertThat(exists.refusal().reason()).isEqualTo(Reason.TRANSFER_EXISTS);
    assertThat(exists.existing()).contains(other);

    assertThat(
            refused(
                    toCarol(TransferMode.AUTO),
                    with(Situation.of(call, full), false, Optional.empty(), 0))
                .refusal()
                .reason())
        .isEqualTo(Reason.PROVIDER_DOWN);

    assertThat(
            refused(
                    request(TransferMode.AUTO, Optional.of(BOB), "103", OptionalLong.of(6)),
                    situation(full))
                .refusal()
                .reason())
        .isEqualTo(Reason.STALE_REVISION);

    assertThat(
            refused(
                    request(
                        TransferMode.AUTO,
                        Optional.of(new ConnectionId("nobody")),
                        "103",
                        OptionalLong.empty()),
                    situation(full))
                .refusal()
                .reason())
        .isEqualTo(Reason.NO_SUCH_PARTY);

    assertThat(
            refused(
                    toCarol(TransferMode.AUTO),
                    Situation.of(call(ConnectionState.OFFERING, ConnectionState.RINGBACK), full))
                .refusal()
                .reason())
        .isEqualTo(Reason.NOT_PERMITTED_NOW);
  }

  @Test
  void countsTheCallsOnConsultationHold() {
    Capabilities one =
        pbx("noBlind").withLimits(new Limits(Integer.MAX_VALUE, 1, Integer.MAX_VALUE));
    Session call = call(ConnectionState.CONNECTED, ConnectionState.CONNECTED);

    assertThat(
            refused(
                    toCarol(TransferMode.CONSULTATION),
                    with(Situation.of(call, one), true, Optional.empty(), 1))
                .refusal()
                .reason())
        .isEqualTo(Reason.LIMIT_REACHED);
  }

  @Test
  void needsRuleOutWhatCannotGiveThem() {
    TransferRequest speak =
        wanting(
            TransferMode.AUTO,
            Optional.of(BOB),
            "103",
            OptionalLong.empty(),
            CompleteAs.TRANSFER,
            Set.of(Need.SPEAK));
    assertThat(planned(speak, situation(pbx("full"))).kind()).isEqualTo(Kind.CONSULTATION);

    TransferRequest cancel =
        wanting(
            TransferMode.BLIND,
            Optional.of(BOB),
            "103",
            OptionalLong.empty(),
            CompleteAs.TRANSFER,
            Set.of(Need.CANCEL));
    assertThat(refused(cancel, situation(pbx("unrecoverable"))).refusal().reason())
        .isEqualTo(Reason.NO_PLAN);

    TransferRequest conference =
        wanting(
            TransferMode.AUTO,
            Optional.of(BOB),
            "103",
            OptionalLong.empty(),
            CompleteAs.CONFERENCE,
            Set.of());
    assertThat(planned(conference, situation(pbx("full"))).kind()).isEqualTo(Kind.CONSULTATION);
  }
}
