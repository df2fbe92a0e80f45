package org.jackfield.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jackfield.core.CoreFixture.ALICE;

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
import java.util.concurrent.CompletableFuture;
import org.jackfield.api.event.Event;
import org.jackfield.api.provider.ConfigKey;
import org.jackfield.api.provider.DriverShares;
import org.jackfield.api.provider.Handover;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.TelephonyDriver;
import org.jackfield.api.provider.TelephonyProvider;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionEvent;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.session.SessionRequest;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.RecallRung;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferEvent;
import org.jackfield.api.transfer.TransferId;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferQuery;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferStep;
import org.jackfield.api.transfer.TransferTarget;
import org.jackfield.pbx.simulated.Control;
import org.jackfield.pbx.simulated.Message;
import org.jackfield.provider.simulated.SimulatedPbx;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * People at their phones, clients of the server and faults of the PBX, all at random, on the whole
 * core and the simulated PBX under virtual time: nothing is lost, nothing is told twice, nothing is
 * left.
 */
class SimulatedPbxWalkTest {
  private static final List<String> PHONES =
      List.of("1000", "1001", "1002", "1003", "1004", "1005", "1006", "1007");
  private static final List<String> TARGETS =
      List.of("6001", "6002", "6003", "6004", "6005", "1001", "1004", "1007");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "full",
        "noBlind",
        "noConsultation",
        "oneStepOnly",
        "heldOrMakeOnly",
        "triState",
        "conferenceOnly"
      })
  void theServersPictureIsThePbxsAndEachTransferEndsOnce(String profile) {
    walk(profile, false);
  }

  @Test
  void theSameWhileTwoVersionsOfTheDriverShareTheCalls() {
    walk("full", true);
  }

  private static void walk(String profile, boolean shared) {
    long first = Effort.seed();
    int walks = Effort.of(1, 12, 300);
    System.out.printf(
        "%s: %d walks from seed %d (replay: -Djackfield.seed=%d)%n", profile, walks, first, first);
    Map<String, Integer> outcomes = new TreeMap<>();
    Map<String, Integer> plans = new TreeMap<>();
    for (int walk = 0; walk < walks; walk++) {
      long seed = first + walk;
      Walk one = new Walk(profile, seed, shared);
      try {
        one.run(150);
      } catch (AssertionError | RuntimeException broken) {
        throw new AssertionError(
            "broken by seed " + seed + " on " + profile + "\n" + String.join("\n", one.log),
            broken);
      }
      one.outcomes.forEach((text, n) -> outcomes.merge(text, n, Integer::sum));
      one.plans.forEach((text, n) -> plans.merge(text, n, Integer::sum));
    }
    System.out.printf("%s: %s by %s%n", profile, outcomes, plans);
  }

  private static final class Walk {
    private final SplittableRandom random;
    private final VirtualTime time = new VirtualTime();
    private final SimulatedPbx pbx;
    private final CoreFixture core;
    final List<String> log = new ArrayList<>();
    final Map<String, Integer> outcomes = new HashMap<>();
    final Map<String, Integer> plans = new HashMap<>();
    private final List<CompletableFuture<TransferReply>> asked = new ArrayList<>();
    private final Set<TransferId> ended = new HashSet<>();
    private final Map<SessionId, Long> revisions = new HashMap<>();
    private long read;
    private int number;
    private boolean linkWasCut;

    private final boolean shared;

    Walk(String profile, long seed, boolean shared) {
      this.shared = shared;
      random = new SplittableRandom(seed);
      pbx = new SimulatedPbx(time, time, seed, profile);
      core = new CoreFixture(time, seed);
      install("1.0.0");
      if (shared) {
        shares().reserve("simulated", "2.0.0", Set.of());
        install("2.0.0");
      }
      core.core.providers().configure("pbx", Map.of("driver", "simulated"));
      pass(1_000);
    }

    private DriverShares shares() {
      return core.core.providers().shares();
    }

    private void install(String version) {
      core.core
          .providers()
          .addDriver(
              recorded(pbx.driver(), version),
              Map.of(
                  "org.jackfield.driver.name",
                  "simulated",
                  "org.jackfield.driver.traits",
                  "shares"),
              org.osgi.framework.Version.parseVersion(version),
              "simulated");
    }

    /** The version that does not serve comes beside, gets a share, takes over or goes again. */
    private void rollout() {
      String other = core.status().driverVersion().equals("1.0.0") ? "2.0.0" : "1.0.0";
      int percent = random.nextInt(101);
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> {
          say("begin " + other);
          shares().begin("pbx", "simulated", other);
        }
        case 3, 4, 5 -> {
          say("share " + percent);
          shares().share("pbx", percent);
        }
        case 6 -> {
          say("finish");
          shares().finish("pbx", random.nextBoolean());
        }
        default -> {
          say("take back");
          shares().takeBack("pbx", "at random");
        }
      }
    }

    /** The driver, with all that it tells in the log. */
    private TelephonyDriver recorded(TelephonyDriver driver, String version) {
      return new TelephonyDriver() {
        @Override
        public List<ConfigKey> schema() {
          return driver.schema();
        }

        @Override
        public ProbeReport probe(ProviderConfig config) {
          return driver.probe(config);
        }

        @Override
        public TelephonyProvider open(
            ProviderConfig config, ProviderContext context, Optional<Handover> handover) {
          return driver.open(config, new Recorded(context, version), handover);
        }
      };
    }

    private final class Recorded implements ProviderContext {
      private final ProviderContext context;
      private final String version;

      Recorded(ProviderContext context, String version) {
        this.version = version;
        this.context = context;
      }

      @Override
      public String provider() {
        return context.provider();
      }

      @Override
      public void report(ProviderEvent event) {
        if (!(event instanceof ProviderEvent.AddressChanged)) {
          say("  " + version + " " + event);
        }
        context.report(event);
      }

      @Override
      public void execute(Runnable task) {
        context.execute(task);
      }

      @Override
      public Timer schedule(Duration delay, Runnable task) {
        return context.schedule(delay, task);
      }
    }

    void run(int steps) {
      for (int i = 0; i < steps; i++) {
        step();
        pass(random.nextInt(random.nextInt(10) == 0 ? 20_000 : 600));
        readEvents();
      }
      quieten();
    }

    private void step() {
      if (shared && random.nextInt(6) == 0) {
        rollout();
      }
      switch (random.nextInt(18)) {
        case 0, 1, 2 -> handset(Control.Act.CALL, pick(TARGETS));
        case 3 -> handset(Control.Act.ANSWER, null);
        case 4 -> handset(Control.Act.HANG_UP, null);
        case 5 -> handset(pick(List.of(Control.Act.values())), pick(TARGETS));
        case 6, 7, 8, 9 -> transfer();
        case 10, 11 -> verb();
        case 12 -> operation();
        case 13 -> habit();
        case 14 -> fault();
        case 15, 16 -> holdAndCall();
        default -> pass(random.nextInt(5_000));
      }
    }

    private <T> T pick(List<T> all) {
      return all.get(random.nextInt(all.size()));
    }

    private String id() {
      return "t" + ++number;
    }

    private void say(String what) {
      log.add(time.instant() + " " + what);
    }

    private void handset(Control.Act act, String target) {
      String phone = pick(PHONES);
      say(phone + " " + act + " " + target);
      pbx.tester(new Control.Handset(id(), phone, act, target));
    }

    private void habit() {
      pbx.tester(
          new Control.Script(id(), pick(PHONES), pick(List.of(Control.Behaviour.values())), null));
    }

    private void fault() {
      Control.What what =
          pick(
              List.of(
                  Control.What.DUPLICATE,
                  Control.What.REORDER,
                  Control.What.REFUSE,
                  Control.What.NO_ANSWER,
                  Control.What.NOT_DONE,
                  Control.What.LOST,
                  Control.What.DROP_LINK,
                  Control.What.KILL_PHONE));
      linkWasCut |= what == Control.What.DROP_LINK;
      say("fault " + what);
      pbx.tester(
          new Control.Fault(
              id(), what, null, "operationFailed", 1 + random.nextInt(2), 2_000L, pick(PHONES)));
    }

    private Optional<Session> anySession() {
      List<Session> all = core.sessions();
      return all.isEmpty() ? Optional.empty() : Optional.of(pick(all));
    }

    private void transfer() {
      anySession().ifPresent(session -> transfer(session, pick(session.parties())));
    }

    private void transfer(Session session, Party party) {
      TransferRequest request = request(session, party);
      say("transfer " + request);
      asked.add(core.core.transfers().transfer(request).toCompletableFuture());
    }

    /** One request in three is for a call that the party holds, where it holds one. */
    private TransferRequest request(Session session, Party party) {
      Optional<SessionId> held =
          core.sessions().stream()
              .filter(s -> !s.id().equals(session.id()))
              .filter(
                  s ->
                      s.parties().stream()
                          .anyMatch(p -> p.address().equals(party.address()) && p.state().isHeld()))
              .map(Session::id)
              .findFirst();
      TransferTarget target =
          held.isPresent() && random.nextInt(3) > 0
              ? new TransferTarget.Held(held.get())
              : new TransferTarget.To(new Address(pick(TARGETS)));
      return new TransferRequest(
          ALICE,
          session.id(),
          Optional.of(party.id()),
          target,
          pick(List.of(TransferMode.values())),
          random.nextBoolean()
              ? Optional.empty()
              : Optional.of(pick(List.of(CompleteWhen.values()))),
          Optional.empty(),
          random.nextInt(6) == 0 ? CompleteAs.CONFERENCE : CompleteAs.TRANSFER,
          Set.of(),
          Optional.empty(),
          random.nextInt(3) == 0
              ? List.of(
                  new RecallRung.ToAddress(new Address(pick(TARGETS))),
                  new RecallRung.ToTransferor())
              : List.of(),
          OptionalLong.empty(),
          "");
    }

    private void verb() {
      List<Transfer> open =
          core.core
              .transfers()
              .list(new TransferQuery(Optional.empty(), Optional.of(true), Optional.empty(), 500))
              .items();
      if (!open.isEmpty()) {
        TransferId id = pick(open).id();
        TransferStep step =
            switch (random.nextInt(5)) {
              case 0 -> new TransferStep.Dial(ALICE, id, Optional.of(new Address(pick(TARGETS))));
              case 1 -> new TransferStep.Alternate(ALICE, id);
              case 2 -> new TransferStep.Complete(ALICE, id, Optional.empty());
              case 3 -> new TransferStep.Complete(ALICE, id, Optional.of(CompleteAs.CONFERENCE));
              default -> new TransferStep.Cancel(ALICE, id);
            };
        say(step.toString());
        core.core.transfers().step(step);
      }
    }

    private void operation() {
      anySession()
          .ifPresent(
              s -> {
                var party = pick(s.parties()).id();
                OptionalLong any = OptionalLong.empty();
                SessionRequest request =
                    switch (random.nextInt(6)) {
                      case 5 ->
                          new SessionRequest.Redirect(
                              ALICE, s.id(), party, new Address(pick(TARGETS)), any);
                      case 0 -> new SessionRequest.Retrieve(ALICE, s.id(), party, any);
                      case 1 -> new SessionRequest.Alternate(ALICE, s.id(), party, any);
                      case 2 -> new SessionRequest.Clear(ALICE, s.id(), party, any);
                      default -> new SessionRequest.Hold(ALICE, s.id(), party, any);
                    };
                say(request.toString());
                core.core.sessions().operate(request);
              });
    }

    /** Somebody who talks holds the call and makes another one, then perhaps transfers. */
    private void holdAndCall() {
      Optional<Session> some =
          core.sessions().stream()
              .filter(s -> s.state() == ConnectionState.CONNECTED && s.parties().size() == 2)
              .findFirst();
      if (some.isEmpty()) {
        return;
      }
      Party party = pick(some.get().parties());
      say(party.address() + " holds and calls");
      core.core
          .sessions()
          .operate(
              new SessionRequest.Hold(ALICE, some.get().id(), party.id(), OptionalLong.empty()));
      pass(500);
      pbx.tester(
          new Control.Handset(id(), party.address().value(), Control.Act.CALL, pick(TARGETS)));
      pass(10_000);
      core.sessions().stream()
          .filter(s -> !s.id().equals(some.get().id()))
          .flatMap(s -> s.parties().stream().map(p -> Map.entry(s, p)))
          .filter(e -> e.getValue().address().equals(party.address()))
          .findFirst()
          .ifPresent(e -> transfer(e.getKey(), e.getValue()));
    }

    private void pass(long ms) {
      time.pass(Duration.ofMillis(ms));
    }

    /** Each event in its order, each revision one more, each outcome once. */
    private void readEvents() {
      for (Event event : core.events(read)) {
        read++;
        assertThat(event.position().sequence()).isEqualTo(read);
        switch (event) {
          case Event.OfSession s -> readSession(s.event());
          case Event.OfTransfer t -> readTransfer(t.event());
          case Event.OfProvider p -> say(p.event().provider().state().text());
          case Event.OfBundle b -> say(b.bundle().state().text());
        }
      }
    }

    private void readSession(SessionEvent event) {
      Session session = event.session();
      Long before = revisions.get(session.id());
      switch (event) {
        case SessionEvent.Started s -> {
          assertThat(before).as("started once").isNull();
          assertThat(session.revision()).isEqualTo(1);
          revisions.put(session.id(), 1L);
        }
        case SessionEvent.Changed c -> {
          assertThat(session.revision()).isEqualTo(before + 1);
          revisions.put(session.id(), session.revision());
        }
        case SessionEvent.Ended e -> assertThat(revisions.remove(session.id())).isNotNull();
        case SessionEvent.Merged m -> assertThat(revisions.remove(session.id())).isNotNull();
      }
    }

    private void readTransfer(TransferEvent event) {
      Transfer transfer = event.transfer();
      assertThat(ended).as("nothing after the end").doesNotContain(transfer.id());
      if (event instanceof TransferEvent.Ended) {
        ended.add(transfer.id());
        var outcome = transfer.outcome().orElseThrow();
        say("ended " + transfer.id() + " " + outcome);
        plans.merge(transfer.plan().kind().text(), 1, Integer::sum);
        outcomes.merge(
            outcome.text() + (outcome.evidence().verified() ? "" : " unverified"), 1, Integer::sum);
        assertThat(outcome.evidence().verified() || linkWasCut)
            .as("unverified with the link up: %s", transfer)
            .isTrue();
      }
    }

    /** Everybody hangs up; then nothing may be left. */
    private void quieten() {
      shares().takeBack("pbx", "all is over");
      for (String phone : PHONES) {
        pbx.tester(
            new Control.Fault(id(), Control.What.REVIVE_PHONE, null, null, null, null, phone));
      }
      for (int round = 0; round < 20; round++) {
        // An event that is held back to be late needs another one that it can follow.
        pbx.tester(new Control.Handset(id(), "1000", Control.Act.CALL, "6001"));
        for (String phone : PHONES) {
          pbx.tester(new Control.Handset(id(), phone, Control.Act.HANG_UP, null));
        }
        for (String phone : TARGETS) {
          pbx.tester(new Control.Handset(id(), phone, Control.Act.HANG_UP, null));
        }
        pass(30_000);
        readEvents();
        if (round >= 10) {
          assertThat(picture()).as("the server's picture is the PBX's").isEqualTo(pbxsPicture());
        }
      }
      pass(2 * 3_600_000);
      say("all is quiet");
      readEvents();
      assertThat(picture()).isEqualTo(pbxsPicture());
      Set<TransferId> accepted = new HashSet<>();
      for (CompletableFuture<TransferReply> reply : asked) {
        assertThat(reply).isDone();
        if (reply.join() instanceof TransferReply.Accepted yes) {
          accepted.add(yes.transfer().id());
        }
      }
      assertThat(ended).isEqualTo(accepted);
      assertThat(pbxsPicture()).isEmpty();
      assertThat(core.core.isEmpty()).isTrue();
    }

    private Set<String> picture() {
      Set<String> picture = new TreeSet<>();
      for (Session session : core.sessions()) {
        Set<String> in = new TreeSet<>();
        session.parties().forEach(p -> in.add(p.address() + " " + p.state().text()));
        picture.add(in.toString());
      }
      return picture;
    }

    private Set<String> pbxsPicture() {
      Set<String> picture = new TreeSet<>();
      for (Message.CallView call : pbx.calls()) {
        Set<String> in = new TreeSet<>();
        call.connections().stream()
            .filter(c -> !isOver(c.state().name()))
            .forEach(c -> in.add(c.address() + " " + camel(c.state().name())));
        if (!in.isEmpty()) {
          picture.add(in.toString());
        }
      }
      return picture;
    }

    private static boolean isOver(String constant) {
      return org.jackfield.api.session.ConnectionState.valueOf(constant).isOver();
    }

    private static String camel(String constant) {
      return org.jackfield.api.session.ConnectionState.valueOf(constant).text();
    }
  }
}
