package org.jackfield.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.event.Event;
import org.jackfield.api.event.Position;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionQuery;
import org.jackfield.api.session.SessionRequest;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.ReleaseWhen;
import org.jackfield.api.transfer.Timeouts;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferEvent;
import org.jackfield.api.transfer.TransferId;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferOutcome;
import org.jackfield.api.transfer.TransferQuery;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferStep;
import org.jackfield.api.transfer.TransferTarget;
import org.jackfield.pbx.simulated.Control;
import org.jackfield.pbx.simulated.Message;
import org.jackfield.pbx.simulated.Profile;
import org.jackfield.provider.simulated.SimulatedDriver;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.framework.Version;

/**
 * The real core, its driver and the simulated PBX on one thread: requests, people at their phones and
 * faults in any order. After every step the invariants hold, and at the end nothing is left. The seed
 * is printed and replays with {@code -Djackfield.seed=}.
 */
class SimulatedWalkTest {
  private static final int WALKS = Boolean.getBoolean("jackfield.long") ? 500 : 25;
  private static final int STEPS = 120;
  private static final String[] PHONES = {"1500", "1501", "1502", "1503", "1504", "1505"};
  private static final String[] TARGETS = {"1503", "1504", "6001", "6002", "6003", "6004", "6005"};

