package org.jackfield.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jackfield.api.event.Event;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Session;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferEvent;
import org.jackfield.api.transfer.TransferId;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferOutcome;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferStep;
import org.jackfield.api.transfer.TransferTarget;
import org.jackfield.pbx.simulated.Command;
import org.jackfield.pbx.simulated.Control;
import org.jackfield.pbx.simulated.Message;
import org.jackfield.provider.simulated.SimulatedPbx;
import org.osgi.framework.Version;

/**
 * A whole core on a simulated PBX under virtual time, with people at its phones: they answer when a
 * test says so, and never otherwise.
 */
final class Office {
  private static final List<String> PHONES =
      List.of("1000", "1001", "1002", "1003", "1004", "1005", "1006", "1007", "1008");

  final VirtualTime time = new VirtualTime();
  final SimulatedPbx pbx;
  final CoreFixture core;
  private final Map<TransferId, Integer> ends = new HashMap<>();
  private long read;
  private int number;

  Office(String profile) {
    pbx = new SimulatedPbx(time, time, 1, profile);
    core = new CoreFixture(time, 1);
    core.core
        .providers()
        .addDriver(
            pbx.driver(),
            Map.of("org.jackfield.driver.name", "simulated"),
            Version.parseVersion("1"),
            "simulated");
    core.core.providers().configure("pbx", Map.of("driver", "simulated"));
    pass(1_000);
    PHONES.forEach(phone -> tell(new Control.Script(id(), phone, Control.Behaviour.RINGS, null)));
  }

  String id() {
    return "t" + ++number;
  }

  void tell(Command command) {
    pbx.tester(command);
  }

  /** Lets time pass, and reads the events before they are forgotten. */
  void pass(long ms) {
    for (long left = ms; left > 0; left -= 30_000) {
      time.pass(Duration.ofMillis(Math.min(left, 30_000)));
      for (Event event : core.events(read)) {
        read = event.position().sequence();
        if (event instanceof Event.OfTransfer t && t.event() instanceof TransferEvent.Ended end) {
          ends.merge(end.transfer().id(), 1, Integer::sum);
        }
      }
    }
  }

  /** A hand at a phone, and what follows from it. */
  void phone(String phone, Control.Act act) {
    phone(phone, act, null);
  }

  void phone(String phone, Control.Act act, String target) {
    tell(new Control.Handset(id(), phone, act, target));
    pass(500);
  }

  /** One calls the other, and they talk. */
  Session talk(String from, String to) {
    phone(from, Control.Act.CALL, to);
    phone(to, Control.Act.ANSWER);
    return of(from, to);
  }

  /** The session with exactly these in it. */
  Session of(String... addresses) {
    return find(addresses)
        .orElseThrow(() -> new AssertionError(List.of(addresses) + " not in " + picture()));
  }

  Optional<Session> find(String... addresses) {
    TreeSet<String> wanted = new TreeSet<>(List.of(addresses));
    return core.sessions().stream().filter(s -> addresses(s).equals(wanted)).findFirst();
  }

  private static TreeSet<String> addresses(Session session) {
    TreeSet<String> in = new TreeSet<>();
    session.parties().forEach(p -> in.add(p.address().value()));
    return in;
  }

  static Party party(Session session, String address) {
    return session.parties().stream()
        .filter(p -> p.address().value().equals(address))
        .findFirst()
        .orElseThrow();
  }

  /** Asks for a transfer, and lets nothing happen yet. */
  CompletableFuture<TransferReply> ask(
      Session session, String transferor, String target, TransferMode mode) {
    return core.core
        .transfers()
        .transfer(
            TransferRequest.of(
                CoreFixture.ALICE,
                session.id(),
                Optional.of(party(session, transferor).id()),
                new TransferTarget.To(new Address(target)),
                mode))
        .toCompletableFuture();
  }

  TransferId transfer(Session session, String transferor, String target, TransferMode mode) {
    CompletableFuture<TransferReply> asked = ask(session, transferor, target, mode);
    pass(500);
    if (asked.join() instanceof TransferReply.Accepted yes) {
      return yes.transfer().id();
    }
    throw new AssertionError("refused: " + asked.join());
  }

