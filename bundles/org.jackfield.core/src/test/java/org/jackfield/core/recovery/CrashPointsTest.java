package org.jackfield.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionQuery;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.RecallRung;
import org.jackfield.api.transfer.ReleaseWhen;
import org.jackfield.api.transfer.Timeouts;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferId;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferOutcome;
import org.jackfield.api.transfer.TransferQuery;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferStep;
import org.jackfield.api.transfer.TransferTarget;
import org.jackfield.core.recovery.Lives.Point;
import org.jackfield.pbx.simulated.Control;
import org.jackfield.pbx.simulated.Message;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The server dies before and after each record and each command of a transfer, and again before and
 * after each record and command of its recovery. 1001 has called 1002, who transfers to 6001, or to
 * a phone that nobody answers. Whatever was promised has one outcome, which the PBX's own picture
 * bears out; nothing is asked for twice; nobody is left on hold.
 */
class CrashPointsTest {
  private static final Requester ALICE = new Requester("alice", "rest", "");

  /** What is done. */
  enum Scenario {
    BLIND,
    CONSULTATION,
    CANCEL,
    CONFERENCE,
    RECALL
  }

  /** One run, to its end. */
  private static final class Run {
    final Scenario scenario;
    final Lives lives;
    private final Set<TransferId> promised = new java.util.HashSet<>();
    private int ids;

    Run(Scenario scenario, List<Point> crashes) {
      this.scenario = scenario;
      lives = new Lives("full", crashes);
      lives.start();
      lives.pass(1_000);
      script("1001", Control.Behaviour.RINGS);
      script("1002", Control.Behaviour.ANSWERS);
      script("6001", Control.Behaviour.ANSWERS);
      phone("1001", Control.Act.CALL, "1002");
      lives.pass(30_000);
      lives.life().counts();
      Session session = session("1001", "1002");
      CompletableFuture<TransferReply> asked =
          lives.life().core().transfers().transfer(request(session)).toCompletableFuture();
      asked.thenAccept(
          reply -> {
            if (reply instanceof TransferReply.Accepted yes) {
              promised.add(yes.transfer().id());
            }
          });
      act();
      lives.pass(150_000);
    }

    private void act() {
      lives.pass(6_000);
      switch (scenario) {
        case CONSULTATION -> step(id -> new TransferStep.Complete(ALICE, id, Optional.empty()));
        case CONFERENCE ->
            step(id -> new TransferStep.Complete(ALICE, id, Optional.of(CompleteAs.CONFERENCE)));
        case CANCEL -> step(id -> new TransferStep.Cancel(ALICE, id));
        default -> {}
      }
    }

    /** A person tries until it is taken on, or there is nothing left to do. */
    private void step(java.util.function.Function<TransferId, TransferStep> step) {
      for (int tries = 0; tries < 20; tries++) {
        Optional<Transfer> open =
            transfers().stream().filter(t -> t.outcome().isEmpty()).findFirst();
        if (open.isEmpty()) {
          return;
        }
        CompletableFuture<TransferReply> answer =
            lives.life().core().transfers().step(step.apply(open.get().id())).toCompletableFuture();
        lives.pass(1_000);
        if (answer.getNow(null) instanceof TransferReply.Accepted) {
          return;
        }
      }
    }

    List<Transfer> transfers() {
      return lives
          .life()
          .core()
          .transfers()
          .list(new TransferQuery(Optional.empty(), Optional.empty(), Optional.empty(), 100))
          .items();
    }

    private TransferRequest request(Session session) {
      boolean blind = scenario == Scenario.BLIND || scenario == Scenario.RECALL;
      return new TransferRequest(
          ALICE,
          session.id(),
          session.parties().stream()
              .filter(p -> p.address().value().equals("1002"))
              .map(p -> p.id())
              .findFirst(),
          new TransferTarget.To(new Address(scenario == Scenario.RECALL ? "6003" : "6001")),
          blind ? TransferMode.BLIND : TransferMode.CONSULTATION,
          Optional.empty(),
          scenario == Scenario.RECALL ? Optional.of(ReleaseWhen.ON_ACCEPT) : Optional.empty(),
          CompleteAs.TRANSFER,
          Set.of(),
          new Timeouts.Asked(
              Optional.of(Duration.ofSeconds(8)), Optional.empty(), Optional.empty()),
          List.of(new RecallRung.ToTransferor()),
          OptionalLong.empty(),
          "");
    }

    private Session session(String... addresses) {
      return lives.life().core().sessions().list(SessionQuery.all(50)).items().stream()
          .filter(
              s -> {
                TreeSet<String> in = new TreeSet<>();
                s.parties().forEach(p -> in.add(p.address().value()));
                return in.equals(new TreeSet<>(List.of(addresses)));
              })
          .findFirst()
          .orElseThrow();
    }

    private void script(String phone, Control.Behaviour behaviour) {
      lives.pbx.tester(new Control.Script("s" + ++ids, phone, behaviour, null));
    }

