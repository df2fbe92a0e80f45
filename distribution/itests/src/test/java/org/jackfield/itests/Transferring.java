package org.jackfield.itests;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jackfield.api.event.Event;
import org.jackfield.api.event.EventLog;
import org.jackfield.api.event.Position;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferEvent;
import org.jackfield.api.transfer.TransferId;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferTarget;

/**
 * Requesters who have calls transferred by the clock, whatever the server does: each call goes from
 * its second phone to the service number and back, every third time in consultation. Times are
 * measured from when a request was due.
 */
final class Transferring implements AutoCloseable {
  static final String SERVICE = "6001";
  private static final int CONSULTATION_IN = 3;
  private static final Duration IN_TIME = Duration.ofMillis(20);

  /** A call of two: the one who stays, and whoever is transferred away. */
  private static final class Call {
    final Address stays;
    final Address home;
    final AtomicInteger awaited = new AtomicInteger();
    SessionId session;
    boolean atService;
    long due;

    Call(Address stays, Address home, SessionId session) {
      this.stays = stays;
      this.home = home;
      this.session = session;
    }

    Address with() {
      return atService ? new Address(SERVICE) : home;
    }
  }

  private final LiveServer server;
  private final EventLog log;
  private final EventLog.Subscription subscription;
  private final List<Call> calls = new ArrayList<>();
  private final LinkedBlockingQueue<Call> free = new LinkedBlockingQueue<>();
  private final Map<SessionId, Call> moving = new ConcurrentHashMap<>();
  private final Map<TransferId, Integer> accepted = new ConcurrentHashMap<>();
  private final Map<TransferId, Transfer> ended = new ConcurrentHashMap<>();
  private final List<String> refused = Collections.synchronizedList(new ArrayList<>());
  private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());
  private List<Long> answers = Collections.synchronizedList(new ArrayList<>());
  private List<Long> outcomes = Collections.synchronizedList(new ArrayList<>());
  private Position read;
  private int asked;
  private final Semaphore inTime = new Semaphore(0);

  /**
   * Whether one who is refused asks again until the server takes it, and an undone move is none.
   */
  volatile boolean insists;

  private final AtomicInteger undone = new AtomicInteger();

  Transferring(LiveServer server, EventLog log) {
    this.server = server;
    this.log = log;
    read = log.latest();
    subscription = log.onAppend(this::readOn);
  }

  @Override
  public void close() {
    subscription.close();
  }

  void add(Session session, String stays, String home) {
    Call call = new Call(new Address(stays), new Address(home), session.id());
    calls.add(call);
    free.add(call);
  }

  /** Who talks with whom, when nothing is under way. */
  List<String> talking() {
    return calls.stream().map(call -> call.stays + "+" + call.with()).sorted().toList();
  }

  /** Asks so many times a second from another thread, until the future is completed. */
  CompletableFuture<Void> start(int perSecond, CompletableFuture<Void> end) {
    return CompletableFuture.runAsync(
        () -> {
          long start = System.nanoTime();
          for (long i = 0; !end.isDone(); i++) {
            long due = start + i * 1_000_000_000L / perSecond;
            for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
              LockSupport.parkNanos(early);
            }
            ask(due);
          }
        },
        task -> new Thread(task, "requesters").start());
  }

  private void ask(long due) {
    Call call;
    try {
      call = free.poll(100, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    if (call == null) {
      throw new IllegalStateException("no call is left to be transferred");
    }
    if (System.nanoTime() - due < IN_TIME.toNanos()) {
      inTime.release();
    }
    call.due = due;
    call.awaited.set(2);
    TransferMode mode =
        asked++ % CONSULTATION_IN == 0 ? TransferMode.CONSULTATION : TransferMode.BLIND;
    ask(call, mode);
  }

  private void ask(Call call, TransferMode mode) {
    Session session = server.sessions.find(call.session).orElse(null);
    Optional<Party> transferor =
        session == null
            ? Optional.empty()
            : session.parties().stream().filter(p -> !p.address().equals(call.stays)).findFirst();
    if (transferor.isEmpty()) {
      wrong.add("the call of " + call.stays + " is lost: " + session);
      return;
    }
    boolean atService = transferor.get().address().value().equals(SERVICE);
    moving.put(call.session, call);
    TransferRequest request =
        new TransferRequest(
            LiveServer.TESTER,
            call.session,
            transferor.map(Party::id),
            new TransferTarget.To(atService ? call.home : new Address(SERVICE)),
            mode,
            mode == TransferMode.CONSULTATION
                ? Optional.of(CompleteWhen.ON_ANSWER)
                : Optional.empty(),
            Optional.empty(),
            CompleteAs.TRANSFER,
            java.util.Set.of(),
            Optional.empty(),
            List.of(),
            java.util.OptionalLong.empty(),
            "");
    server
        .transfers
        .transfer(request)
        .whenComplete(
            (reply, bug) -> {
              if (reply instanceof TransferReply.Accepted yes) {
                answers.add(System.nanoTime() - call.due);
                accepted.merge(yes.transfer().id(), 1, Integer::sum);
                done(call);
              } else {
                refused.add(String.valueOf(bug == null ? reply : bug));
                if (insists) {
                  CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS)
                      .execute(() -> ask(call, mode));
                }
              }
            });
  }

  /** Both the answer and the outcome are there. */
  private void done(Call call) {
    if (call.awaited.decrementAndGet() == 0) {
      free.add(call);
    }
  }

  private synchronized void readOn() {
    for (Event event : log.after(read, Integer.MAX_VALUE).orElseThrow()) {
      read = event.position();
      if (event instanceof Event.OfTransfer of && of.event() instanceof TransferEvent.Ended end) {
        ended(end.transfer());
      }
    }
  }

  private void ended(Transfer transfer) {
    String outcome =
        transfer
            .outcome()
            .map(o -> o.text() + (o.evidence().verified() ? "" : ", unverified"))
            .orElse("none");
    boolean moved = outcome.equals("completed");
    if (ended.put(transfer.id(), transfer) != null || !moved && !insists) {
      wrong.add(outcome + " of " + transfer);
    }
    if (!moved) {
      undone.incrementAndGet();
    }
    Call call = moving.remove(transfer.session());
    if (call != null) {
      outcomes.add(System.nanoTime() - call.due);
      call.atService ^= moved;
      if (server.sessions.find(call.session).isEmpty()) {
        server.sessions.mergedInto(call.session).ifPresent(now -> call.session = now);
      }
      done(call);
    }
  }

  /**
   * Waits until a request is asked for when it is due, with no queue before it; not for ever, since
   * the machine may be too small for so many.
   */
  void catchUp(Duration atMost) throws InterruptedException {
    inTime.drainPermits();
    boolean unused = inTime.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Whether each request has its answer and each transfer its outcome. */
  boolean isQuiet() {
    return free.size() == calls.size();
  }

  List<String> wrong() {
    return wrong;
  }

  List<String> refused() {
    return refused;
  }

  /** How many transfers were not completed. */
  int undone() {
    return undone.get();
  }

  int acceptedOnce() {
    return (int) accepted.values().stream().filter(times -> times == 1).count();
  }

  /** All transfers so far with their outcomes. */
  Map<TransferId, Transfer> transfers() {
    return ended;
  }

  /** What the server says that it has asked of the PBX, call by call. */
  Map<String, Integer> commands() {
    Map<String, Integer> commands = new HashMap<>();
    for (Transfer transfer : ended.values()) {
      for (Transfer.TimelineEntry line : transfer.timeline()) {
        if (line.kind().equals("command")) {
          commands.merge(line.text().replace("in call ", ""), 1, Integer::sum);
        }
      }
    }
    return commands;
  }

  /** What the times were since the last one was written. */
  String times(String phase) {
    List<Long> answered = answers;
    List<Long> over = outcomes;
    answers = Collections.synchronizedList(new ArrayList<>());
    outcomes = Collections.synchronizedList(new ArrayList<>());
    return "%s: %d transfers; from due to taken on: %s; to the outcome: %s"
        .formatted(phase, over.size(), spread(answered), spread(over));
  }

  private static String spread(List<Long> nanos) {
    List<Long> sorted = nanos.stream().sorted().toList();
    return "median %.1f ms, 99 of 100 %.1f ms, longest %.1f ms"
        .formatted(at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1));
  }

  private static double at(List<Long> sorted, double part) {
    return sorted.isEmpty()
        ? Double.NaN
        : sorted.get((int) Math.ceil((sorted.size() - 1) * part)) / 1e6;
  }
}