  static List<String> profiles() {
    return Profile.NAMES;
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void everyTransferEndsOnceAndNothingIsLeft(String profile) {
    Long replayed = Long.getLong("jackfield.seed");
    long first = replayed == null ? new SplittableRandom().nextLong() : replayed;
    Map<String, Integer> outcomes = new TreeMap<>();
    for (int walk = 0; walk < (replayed == null ? WALKS : 1); walk++) {
      long seed = first + walk;
      Walk one = new Walk(profile, seed, walk % 2 == 1);
      try {
        one.run();
      } catch (AssertionError | RuntimeException broken) {
        throw new AssertionError(
            "-Djackfield.seed=" + seed + " breaks " + profile + " after\n" + one.story(), broken);
      }
      one.outcomes.forEach((outcome, n) -> outcomes.merge(outcome, n, Integer::sum));
    }
    System.out.printf("%s, %d walks from seed %d: %s%n", profile, WALKS, first, outcomes);
  }

  private static final class Walk {
    private final SplittableRandom random;
    private final boolean faults;
    private final VirtualTime time = new VirtualTime();
    private final SimulatedPbx pbx;
    private final CoreFixture fixture;
    private final CoreEngine core;
    private final List<String> log = new ArrayList<>();
    private final Set<TransferId> accepted = new HashSet<>();
    private final Set<TransferId> ended = new HashSet<>();
    private final Map<String, Integer> outcomes = new HashMap<>();
    private Position read;

    Walk(String profile, long seed, boolean faults) {
      random = new SplittableRandom(seed);
      this.faults = faults;
      pbx = new SimulatedPbx(time, profile, seed);
      fixture = new CoreFixture(time, seed);
      core = fixture.core;
      core.providers()
          .addDriver(
              new SimulatedDriver(config -> pbx),
              Map.of("org.jackfield.driver.name", "simulated"),
              Version.emptyVersion,
              "simulated");
      core.providers().configure("pbx", Map.of("driver", "simulated"));
      pass(1_000);
      read = core.events().latest();
    }

    String story() {
      return String.join("\n", log.subList(Math.max(0, log.size() - 60), log.size()));
    }

    void run() {
      for (int i = 0; i < STEPS; i++) {
        step();
        pass(random.nextInt(4) == 0 ? random.nextInt(9_000) : random.nextInt(200));
        listen();
      }
      // no more requests: each deadline has its time
      for (int i = 0; i < 40; i++) {
        pass(15_000);
        listen();
      }
      assertThat(ended).as("each transfer has come to its one end").isEqualTo(accepted);
      freshLink();
      assertThat(picture()).as("the server's picture is the PBX's").isEqualTo(truth());
      assertThat(new HashSet<>(pbx.done)).as("nothing is done twice").hasSameSizeAs(pbx.done);
      pbx.clearAll();
      freshLink();
      pass(Duration.ofMinutes(5).toMillis());
      assertThat(picture()).as("the PBX has still %s", truth()).isEmpty();
      assertThat(core.isEmpty()).as("the core is empty").isTrue();
    }

    /** An event that a fault keeps back for ever is made good by the next snapshot only. */
    private void freshLink() {
      if (faults) {
        pbx.fault(Control.What.DELAY, 1, 0);
        pbx.fault(Control.What.DROP_LINK, 1, 1_000);
        pass(60_000);
      }
    }

    private void pass(long ms) {
      time.pass(Duration.ofMillis(ms));
    }

    private void step() {
      List<Session> sessions = core.sessions().list(SessionQuery.all(100)).items();
      int what = random.nextInt(20);
      if (what < 5 || sessions.isEmpty()) {
        act(pick(PHONES), Control.Act.CALL, pick(PHONES));
      } else if (what < 10) {
        transfer(sessions.get(random.nextInt(sessions.size())));
      } else if (what < 14) {
        step(core.transfers().list(new TransferQuery(Optional.empty(), Optional.of(true), Optional.empty(), 50)).items());
      } else if (what < 16) {
        operate(sessions.get(random.nextInt(sessions.size())));
      } else if (what < 19 || !faults) {
        act(
            pick(PHONES),
            pick(
                Control.Act.HANG_UP,
                Control.Act.ANSWER,
                Control.Act.DECLINE,
                Control.Act.HOLD,
                Control.Act.RETRIEVE,
                Control.Act.TRANSFER),
            pick(TARGETS));
      } else {
        fault();
      }
    }

    private void act(String phone, Control.Act act, String target) {
      log.add(phone + " " + act + " " + target);
      pbx.act(phone, act, target);
    }

    private void fault() {
      Control.What what =
          pick(
              Control.What.DROP_LINK,
              Control.What.DELAY,
              Control.What.DUPLICATE,
              Control.What.REORDER,
              Control.What.NO_ANSWER,
              Control.What.NOT_DONE,
              Control.What.LOST);
      long ms = what == Control.What.DELAY ? random.nextInt(2) * 300L : 1_000 + random.nextInt(8_000);
      log.add("fault " + what + " " + ms);
      pbx.fault(what, 1 + random.nextInt(2), ms);
    }

    private void transfer(Session session) {
      List<Party> parties = session.parties();
      TransferRequest request =
          new TransferRequest(
              CoreFixture.ALICE,
              session.id(),
              Optional.of(parties.get(random.nextInt(parties.size())).id()),
              new TransferTarget.To(new Address(pick(TARGETS))),
              pick(TransferMode.values()),
              maybe(pick(CompleteWhen.values())),
              maybe(pick(ReleaseWhen.values())),
              random.nextInt(6) == 0 ? CompleteAs.CONFERENCE : CompleteAs.TRANSFER,
              Set.of(),
              Optional.of(
                  new Timeouts(
                      Duration.ofSeconds(6), Duration.ofSeconds(40), Duration.ofSeconds(5))),
              List.of(),
              OptionalLong.empty(),
              "");
      TransferReply reply = now(core.transfers().transfer(request));
      log.add(
          "transfer "
              + places(session)
              + " by "
              + request.transferor().orElseThrow()
              + " "
              + request.mode()
              + " to "
              + request.target()
              + ": "
              + brief(reply));
      if (reply instanceof TransferReply.Accepted yes) {
        assertThat(accepted.add(yes.transfer().id())).as("ids are new").isTrue();
      }
    }

    private void step(List<Transfer> open) {
      if (open.isEmpty()) {
        return;
      }
      TransferId id = open.get(random.nextInt(open.size())).id();
      TransferStep step =
          pick(
              new TransferStep.Dial(
                  CoreFixture.ALICE, id, Optional.of(new Address(pick(TARGETS)))),
              new TransferStep.Alternate(CoreFixture.ALICE, id),
              new TransferStep.Complete(CoreFixture.ALICE, id, Optional.empty()),
              new TransferStep.Complete(
                  CoreFixture.ALICE, id, Optional.of(CompleteAs.CONFERENCE)),
              new TransferStep.Cancel(CoreFixture.ALICE, id));
      log.add(step.getClass().getSimpleName() + ": " + brief(now(core.transfers().step(step))));
    }

    private static String brief(TransferReply reply) {
      return switch (reply) {
        case TransferReply.Accepted yes -> yes.transfer().id() + " " + yes.transfer().phase();
        case TransferReply.Refused no -> no.refusal().toString();
      };
    }

    private void operate(Session session) {
      var party = session.parties().get(random.nextInt(session.parties().size())).id();
      SessionRequest request =
          pick(
              new SessionRequest.Hold(
                  CoreFixture.ALICE, session.id(), party, OptionalLong.empty()),
              new SessionRequest.Retrieve(
                  CoreFixture.ALICE, session.id(), party, OptionalLong.empty()),
              new SessionRequest.Clear(
                  CoreFixture.ALICE, session.id(), party, OptionalLong.empty()));
      log.add(request.getClass().getSimpleName() + ": " + now(core.sessions().operate(request)));
    }

    private <T> T now(CompletionStage<T> stage) {
      time.settle();
      T value = stage.toCompletableFuture().getNow(null);
      if (value == null) {
        // the intent is being made durable, or the driver is asked: soon, by the contract
        pass(2_500);
        value = stage.toCompletableFuture().getNow(null);
      }
      assertThat(value).as("every request is answered soon").isNotNull();
      return value;
    }

    /** Reads what was told, in order: an outcome once, with nothing after it. */
    private void listen() {
      for (Event event : core.events().after(read, 10_000).orElseThrow()) {
        read = event.position();
        if (event instanceof Event.OfTransfer told) {
          TransferId id = told.event().transfer().id();
          assertThat(ended).as("nothing is told after the end").doesNotContain(id);
          if (told.event() instanceof TransferEvent.Ended end) {
            ended.add(id);
            outcome(end.transfer());
          }
        }
      }
    }

    private void outcome(Transfer transfer) {
      TransferOutcome outcome = transfer.outcome().orElseThrow();
      log.add("outcome " + transfer.id() + " " + outcome);
      outcomes.merge(outcome.text(), 1, Integer::sum);
      assertThat(outcome.evidence().verified() || faults)
          .as("without faults every outcome rests on facts")
          .isTrue();
    }

    private static String places(Session session) {
      return session.parties().stream()
          .map(p -> p.address() + "=" + p.state().text())
          .toList()
          .toString();
    }

    private Set<String> picture() {
      Set<String> lines = new TreeSet<>();
      for (Session session : core.sessions().list(SessionQuery.all(500)).items()) {
        for (Party party : session.parties()) {
          lines.add(
              party.id()
                  + " "
                  + party.state().text()
                  + (party.connection().heldByThem() ? " held" : ""));
        }
      }
      return lines;
    }

    private Set<String> truth() {
      Set<String> lines = new TreeSet<>();
      for (Message.CallView call : pbx.calls()) {
        for (Message.ConnectionView c : call.connections()) {
          String state = org.jackfield.pbx.simulated.Lines.line(c.state()).replace("\"", "");
          if (!state.equals("disconnected") && !state.equals("idle")) {
            lines.add(c.connection() + " " + state + (c.heldByThem() ? " held" : ""));
          }
        }
      }
      return lines;
    }

    private <T> Optional<T> maybe(T value) {
      return random.nextBoolean() ? Optional.of(value) : Optional.empty();
    }

    @SafeVarargs
    private <T> T pick(T... of) {
      return of[random.nextInt(of.length)];
    }
  }
}
