package org.jackfield.core.arbiter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
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
import org.jackfield.api.transfer.TransferPlan.PlanStep;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferTarget;
import org.jackfield.core.Effort;
import org.junit.jupiter.api.Test;

/**
 * Random PBXs, calls and requests: what is chosen is legal, and what is refused is not, by the
 * rules of legality written again here.
 */
class LegalPlansTest {
  private static final ConnectionId ALICE = new ConnectionId("alice");
  private static final ConnectionId BOB = new ConnectionId("bob");

  /** One case, with the predicates of each plan. */
  private record Case(TransferRequest request, Situation situation) {
    boolean can(Operation operation) {
      return situation.capabilities().operationSet().contains(operation);
    }

    boolean has(Trait trait) {
      return situation.capabilities().traitSet().contains(trait);
    }

    boolean connected() {
      return situation.session().parties().stream()
          .allMatch(p -> p.state() == ConnectionState.CONNECTED);
    }

    boolean toAddress() {
      return request.target() instanceof TransferTarget.To;
    }

    boolean speak() {
      return request.needs().contains(Need.SPEAK);
    }

    /** COMPLETETRANSF, and TRANSFERNORM or TRANSFERCONF as wanted, or neither declared. */
    boolean completes(CompleteAs as) {
      boolean norm = has(Trait.TRANSFER_NORM);
      boolean conf = has(Trait.TRANSFER_CONF);
      boolean declared = as == CompleteAs.TRANSFER ? norm : conf;
      boolean room =
          as == CompleteAs.TRANSFER || 3 <= situation.capabilities().limits().conference();
      boolean spoken =
          !speak() || request.complete().filter(c -> c != CompleteWhen.MANUAL).isEmpty();
      return can(Operation.COMPLETE) && (declared || !norm && !conf) && room && spoken;
    }

    boolean pendingFree() {
      return situation.pending() < situation.capabilities().limits().onHoldPending();
    }

    boolean setup() {
      return can(Operation.CONSULT) && can(Operation.DIAL) && pendingFree();
    }

    boolean oneStep() {
      return can(Operation.ONE_STEP_CONSULT) && pendingFree();
    }

    boolean newCall() {
      return has(Trait.TRANSFER_MAKE)
          && can(Operation.MAKE_CALL)
          && can(Operation.HOLD)
          && situation.onHold() < situation.capabilities().limits().onHold();
    }

    boolean heldCall() {
      return situation
          .held()
          .filter(h -> h.open().isEmpty())
          .filter(h -> h.session().provider().equals("pbx"))
          .filter(h -> h.session().id().value() != 1)
          .flatMap(h -> h.session().party(BOB))
          .filter(bob -> bob.state() == ConnectionState.ON_HOLD)
          .filter(
              bob ->
                  situation.held().get().session().parties().stream()
                      .anyMatch(p -> !p.equals(bob) && p.state().isTalking()))
          .isPresent();
    }

    boolean legal(Kind kind) {
      boolean asTransfer = request.completeAs() == CompleteAs.TRANSFER;
      boolean wayBack =
          !request.needs().contains(Need.CANCEL)
              || has(Trait.RELEASE_ON_ANSWER)
                  && request.release().filter(r -> r == ReleaseWhen.ON_ACCEPT).isEmpty();
      boolean second = setup() || oneStep() || newCall();
      return connected()
          && switch (kind) {
            case BLIND ->
                toAddress() && can(Operation.BLIND_TRANSFER) && !speak() && wayBack && asTransfer;
            case CONSULTATION -> toAddress() && setup() && completes(request.completeAs());
            case ONE_STEP -> toAddress() && oneStep() && completes(request.completeAs());
            case NEW_CALL -> toAddress() && newCall() && completes(request.completeAs());
            case HELD_CALL ->
                !toAddress()
                    && has(Trait.TRANSFER_HELD)
                    && can(Operation.ALTERNATE)
                    && heldCall()
                    && completes(request.completeAs());
            case EARLY_COMPLETION ->
                toAddress()
                    && second
                    && has(Trait.EARLY_COMPLETE)
                    && completes(CompleteAs.TRANSFER)
                    && !speak()
                    && !request.needs().contains(Need.CANCEL)
                    && asTransfer;
            case CONFERENCE_AND_DROP ->
                toAddress()
                    && second
                    && completes(CompleteAs.CONFERENCE)
                    && can(Operation.CLEAR)
                    && asTransfer;
          };
    }

