package org.jackfield.core.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionRequest;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.Need;
import org.jackfield.api.transfer.RecallRung;
import org.jackfield.api.transfer.ReleaseWhen;
import org.jackfield.api.transfer.Timeouts;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferStep;
import org.jackfield.api.transfer.TransferTarget;
import org.jackfield.pbx.simulated.Control;

/** Does what a script says: clients at the server, people at their phones, and what breaks. */
final class People {
  private static final Requester CLIENT = new Requester(Asking.FIRST, "simulation", "");
  private static final Requester OTHER = new Requester("another", "simulation", "");
  private static final List<String> TARGETS =
      List.of(
          "1002", "1003", "6001", "6001", "6002", "6003", "6004", "6005", "1002", "1001", "1000");
  private static final TransferMode[] MODES = {
    TransferMode.AUTO, TransferMode.BLIND, TransferMode.BLIND, TransferMode.CONSULTATION,
    TransferMode.CONSULTATION, TransferMode.CONSULTATION, TransferMode.ONE_STEP, TransferMode.AUTO
  };
  private static final Control.Act[] ACTS = {
    Control.Act.HANG_UP, Control.Act.HANG_UP, Control.Act.HANG_UP, Control.Act.ANSWER,
    Control.Act.ANSWER, Control.Act.DECLINE, Control.Act.ALTERNATE, Control.Act.COMPLETE,
    Control.Act.CONFERENCE, Control.Act.RETRIEVE, Control.Act.HOLD, Control.Act.TRANSFER,
    Control.Act.CONSULT, Control.Act.CALL
  };

  private final Run run;
  private boolean driverGone;

  People(Run run) {
    this.run = run;
  }

  boolean driverIsGone() {
    return driverGone;
  }

  // The beginning

  /** 1000 talks with 1001; perhaps 1000 holds 1002 as well, perhaps 1002 talks with 1003. */
  void scene(int scene, int habits) {
    ModelPbx pbx = run.pbx;
    ModelPbx.DESKS.forEach(d -> pbx.script(d, Control.Behaviour.RINGS, null));
    int which = scene % 8;
    if (which == 6 || which == 7) {
      talk("1000", "1002");
      pbx.act("1000", Control.Act.HOLD, null);
    }
    talk("1000", "1001");
    if (which == 5) {
      talk("1002", "1003");
    }
    habit("1002", habits);
    habit("1003", habits / 16);
    if (habits % 3 == 0) {
      // Whoever is recalled may answer, too.
      pbx.script("1000", Control.Behaviour.ANSWERS, 400L);
    }
  }

  private void talk(String from, String to) {
    run.pbx.act(from, Control.Act.CALL, to);
    run.pass(100);
    run.pbx.act(to, Control.Act.ANSWER, null);
  }

  private void habit(String phone, int how) {
    Control.Behaviour[] all = {
      Control.Behaviour.ANSWERS, Control.Behaviour.ANSWERS, Control.Behaviour.RINGS,
      Control.Behaviour.DECLINES, Control.Behaviour.BUSY, Control.Behaviour.ANSWERS,
      Control.Behaviour.RINGS, Control.Behaviour.ANSWERS
    };
    run.pbx.script(phone, all[how % 8], how % 16 < 8 ? 300L : 2_500L);
  }

  // The steps

  void act(Script.Step step) {
    switch (step.actor()) {
      case TRANSFER -> transfer(step);
      case VERB -> verb(step);
      case OPERATE -> operate(step);
      case PHONE -> phone(step);
      case FAULT -> fault(step);
      case LIE -> lie(step);
      case NOBODY -> {}
    }
  }

  private static <T> T pick(List<T> all, int n) {
    return all.get(n % all.size());
  }

  private Optional<Session> session(int n) {
    List<Session> all = run.sessions();
    return all.isEmpty() ? Optional.empty() : Optional.of(pick(all, n));
  }

  private void transfer(Script.Step step) {
    session(step.a()).ifPresent(session -> transfer(step, session));
  }

  private void transfer(Script.Step step, Session session) {
    if (session.parties().isEmpty()) {
      return;
    }
    Party party = transferor(session, step.b());
    int c = step.c();
    TransferMode mode = MODES[c & 7];
    TransferRequest request =
        new TransferRequest(
            CLIENT,
            session.id(),
            (c >> 3 & 15) == 0 ? Optional.empty() : Optional.of(party.id()),
            target(step, session),
            mode,
            complete(c >> 7 & 3),
            release(c >> 9 & 3),
            (c >> 11 & 7) == 0 ? CompleteAs.CONFERENCE : CompleteAs.TRANSFER,
            needs(step.d() >> 4),
            timeouts(c >> 14 & 3),
            ladder(step.b() >> 3),
            (step.a() & 56) == 8 ? OptionalLong.of(session.revision()) : OptionalLong.empty(),
            "");
    String what =
        "transfer " + party.address() + "'s call " + mode.text() + " to " + words(request.target());
    run.delivered("transfer" + mode, party.address().hashCode());
    run.asking.transfer(what, run.core.transfers().transfer(request));
  }