    private void phone(String phone, Control.Act act, String target) {
      lives.pbx.tester(new Control.Handset("s" + ++ids, phone, act, target));
    }

    // What must hold.

    void holds(String where) {
      Map<TransferId, Transfer> accepted = new HashMap<>();
      Map<TransferId, List<Transfer>> ended = new HashMap<>();
      for (JournalRecord one : lives.journal) {
        switch (one) {
          case JournalRecord.TransferAccepted a -> accepted.put(a.transfer().id(), a.transfer());
          case JournalRecord.TransferEnded e ->
              ended.computeIfAbsent(e.transfer().id(), id -> new ArrayList<>()).add(e.transfer());
          default -> {}
        }
      }
      assertThat(accepted.keySet()).as("promised, %s", where).containsAll(promised);
      assertThat(ended.keySet()).as("one outcome each, %s", where).isEqualTo(accepted.keySet());
      ended.forEach((id, all) -> assertThat(all).as("one outcome, %s", where).hasSize(1));
      assertThat(lives.pbx.repeated).as("given twice, %s", where).isEmpty();
      for (Transfer known : transfers()) {
        assertThat(known.outcome()).as("told, %s", where).isPresent();
      }
      Optional<TransferOutcome> outcome =
          ended.values().stream().findFirst().flatMap(all -> all.getFirst().outcome());
      String story =
          where
              + ": "
              + outcome
              + " "
              + picture()
              + ended.values().stream().map(all -> all.getFirst().timeline()).toList();
      assertThat(picture()).as(story).isEqualTo(expected(outcome));
      outcome.ifPresent(o -> assertThat(o.evidence().verified()).as(story).isTrue());
    }

    /** Who is with whom, by the PBX; with what is not plain talk. */
    private List<String> picture() {
      List<String> calls = new ArrayList<>();
      for (Message.CallView call : lives.pbx.calls()) {
        TreeSet<String> in = new TreeSet<>();
        for (Message.ConnectionView c : call.connections()) {
          boolean talks =
              Set.of("CONNECTED", "CONFERENCED").contains(c.state().name()) && !c.heldByThem();
          in.add(c.address() + (talks ? "" : " " + c.state() + (c.heldByThem() ? " held" : "")));
        }
        calls.add(String.join("+", in));
      }
      calls.sort(null);
      return calls;
    }

    private List<String> expected(Optional<TransferOutcome> outcome) {
      if (outcome.isEmpty()) {
        return List.of("1001+1002");
      }
      return switch (outcome.get()) {
        case TransferOutcome.Completed c ->
            List.of(c.as() == CompleteAs.CONFERENCE ? "1001+1002+6001" : "1001+6001");
        case TransferOutcome.Reverted r -> List.of("1001+1002");
        case TransferOutcome.Recalled r -> List.of("1001+1002");
        case TransferOutcome.Abandoned a -> List.of("nobody was to leave");
        case TransferOutcome.Failed f -> List.of("no transfer was to fail");
      };
    }
  }

  private static List<Point> points(Lives.Life life) {
    List<Point> points = new ArrayList<>();
    for (int n = 1; n <= life.records; n++) {
      points.add(new Point(true, n, true));
      points.add(new Point(true, n, false));
    }
    for (int n = 1; n <= life.commands; n++) {
      points.add(new Point(false, n, true));
      points.add(new Point(false, n, false));
    }
    return points;
  }

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void everyTransferHasOneTrueOutcomeWhereverTheServerDies(Scenario scenario) {
    long begin = System.nanoTime();
    Run undisturbed = new Run(scenario, List.of());
    undisturbed.holds("undisturbed");
    List<Point> first = points(undisturbed.lives.life());
    // In the small size each recovery dies at each fifth of its points, another one each time.
    int every = Boolean.getBoolean("jackfield.long") ? 1 : 5;
    int all = 0;
    int runs = 0;
    Map<String, Integer> outcomes = new java.util.TreeMap<>();
    for (Point one : first) {
      Run run = new Run(scenario, List.of(one));
      assertThat(run.lives.lives()).as("died at %s", one).isEqualTo(2);
      run.holds(scenario + " " + one);
      runs++;
      outcomes.merge(
          run.transfers().stream()
              .findFirst()
              .flatMap(Transfer::outcome)
              .map(TransferOutcome::text)
              .orElse("not taken on"),
          1,
          Integer::sum);
      for (Point two : points(run.lives.life())) {
        if (all++ % every == 0) {
          new Run(scenario, List.of(one, two)).holds(scenario + " " + one + ", then " + two);
          runs++;
        }
      }
    }
    System.out.printf(
        "%s: %d crash points, all tried: %s; %d of %d points of a second crash, %d runs, %d s%n",
        scenario,
        first.size(),
        outcomes,
        runs - first.size(),
        all,
        runs,
        (System.nanoTime() - begin) / 1_000_000_000);
  }
}