    /** What a mode allows, the preferred first. */
    List<Kind> order() {
      if (!toAddress()
          && (request.mode() == TransferMode.AUTO || request.mode() == TransferMode.CONSULTATION)) {
        return List.of(Kind.HELD_CALL);
      }
      return switch (request.mode()) {
        case BLIND -> List.of(Kind.BLIND, Kind.EARLY_COMPLETION);
        case ONE_STEP -> List.of(Kind.ONE_STEP);
        case CONSULTATION ->
            List.of(Kind.CONSULTATION, Kind.ONE_STEP, Kind.NEW_CALL, Kind.CONFERENCE_AND_DROP);
        case AUTO -> {
          List<Kind> kinds =
              new ArrayList<>(
                  List.of(
                      Kind.CONSULTATION, Kind.ONE_STEP, Kind.NEW_CALL, Kind.CONFERENCE_AND_DROP));
          kinds.add(has(Trait.RELEASE_ON_ANSWER) ? 0 : 3, Kind.BLIND);
          yield kinds;
        }
      };
    }
  }

  private static <E extends Enum<E>> Set<E> some(Class<E> of, SplittableRandom random) {
    Set<E> some = EnumSet.noneOf(of);
    for (E one : of.getEnumConstants()) {
      if (random.nextInt(3) > 0) {
        some.add(one);
      }
    }
    return some;
  }

  private static <E> Optional<E> maybe(E[] values, SplittableRandom random) {
    int n = random.nextInt(values.length * 2);
    return n < values.length ? Optional.of(values[n]) : Optional.empty();
  }

  private static ConnectionState mostly(ConnectionState usual, SplittableRandom random) {
    ConnectionState[] all = ConnectionState.values();
    return random.nextInt(5) > 0 ? usual : all[random.nextInt(all.length)];
  }

  private static Party party(ConnectionId id, String address, ConnectionState state) {
    return new Party(
        Connection.of(id, new Address(address), "", state), Party.Role.CALLED, Capabilities.NONE);
  }

  private static Session call(int id, String provider, Party... parties) {
    return new Session(
        new SessionId(id), provider, new ConversationId(id), 1, Instant.EPOCH, List.of(parties));
  }

  private static Optional<Situation.Held> held(SplittableRandom random) {
    if (random.nextInt(6) == 0) {
      return Optional.empty();
    }
    ConnectionId holder = random.nextInt(6) == 0 ? new ConnectionId("eve") : BOB;
    Session held =
        call(
            random.nextInt(8) == 0 ? 1 : 2,
            random.nextInt(8) == 0 ? "other" : "pbx",
            party(new ConnectionId("dave"), "104", mostly(ConnectionState.CONNECTED, random)),
            party(
                holder,
                holder.equals(BOB) ? "102" : "105",
                mostly(ConnectionState.ON_HOLD, random)));
    return Optional.of(
        new Situation.Held(
            held, random.nextInt(6) == 0 ? Optional.of(new TransferId(9)) : Optional.empty()));
  }