  /** Mostly somebody who talks. */
  private static Party transferor(Session session, int n) {
    List<Party> talking =
        session.parties().stream().filter(p -> p.state() == ConnectionState.CONNECTED).toList();
    return talking.isEmpty() || n % 8 == 7 ? pick(session.parties(), n) : pick(talking, n);
  }

  private TransferTarget target(Script.Step step, Session session) {
    List<Session> others = new ArrayList<>(run.sessions());
    others.remove(session);
    int d = step.d() & 15;
    if (d >= TARGETS.size() && !others.isEmpty()) {
      return new TransferTarget.Held(pick(others, d).id());
    }
    return new TransferTarget.To(new Address(pick(TARGETS, d)));
  }

  private String words(TransferTarget target) {
    return switch (target) {
      case TransferTarget.To to -> to.address().value();
      case TransferTarget.Held held -> "the held call";
    };
  }

  private static Optional<CompleteWhen> complete(int n) {
    return switch (n) {
      case 1 -> Optional.of(CompleteWhen.MANUAL);
      case 2 -> Optional.of(CompleteWhen.ON_ANSWER);
      case 3 -> Optional.of(CompleteWhen.ON_RINGING);
      default -> Optional.empty();
    };
  }

  private static Optional<ReleaseWhen> release(int n) {
    return switch (n) {
      case 1 -> Optional.of(ReleaseWhen.ON_ACCEPT);
      case 2 -> Optional.of(ReleaseWhen.ON_ANSWER);
      default -> Optional.empty();
    };
  }

  private static Set<Need> needs(int n) {
    return n == 1 ? Set.of(Need.SPEAK) : n == 2 ? Set.of(Need.CANCEL) : Set.of();
  }

  private static Optional<Timeouts> timeouts(int n) {
    return n == 0
        ? Optional.of(
            new Timeouts(Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofSeconds(20)))
        : Optional.of(
            new Timeouts(
                Duration.ofSeconds(n == 1 ? 1 : 4),
                Duration.ofSeconds(n == 2 ? 3 : 30),
                Duration.ofSeconds(n == 3 ? 2 : 6)));
  }

  private static List<RecallRung> ladder(int n) {
    RecallRung back = new RecallRung.ToTransferor();
    RecallRung good = new RecallRung.ToAddress(new Address("6001"));
    RecallRung bad = new RecallRung.ToAddress(new Address("6002"));
    return switch (n & 7) {
      case 1 -> List.of(back, good);
      case 2 -> List.of(bad, good);
      case 3 -> List.of(good);
      case 4 -> List.of(new RecallRung.ToPark(new Address("700")), back);
      case 5 -> List.of(bad, new RecallRung.ToAddress(new Address("6003")));
      default -> List.of();
    };
  }

  private void verb(Script.Step step) {
    List<Transfer> open = run.telling.open();
    if (open.isEmpty()) {
      transfer(step);
      return;
    }
    var id = pick(open, step.a()).id();
    Requester by = (step.c() & 7) == 7 ? OTHER : CLIENT;
    TransferStep verb =
        switch (step.b() & 7) {
          case 0 ->
              new TransferStep.Dial(by, id, Optional.of(new Address(pick(TARGETS, step.d()))));
          case 1 -> new TransferStep.Alternate(by, id);
          case 2, 3 -> new TransferStep.Complete(by, id, Optional.empty());
          case 4 -> new TransferStep.Complete(by, id, Optional.of(CompleteAs.CONFERENCE));
          case 5 -> new TransferStep.Alternate(by, id);
          case 6 ->
              (step.c() & 63) == 63
                  ? new TransferStep.TakeOver(by, id, OptionalLong.empty(), "it is mine")
                  : new TransferStep.Cancel(by, id);
          default -> new TransferStep.Cancel(by, id);
        };
    String what = Asking.words(verb);
    run.delivered(what, by == CLIENT ? 1 : 2);
    run.asking.step(verb, run.core.transfers().step(verb));
  }

  private void operate(Script.Step step) {
    Optional<Session> session = session(step.a());
    OptionalLong any = OptionalLong.empty();
    SessionRequest request;
    if (session.isEmpty() || session.get().parties().isEmpty()) {
      request =
          new SessionRequest.MakeCall(
              CLIENT, "pbx", new Address("1000"), new Address(pick(TARGETS, step.d())));
    } else {
      var id = session.get().id();
      ConnectionId party = pick(session.get().parties(), step.b()).id();
      request =
          switch (step.c() & 15) {
            case 0, 1, 2 -> new SessionRequest.Hold(CLIENT, id, party, any);
            case 3, 4, 5 -> new SessionRequest.Retrieve(CLIENT, id, party, any);
            case 6, 7 -> new SessionRequest.Alternate(CLIENT, id, party, any);
            case 8, 9, 10 -> new SessionRequest.Clear(CLIENT, id, party, any);
            case 11 -> new SessionRequest.ClearAll(CLIENT, id, any);
            case 12 ->
                new SessionRequest.Redirect(
                    CLIENT, id, party, new Address(pick(TARGETS, step.d())), any);
            default ->
                new SessionRequest.MakeCall(
                    CLIENT,
                    "pbx",
                    new Address(pick(ModelPbx.DESKS, step.b())),
                    new Address(pick(TARGETS, step.d())));
          };
    }
    String what = action(request);
    run.delivered(what, step.b() & 3);
    run.asking.operation(what, run.core.sessions().operate(request));
  }