  Transfer look(TransferId id) {
    return core.core.transfers().find(id).orElseThrow();
  }

  void complete(TransferId id) {
    core.core.transfers().step(new TransferStep.Complete(CoreFixture.ALICE, id, Optional.empty()));
    pass(500);
  }

  void conference(TransferId id) {
    core.core
        .transfers()
        .step(new TransferStep.Complete(CoreFixture.ALICE, id, Optional.of(CompleteAs.CONFERENCE)));
    pass(500);
  }

  void alternate(TransferId id) {
    core.core.transfers().step(new TransferStep.Alternate(CoreFixture.ALICE, id));
    pass(500);
  }

  void cancel(TransferId id) {
    core.core.transfers().step(new TransferStep.Cancel(CoreFixture.ALICE, id));
  }

  TransferOutcome outcome(TransferId id) {
    return look(id)
        .outcome()
        .orElseThrow(() -> new AssertionError("no outcome: " + look(id) + picture()));
  }

  /** How often a transfer has told its end. */
  int ends(TransferId id) {
    return ends.getOrDefault(id, 0);
  }

  /** The call of the PBX's own picture that a phone is in. */
  String call(String... addresses) {
    TreeSet<String> wanted = new TreeSet<>(List.of(addresses));
    return pbx.calls().stream()
        .filter(
            c -> {
              TreeSet<String> in = new TreeSet<>();
              c.connections().forEach(one -> in.add(one.address()));
              return in.equals(wanted);
            })
        .map(Message.CallView::call)
        .findFirst()
        .orElseThrow(() -> new AssertionError(wanted + " not in " + pbx.calls()));
  }

  String connection(String call, String address) {
    return pbx.calls().stream()
        .filter(c -> c.call().equals(call))
        .flatMap(c -> c.connections().stream())
        .filter(c -> c.address().equals(address))
        .map(Message.ConnectionView::connection)
        .findFirst()
        .orElseThrow();
  }

  void merge(String call, String into) {
    tell(new Control.Operator(id(), Control.Switching.MERGE, call, into, null, null));
    pass(500);
  }

  void split(String call, String address, String target) {
    tell(
        new Control.Operator(
            id(), Control.Switching.SPLIT, call, null, connection(call, address), target));
    pass(500);
  }

  /** Who is with whom, by the server: one line for each session, in order. */
  List<String> picture() {
    List<String> lines = new ArrayList<>();
    for (Session session : core.sessions()) {
      Map<String, String> in = new TreeMap<>();
      session
          .parties()
          .forEach(
              p ->
                  in.put(
                      p.address().value(),
                      p.address()
                          + " "
                          + p.state().text()
                          + (p.connection().heldByThem() ? " held" : "")));
      lines.add(String.join(", ", in.values()));
    }
    lines.sort(null);
    return lines;
  }

  /** The same, by the PBX. */
  List<String> pbxsPicture() {
    List<String> lines = new ArrayList<>();
    for (Message.CallView call : pbx.calls()) {
      Map<String, String> in = new TreeMap<>();
      for (Message.ConnectionView c : call.connections()) {
        var state = org.jackfield.api.session.ConnectionState.valueOf(c.state().name());
        if (!state.isOver()) {
          in.put(c.address(), c.address() + " " + state.text() + (c.heldByThem() ? " held" : ""));
        }
      }
      if (!in.isEmpty()) {
        lines.add(String.join(", ", in.values()));
      }
    }
    lines.sort(null);
    return lines;
  }

  /** Everybody hangs up; then nothing may be left. */
  void closes() {
    for (int round = 0; round < 6; round++) {
      for (String phone : PHONES) {
        tell(new Control.Handset(id(), phone, Control.Act.HANG_UP, null));
      }
      for (int i = 0; i < 4; i++) {
        tell(new Control.Handset(id(), "6001", Control.Act.HANG_UP, null));
      }
      pass(60_000);
    }
    pass(3_600_000);
    if (!core.core.isEmpty() || !pbxsPicture().isEmpty()) {
      throw new AssertionError("something is left: " + picture() + " " + pbxsPicture());
    }
  }
}
