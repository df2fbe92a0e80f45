package org.jackfield.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.session.SessionQuery;
import org.jackfield.api.session.SessionRequest;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferQuery;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferTarget;
import org.jackfield.core.CoreEngine;
import org.jackfield.core.provider.ProviderPublisher;
import org.jackfield.core.record.MemoryAuditLog;
import org.jackfield.core.record.MemoryJournal;
import org.jackfield.core.run.Environment;
import org.jackfield.core.run.IdSource;
import org.jackfield.pbx.simulated.Command;
import org.jackfield.pbx.simulated.Lines;
import org.jackfield.pbx.simulated.Message;
import org.jackfield.pbx.simulated.Pace;
import org.jackfield.pbx.simulated.Pbx;
import org.jackfield.pbx.simulated.Profile;
import org.jackfield.pbx.simulated.VirtualTime;
import org.jackfield.provider.simulated.PbxLine;
import org.jackfield.provider.simulated.SimulatedDriver;
import org.osgi.framework.Version;

/**
 * How many transfers a second of CPU moves, half of them blind and half by consultation, with the
 * volatile journal and a reader of all events. First the core alone over a PBX of plain objects,
 * and beside it the same facts handled by a virtual thread for each call, which decides nothing.
 * Then the whole: the core, its driver, the JSON lines and the simulated PBX in one process and on
 * one thread, under virtual time, beside the PBX alone with the same commands: what the PBX costs
 * is not ours.
 *
 * <p>Arguments: live calls of the core alone (10000), of the whole (500), rounds (10). Figures are
 * the process's CPU time, with all that the compiler and the collector take.
 */
public final class TransfersPerCpuSecond {
  private static final OperatingSystemMXBean CPU =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final Requester BENCH = new Requester("bench", "core", "");

  /** Rounds until the compiler has done its work, which counts as CPU time too. */
  private static final int WARM_UP = 25;

  private final VirtualTime time = new VirtualTime();
  private final Queue<Runnable> ready = new ArrayDeque<>();
  private final Pbx pbx =
      new Pbx(
          "run",
          Profile.named("full"),
          Pace.natural(),
          time,
          new Random(1),
          0,
          (client, command, answer, repeated, fault) -> {});

  private TransfersPerCpuSecond() {}

  public static void main(String[] arguments) {
    int alone = argument(arguments, 0, 10_000);
    int whole = argument(arguments, 1, 500);
    int rounds = argument(arguments, 2, 10);
    coreAlone(alone, rounds);
    whole(whole, rounds);
  }

  private static int argument(String[] arguments, int place, int usual) {
    return arguments.length > place ? Integer.parseInt(arguments[place]) : usual;
  }

  private static void coreAlone(int calls, int rounds) {
    double[] ours = new double[rounds];
    double[] peers = new double[rounds];
    try (CoreAlone core = new CoreAlone();
        VirtualThreads peer = new VirtualThreads(calls)) {
      core.grow(calls);
      List<SessionId> ids = core.all();
      for (int round = -8; round < rounds; round++) {
        double our = core.transfer(ids);
        double their = peer.transfer();
        if (round >= 0) {
          ours[round] = our;
          peers[round] = their;
        }
      }
    }
    Arrays.sort(ours);
    Arrays.sort(peers);
    double our = ours[rounds / 2];
    System.out.printf(
        "core alone, %d live calls: median %.1f us of CPU a transfer (%.1f to %.1f) = %.0f per"
            + " CPU-second; a virtual thread for each call, facts only: %.1f us (%.2f of ours)%n",
        calls,
        our,
        ours[0],
        ours[rounds - 1],
        1e6 / our,
        peers[rounds / 2],
        peers[rounds / 2] / our);
  }

  private static void whole(int calls, int rounds) {
    double[] ours = new double[rounds];
    double[] peers = new double[rounds];
    for (int round = -WARM_UP; round < rounds; round++) {
      double our = new TransfersPerCpuSecond().throughTheCore(calls);
      double peer = new TransfersPerCpuSecond().straightToThePbx(calls);
      if (round >= 0) {
        ours[round] = our;
        peers[round] = peer;
      }
    }
    Arrays.sort(ours);
    Arrays.sort(peers);
    double our = ours[rounds / 2];
    double peer = peers[rounds / 2];
    System.out.printf(
        "whole, %d live calls: median %.1f us of CPU a transfer (%.1f to %.1f) = %.0f per"
            + " CPU-second, PBX and JSON lines included; PBX alone %.1f us%n",
        calls, our, ours[0], ours[rounds - 1], 1e6 / our, peer);
  }

  /** Runs what is ready, and what falls due. */
  private void pass(Duration span) {
    for (long ms = 0; ms < span.toMillis(); ms += 10) {
      settle();
      time.pass(Duration.ofMillis(10));
    }
    settle();
  }

  private void settle() {
    for (Runnable task = ready.poll(); task != null; task = ready.poll()) {
      task.run();
    }
  }

  private static String phone(int n) {
    return String.valueOf(1000 + n);
  }

