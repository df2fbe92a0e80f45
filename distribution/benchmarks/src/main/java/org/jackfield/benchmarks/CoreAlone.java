package org.jackfield.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jackfield.api.event.Event;
import org.jackfield.api.event.Position;
import org.jackfield.api.journal.Journal;
import org.jackfield.api.journal.Remembered;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.session.SessionQuery;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.Transfer;
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
import org.jackfield.core.run.WallTimers;
import org.osgi.framework.Version;

/** The whole core on one thread over a {@link PlainPbx}: all but a wire and a disk. */
final class CoreAlone implements AutoCloseable {
  private static final OperatingSystemMXBean CPU =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final Requester BENCH = new Requester("bench", "core", "");

  final Queue<Runnable> ready = new ArrayDeque<>();
  final PlainPbx pbx;
  final WallTimers timers = new WallTimers();
  final CoreEngine core;
  private final BooleanSupplier others;
  private long calls;
  private int targets;
  private Position read;

  CoreAlone() {
    this(new MemoryJournal(), new PlainPbx());
  }

  /** One that takes over what a journal has kept of an earlier life. */
  CoreAlone(Journal journal, PlainPbx pbx) {
    this(journal, pbx, () -> false);
  }

  /**
   * @param others waits for what others do for it, if they do anything; whether they did
   */
  CoreAlone(Journal journal, PlainPbx pbx, BooleanSupplier others) {
    this.pbx = pbx;
    this.others = others;
    core =
        new CoreEngine(
            new Environment(
                InstantSource.system(),
                timers,
                ready::add,
                ready::add,
                new IdSource(new Random(1))),
            1,
            journal,
            new MemoryAuditLog(),
            List.of(),
            ProviderPublisher.NONE);
    core.recover(Remembered.of(journal, InstantSource.system().instant()));
    core.providers()
        .addDriver(
            pbx, Map.of("org.jackfield.driver.name", "plain"), Version.emptyVersion, "plain");
    core.providers().configure("pbx", Map.of("driver", "plain"));
    settle();
    read = core.events().latest();
  }

  void settle() {
    do {
      for (Runnable task = ready.poll(); task != null; task = ready.poll()) {
        task.run();
      }
    } while (others.getAsBoolean());
  }

  /** Calls of two, until there are so many. */
  void grow(long to) {
    for (; calls < to; calls++) {
      pbx.call("c" + calls, String.valueOf(100_000 + calls % 900_000), "0" + calls);
      settle();
      readEvents();
    }
  }

  /** The ids of all live sessions, page by page. */
  List<SessionId> all() {
    List<SessionId> ids = new ArrayList<>();
    Optional<String> after = Optional.empty();
    do {
      var page =
          core.sessions()
              .list(
                  new SessionQuery(
                      Optional.empty(), Optional.empty(), Optional.empty(), after, 500));
      page.items().forEach(session -> ids.add(session.id()));
      after = page.next();
    } while (after.isPresent());
    return ids;
  }

  /**
   * Moves the last party of each of these calls to a phone that answers at once, every other one by
   * consultation.
   *
   * @return the process's CPU time in microseconds a transfer
   */
  double transfer(List<SessionId> ids) {
    return transfer(ids, 1);
  }

  /** The same, with so many under way at once. */
  double transfer(List<SessionId> ids, int atOnce) {
    long before = CPU.getProcessCpuTime();
    for (int i = 0; i < ids.size(); i++) {
      Session call = core.sessions().find(ids.get(i)).orElseThrow();
      core.transfers().transfer(request(call, ++targets % 700_000, i % 2 == 0));
      if (i % atOnce == atOnce - 1 || i == ids.size() - 1) {
        settle();
        readEvents();
      }
    }
    double spent = (CPU.getProcessCpuTime() - before) / 1e3 / ids.size();
    int open = transfers(true);
    if (open > 0 || completed() < Math.min(500, ids.size())) {
      throw new IllegalStateException(open + " transfers are open, " + completed() + " completed");
    }
    return spent;
  }

  /** As a client does that follows everything. */
  void readEvents() {
    for (List<Event> events = unread(); !events.isEmpty(); events = unread()) {
      read = events.getLast().position();
    }
  }

  private List<Event> unread() {
    return core.events().after(read, 1_000).orElseThrow();
  }

  private int transfers(boolean open) {
    return list(open).size();
  }

  private long completed() {
    return list(false).stream()
        .filter(t -> t.outcome().orElseThrow().text().equals("completed"))
        .count();
  }

  private List<Transfer> list(boolean open) {
    return core.transfers()
        .list(new TransferQuery(Optional.empty(), Optional.of(open), Optional.empty(), 500))
        .items();
  }

  static TransferRequest request(Session call, int i, boolean blind) {
    TransferRequest request =
        TransferRequest.of(
            BENCH,
            call.id(),
            Optional.of(call.parties().getLast().id()),
            new TransferTarget.To(new Address(String.valueOf(1_200_000 + i))),
            blind ? TransferMode.BLIND : TransferMode.CONSULTATION);
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

  @Override
  public void close() {
    timers.close();
  }
}