  private static Case random(SplittableRandom random) {
    boolean toHeld = random.nextInt(3) == 0;
    Limits limits = new Limits(1 + random.nextInt(2), 1 + random.nextInt(2), 2 + random.nextInt(3));
    Situation situation =
        new Situation(
            call(
                1,
                "pbx",
                party(ALICE, "101", ConnectionState.CONNECTED),
                party(BOB, "102", mostly(ConnectionState.CONNECTED, random))),
            Capabilities.of(some(Operation.class, random), some(Trait.class, random))
                .withLimits(limits),
            true,
            Optional.empty(),
            random.nextInt(2),
            random.nextInt(2),
            toHeld ? held(random) : Optional.empty());
    Set<Need> needs = random.nextInt(3) == 0 ? Set.of(Need.values()[random.nextInt(2)]) : Set.of();
    TransferMode[] modes = TransferMode.values();
    TransferRequest request =
        new TransferRequest(
            new Requester("operator", "rest", ""),
            new SessionId(1),
            Optional.of(BOB),
            toHeld
                ? new TransferTarget.Held(new SessionId(2))
                : new TransferTarget.To(new Address("103")),
            modes[random.nextInt(modes.length)],
            maybe(CompleteWhen.values(), random),
            maybe(ReleaseWhen.values(), random),
            random.nextInt(4) == 0 ? CompleteAs.CONFERENCE : CompleteAs.TRANSFER,
            needs,
            Optional.empty(),
            List.of(),
            OptionalLong.empty(),
            "");
    return new Case(request, situation);
  }

  @Test
  void whatIsChosenIsLegalAndFirst() {
    long seed = Effort.seed();
    System.out.println(
        "legal plans from seed " + seed + " (replay: -Djackfield.seed=" + seed + ")");
    SplittableRandom random = new SplittableRandom(seed);
    TransferArbiter arbiter = new TransferArbiter(Preferences.SHIPPED, new LoopGuard());
    Map<Kind, Integer> chosen = new EnumMap<>(Kind.class);
    for (int i = 0; i < Effort.of(500, 50_000, 500_000); i++) {
      Case one = random(random);
      Optional<Kind> expected = one.order().stream().filter(one::legal).findFirst();

      Decision decision = arbiter.decide(one.request, one.situation);

      assertThat(Optional.ofNullable(arbiter.choose(one.request, one.situation)))
          .isEqualTo(expected);
      switch (decision) {
        case Decision.Planned planned -> {
          assertThat(Optional.of(planned.kind())).as(one.toString()).isEqualTo(expected);
          chosen.merge(planned.kind(), 1, Integer::sum);
          explained(one, planned.plan());
        }
        case Decision.Refused refused -> {
          assertThat(expected).as(one.toString()).isEmpty();
          reasoned(one, refused.reply());
        }
      }
    }
    assertThat(chosen.keySet()).containsExactlyInAnyOrder(Kind.values());
  }

  /** Its steps are what the PBX can, and all that is not taken is told with its error. */
  private static void explained(Case one, TransferPlan plan) {
    assertThat(plan.steps())
        .extracting(PlanStep::operation)
        .filteredOn(o -> o != Operation.CONFERENCE)
        .allMatch(one::can);
    assertThat(plan.irreversibleAfter()).isBetween(1, plan.steps().size());
    assertThat(plan.identities()).isNotEmpty();
    assertThat(one.legal(plan.kind())).isTrue();
    assertThat(plan.over()).isNotIn(Kind.EARLY_COMPLETION, Kind.CONFERENCE_AND_DROP);
    rejected(one, plan.rejected(), 6);
  }

  private static void reasoned(Case one, TransferReply.Refused no) {
    assertThat(no.reasons()).hasSizeGreaterThanOrEqualTo(one.order().size());
    rejected(one, no.rejected(), 7);
  }

  private static void rejected(Case one, List<TransferPlan.Rejected> rejected, int size) {
    Set<Kind> kinds = new HashSet<>();
    for (TransferPlan.Rejected plan : rejected) {
      kinds.add(plan.kind());
      assertThat(plan.reason()).isNotBlank();
      assertThat(plan.tapiError().isEmpty())
          .as(plan + " in " + one)
          .isEqualTo(one.legal(plan.kind()));
    }
    assertThat(kinds).hasSize(size);
  }
}
