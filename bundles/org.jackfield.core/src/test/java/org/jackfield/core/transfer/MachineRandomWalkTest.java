package org.jackfield.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
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
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.RecallRung;
import org.jackfield.api.transfer.ReleaseWhen;
import org.jackfield.api.transfer.TransferPlan;
import org.jackfield.api.transfer.TransferTarget;
import org.jackfield.core.Effort;
import org.junit.jupiter.api.Test;

/**
 * Whatever a PBX may show, in whatever order, sane or not: the machine settles, never forgets its
 * deadline, and ends once.
 */
class MachineRandomWalkTest {
  private static final ConnectionId BOB = new ConnectionId("bob");
  private static final ConnectionId ALICE = new ConnectionId("alice");
  private static final List<ConnectionId> PARTIES =
      List.of(ALICE, BOB, new ConnectionId("carol"), new ConnectionId("dave"));

  @Test
  void settlesAndKeepsItsDeadlineAndEndsOnce() {
    long first = Effort.seed();
    int walks = Effort.of(60, 20_000, 500_000);
    System.out.printf("%d walks from seed %d (replay: -Djackfield.seed=%d)%n", walks, first, first);
    int ended = 0;
    for (int walk = 0; walk < walks; walk++) {
      long seed = first + walk;
      try {
        ended += new Walk(new SplittableRandom(seed)).run() ? 1 : 0;
      } catch (AssertionError | RuntimeException broken) {
        throw new AssertionError("broken by seed " + seed, broken);
      }
    }
    System.out.printf("%d of %d walks came to an outcome%n", ended, walks);
    assertThat(ended).isGreaterThan(walks / 4);
  }

  /** One transfer under random facts, requests, replies, deadlines and losses. */
  private static final class Walk {
    private final SplittableRandom random;
    private final Map<ConnectionId, Connection> home = new LinkedHashMap<>();
    private final Map<ConnectionId, Connection> away = new LinkedHashMap<>();
    private final List<Effect.Act> acts = new ArrayList<>();
    private final TransferPlan plan;
    private final Capabilities capabilities;
    private Topology topology;
    private TransferState state;
    private int armed;
    private int finished;

    Walk(SplittableRandom random) {
      this.random = random;
      plan =
          Scene.plan(
              pick(TransferPlan.Kind.values()),
              pick(CompleteWhen.values()),
              pick(ReleaseWhen.values()),
              new RecallRung.ToTransferor(),
              new RecallRung.ToAddress(new Address("104")));
      Set<Trait> traits = EnumSet.noneOf(Trait.class);
      for (Trait trait : Trait.values()) {
        if (random.nextBoolean()) {
          traits.add(trait);
        }
      }
      capabilities = Capabilities.of(Set.of(Operation.values()), traits);
      put(home, ALICE, ConnectionState.CONNECTED);
      put(home, BOB, ConnectionState.CONNECTED);
      topology = look();
      take(Advance.begin(view()));
    }

    boolean run() {
      for (int i = 0; i < 60; i++) {
        boolean over = state instanceof Ended;
        step();
        if (over) {
          assertThat(state).isInstanceOf(Ended.class);
        }
        assertThat(finished).isEqualTo(state instanceof Ended ? 1 : 0);
        if (state instanceof TransferState.Live live) {
          assertThat(live.deadline().token())
              .as("the deadline of %s is armed", live)
              .isEqualTo(armed);
        }
      }
      return state instanceof Ended;
    }

    private void step() {
      switch (random.nextInt(10)) {
        case 0, 1, 2, 3, 4 -> move();
        case 5 -> input(request());
        case 6, 7 -> fate();
        case 8 -> input(new TransferInput.DeadlinePassed(armed - random.nextInt(2)));
        default ->
            input(
                random.nextInt(4) == 0
                    ? new TransferInput.ProviderLost(Cause.of(Cause.Code.PROVIDER_LOST))
                    : new TransferInput.SnapshotTaken());
      }
    }