  private double throughTheCore(int calls) {
    InstantSource clock = time::now;
    Environment environment =
        new Environment(
            clock,
            (delay, task) -> time.after(delay, task)::cancel,
            ready::add,
            ready::add,
            new IdSource(new Random(1)));
    CoreEngine core =
        new CoreEngine(
            environment,
            1,
            new MemoryJournal(),
            new MemoryAuditLog(),
            List.of(),
            ProviderPublisher.NONE);
    core.providers()
        .addDriver(
            new SimulatedDriver(config -> this::connect),
            Map.of("org.jackfield.driver.name", "simulated"),
            Version.emptyVersion,
            "simulated");
    core.providers().configure("pbx", Map.of("driver", "simulated"));
    pass(Duration.ofSeconds(1));
    for (int i = 0; i < calls; i++) {
      core.sessions()
          .operate(
              new SessionRequest.MakeCall(
                  BENCH, "pbx", new Address(phone(2 * i % 998)), new Address("6001")));
      pass(Duration.ofMillis(20));
    }
    pass(Duration.ofSeconds(10));
    List<Session> live = talking(core);
    long before = CPU.getProcessCpuTime();
    for (int i = 0; i < live.size(); i++) {
      Session call = live.get(i);
      core.transfers().transfer(request(call, i));
      if (i % 50 == 49) {
        pass(Duration.ofMillis(100));
      }
    }
    pass(Duration.ofSeconds(20));
    long spent = CPU.getProcessCpuTime() - before;
    long completed =
        core
            .transfers()
            .list(new TransferQuery(Optional.empty(), Optional.of(false), Optional.empty(), 500))
            .items()
            .stream()
            .filter(t -> t.outcome().orElseThrow().text().equals("completed"))
            .count();
    if (completed < Math.min(live.size(), 500) * 0.95) {
      throw new IllegalStateException("only " + completed + " of " + live.size() + " completed");
    }
    return spent / 1e3 / live.size();
  }

  private static List<Session> talking(CoreEngine core) {
    List<Session> live = new ArrayList<>();
    SessionQuery query = SessionQuery.all(500);
    var page = core.sessions().list(query);
    for (Session session : page.items()) {
      if (session.parties().size() == 2 && session.parties().getFirst().state().isTalking()) {
        live.add(session);
      }
    }
    return live;
  }

  /** The called party leaves; the target is a phone that is free. */
  private static TransferRequest request(Session call, int i) {
    TransferRequest request =
        TransferRequest.of(
            BENCH,
            call.id(),
            Optional.of(call.parties().getLast().id()),
            new TransferTarget.To(new Address(phone(2 * i % 998 + 1))),
            i % 2 == 0 ? TransferMode.BLIND : TransferMode.CONSULTATION);
    return new TransferRequest(
        request.requester(),
        request.session(),
        request.transferor(),
        request.target(),
        request.mode(),
        Optional.of(CompleteWhen.ON_ANSWER),
        request.release(),
        request.completeAs(),
        request.needs(),
        request.timeouts(),
        request.recall(),
        request.ifRevision(),
        request.reason());
  }

  /** The same moves with nobody between: each step is sent when its time has come. */
  private double straightToThePbx(int calls) {
    Pbx.Client client = attach(new Deaf());
    for (int i = 0; i < calls; i++) {
      client.command(new Command.MakeCall("m" + i, "call" + i, phone(2 * i % 998), "6001"));
      pass(Duration.ofMillis(20));
    }
    pass(Duration.ofSeconds(10));
    List<Message.CallView> live =
        pbx.snapshot("x").calls().stream().filter(c -> c.connections().size() == 2).toList();
    long before = CPU.getProcessCpuTime();
    for (int i = 0; i < live.size(); i++) {
      String call = live.get(i).call();
      String leaves = live.get(i).connections().getLast().connection();
      String target = phone(2 * i % 998 + 1);
      if (i % 2 == 0) {
        client.command(
            new Command.BlindTransfer("b" + i, call, leaves, target, Command.Release.ON_ANSWER));
      } else {
        client.command(new Command.Consult("c" + i, call, leaves, "away" + i, null));
      }
      if (i % 50 == 49) {
        pass(Duration.ofMillis(100));
      }
    }
    for (int i = 1; i < live.size(); i += 2) {
      String leaves = live.get(i).connections().getLast().connection();
      client.command(new Command.Dial("d" + i, "away" + i, leaves, phone(2 * i % 998 + 1)));
    }
    pass(Duration.ofSeconds(10));
    for (int i = 1; i < live.size(); i += 2) {
      String leaves = live.get(i).connections().getLast().connection();
      client.command(
          new Command.Complete(
              "t" + i, live.get(i).call(), "away" + i, leaves, Command.As.TRANSFER));
    }
    pass(Duration.ofSeconds(10));
    return (CPU.getProcessCpuTime() - before) / 1e3 / live.size();
  }

  private Pbx.Client attach(Pbx.Outlet outlet) {
    Pbx.Client client = pbx.attach(outlet);
    if (client == null) {
      throw new IllegalStateException("the PBX takes no client");
    }
    return client;
  }

  private record Deaf() implements Pbx.Outlet {
    @Override
    public void tell(Message message) {}

    @Override
    public void cut() {}
  }

  private PbxLine connect(PbxLine.Ears ears) {
    Pbx.Client client =
        attach(
            new Pbx.Outlet() {
              @Override
              public void tell(Message message) {
                ears.heard(Lines.line(message));
              }

              @Override
              public void cut() {
                ears.lost("cut");
              }
            });
    return new PbxLine() {
      @Override
      public void send(String text) {
        ready.add(() -> client.command(parse(text)));
      }

      @Override
      public void close() {
        client.detach();
      }
    };
  }

  private static Command parse(String text) {
    try {
      return Lines.command(text);
    } catch (Lines.Malformed malformed) {
      throw new IllegalStateException(text, malformed);
    }
  }
}