  private static String action(SessionRequest request) {
    return switch (request) {
      case SessionRequest.MakeCall r -> "makeCall";
      case SessionRequest.Hold r -> "hold";
      case SessionRequest.Retrieve r -> "retrieve";
      case SessionRequest.Alternate r -> "alternate";
      case SessionRequest.Clear r -> "clear";
      case SessionRequest.ClearAll r -> "clear";
      case SessionRequest.Redirect r -> "redirect";
    };
  }

  private void phone(Script.Step step) {
    String phone = step.a() % 10 == 9 ? "6001" : pick(ModelPbx.DESKS, step.a());
    Optional<String> rings = step.c() % 2 == 0 ? ringing() : Optional.empty();
    if (rings.isPresent()) {
      handset(rings.get(), step.b() % 5 == 0 ? Control.Act.DECLINE : Control.Act.ANSWER, step);
    } else {
      handset(phone, ACTS[step.b() % ACTS.length], step);
    }
  }

  private Optional<String> ringing() {
    return run.pbx.truth().all().values().stream()
        .flatMap(in -> in.values().stream())
        .filter(c -> c.state() == ConnectionState.OFFERING)
        .map(c -> c.address().value())
        .findFirst();
  }

  private void handset(String phone, Control.Act act, Script.Step step) {
    run.ladder.note(Ladder.At.PHONES, () -> phone + " " + act);
    run.pbx.act(phone, act, pick(TARGETS, step.d()));
  }

  // What breaks

  private void fault(Script.Step step) {
    run.faulty();
    int n = 1 + (step.b() & 1);
    Line line = run.line;
    run.ladder.note(Ladder.At.PBX, () -> "fault " + step.a() % 20 + " x" + n);
    switch (step.a() % 20) {
      case 0, 1, 2, 3, 4, 5 -> {
        Line.Spoil spoil = Line.Spoil.values()[step.a() % 20];
        if (spoil == Line.Spoil.REFUSED && (step.b() & 2) != 0) {
          spoil = Line.Spoil.UNABLE;
        }
        for (int i = 0; i < n; i++) {
          line.spoils.add(spoil);
        }
      }
      case 6, 7 -> line.twice = 3;
      case 8, 9 -> line.factsLate = late(step);
      case 10 -> line.repliesLate = late(step);
      case 11 -> line.commandsLate = late(step);
      case 12, 13 -> line.cut(Duration.ofMillis(pick(List.of(1, 300, 4_000, 130_000), step.b())));
      case 14 -> line.unseen = n;
      case 15 -> driverGoes(pick(List.of(10, 3_000, 35_000), step.b()));
      case 16 -> run.paper.fail(n);
      case 17 -> run.paper.late(late(step));
      case 18 ->
          run.clock.stall(Duration.ofMillis(pick(List.of(50, 2_500, 11_000, 41_000), step.b())));
      default -> {
        String phone = pick(ModelPbx.DESKS, step.b());
        run.pbx.phone(Control.What.KILL_PHONE, phone);
        run.clock.after(
            Duration.ofSeconds(3), () -> run.pbx.phone(Control.What.REVIVE_PHONE, phone));
      }
    }
  }

  private static Duration late(Script.Step step) {
    return Duration.ofMillis(pick(List.of(1, 40, 700, 1_500), step.b()));
  }

  private void driverGoes(int ms) {
    if (!driverGone) {
      driverGone = true;
      run.forgotten();
      run.uninstall();
      run.clock.after(Duration.ofMillis(ms), this::driverComes);
    }
  }

  private void driverComes() {
    if (driverGone) {
      driverGone = false;
      run.forgotten();
      run.install();
    }
  }

  void heal() {
    driverComes();
    ModelPbx.DESKS.forEach(phone -> run.pbx.phone(Control.What.REVIVE_PHONE, phone));
  }

  private void lie(Script.Step step) {
    run.ladder.note(Ladder.At.PBX, () -> "the driver breaks the rules: " + step.a() % 4);
    switch (step.a() % 4) {
      case 0 -> run.line.lost = 1 + (step.b() & 3);
      case 1 -> run.line.swapped = 1 + (step.b() & 1);
      default -> contradict(step);
    }
  }

  /** A party of a call is told to be as it is not. */
  private void contradict(Script.Step step) {
    Picture truth = run.pbx.truth();
    if (truth.isEmpty()) {
      return;
    }
    var call = pick(new ArrayList<>(truth.calls()), step.b());
    Connection one = pick(new ArrayList<>(truth.in(call)), step.c());
    // One that is told as over stays over, by the rules: no picture brings it back.
    List<ConnectionState> states = new ArrayList<>(List.of(ConnectionState.values()));
    states.removeIf(ConnectionState::isOver);
    run.line.claim(new ProviderEvent.ConnectionChanged(call, one.in(pick(states, step.d()))));
  }
}