    private TransferInput request() {
      return pick(
          new TransferInput.DialRequested(new Address("105")),
          new TransferInput.AlternateRequested(),
          new TransferInput.CompleteRequested(pick(CompleteAs.values())),
          new TransferInput.CancelRequested());
    }

    private void fate() {
      if (acts.isEmpty()) {
        return;
      }
      Effect.Act act = acts.remove(random.nextInt(acts.size()));
      input(
          pick(
              new TransferInput.StepAccepted(act),
              new TransferInput.StepAccepted(act),
              new TransferInput.StepRefused(
                  act, ProviderReply.Refused.of(Reason.REFUSED_BY_PBX, "no")),
              new TransferInput.StepFailed(act, Cause.of(Cause.Code.TEMPORARY_FAILURE))));
    }

    /** Anything at all happens to a party, or the two calls become one. */
    private void move() {
      Map<ConnectionId, Cause> left = new HashMap<>();
      Map<ConnectionId, Connection> call = random.nextBoolean() ? home : away;
      ConnectionId who = pick(PARTIES.toArray(ConnectionId[]::new));
      switch (random.nextInt(6)) {
        case 0 -> {
          call.remove(who);
          left.put(who, Cause.of(pick(Cause.Code.values())));
        }
        case 1 -> {
          home.putAll(away);
          away.clear();
        }
        case 2 -> away.clear();
        case 3 -> home.computeIfPresent(ALICE, (id, c) -> c.heldByThem(!c.heldByThem()));
        default -> {
          if (call == home || !who.equals(ALICE)) {
            put(
                call,
                who,
                pick(
                    ConnectionState.CONNECTED,
                    ConnectionState.CONNECTED,
                    ConnectionState.OFFERING,
                    ConnectionState.ON_HOLD_PENDING_TRANSFER,
                    ConnectionState.RINGBACK,
                    ConnectionState.DIALTONE,
                    ConnectionState.BUSY,
                    ConnectionState.CONFERENCED));
          }
        }
      }
      Topology before = topology;
      topology = look();
      take(Advance.of(state, Observation.between(before, topology, left), view()));
    }

    private static void put(
        Map<ConnectionId, Connection> call, ConnectionId who, ConnectionState how) {
      call.put(who, Connection.of(who, new Address(who.value()), "", how));
    }

    private Topology look() {
      return Topology.of(
          BOB, Set.of(ALICE, BOB), List.copyOf(home.values()), List.copyOf(away.values()));
    }

    private TransferView view() {
      return new TransferView(
          plan, new TransferTarget.To(new Address("103")), capabilities, topology);
    }

    private void input(TransferInput input) {
      take(Advance.of(state, List.of(input), view()));
    }

    private void take(Advance advance) {
      state = advance.state();
      for (Effect effect : advance.effects()) {
        switch (effect) {
          case Effect.Arm arm -> {
            assertThat(arm.token()).isGreaterThan(armed);
            armed = arm.token();
          }
          case Effect.Finish finish -> finished++;
          case Effect.Act act -> {
            acts.add(act);
            assertThat(
                    new Commands(
                            new org.jackfield.api.provider.CallId("home"),
                            topology.awayLive()
                                ? Optional.of(new org.jackfield.api.provider.CallId("away"))
                                : Optional.empty(),
                            new org.jackfield.api.provider.CallId("next"),
                            BOB,
                            Opening.of(plan),
                            new Address("102"),
                            capabilities)
                        .of(
                            act,
                            topology,
                            () -> new org.jackfield.api.provider.CommandId(random.nextLong())))
                .hasSizeLessThanOrEqualTo(2);
          }
          case Effect.AskSnapshot ask -> {}
        }
      }
    }

    @SafeVarargs
    private <T> T pick(T... of) {
      return of[random.nextInt(of.length)];
    }
  }
}
