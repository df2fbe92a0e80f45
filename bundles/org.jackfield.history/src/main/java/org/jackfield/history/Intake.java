package org.jackfield.history;

import java.io.Closeable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jackfield.api.audit.AuditEntry;
import org.jackfield.api.event.Event;
import org.jackfield.api.event.EventLog;
import org.jackfield.api.event.Position;
import org.jackfield.api.transfer.TransferId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what happens from the event log and from the audit's callers into the backlog, on a thread
 * of its own: who tells is never held up.
 */
final class Intake implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
  private static final int AT_ONCE = 1_000;
  private static final int MOST_AUDITED = 100_000;
  private static final int MOST_OPEN = 100_000;

  private final EventLog log;
  private final Backlog backlog;
  private final Queue<Item> audited = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicBoolean called = new AtomicBoolean();
  private final AtomicLong entries = new AtomicLong();
  private final String prefix;

  /** Of the transfers under way, the phase in which each was last written whole. */
  private final Map<String, String> phases = new HashMap<>();

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("jackfield-history-intake").daemon().factory());
  private final EventLog.Subscription subscription;
  private volatile Position read;

  /**
   * @param from the place in the log that was read last; of another epoch: from the beginning
   * @param start what makes this start's audit entries unlike those of any other
   */
  Intake(EventLog log, Backlog backlog, Optional<Position> from, String start) {
    this.log = log;
    this.backlog = backlog;
    this.prefix = start;
    this.read =
        from.filter(p -> p.epoch() == log.epoch()).orElseGet(() -> new Position(log.epoch(), 0));
    if (read.sequence() == 0) {
      backlog.add(List.of(new Item.Began(Instant.now(), log.epoch(), 0)));
    }
    this.subscription = log.onAppend(this::call);
    call();
  }

  /** Never blocks, never fails. */
  void record(AuditEntry entry) {
    if (waiting.get() >= MOST_AUDITED) {
      backlog.missed(1, entry.at()); // the intake itself is stuck
      return;
    }
    waiting.incrementAndGet();
    audited.add(new Item.Audited(prefix + "-" + entries.incrementAndGet(), entry));
    call();
  }

  private void call() {
    if (called.compareAndSet(false, true)) {
      try {
        thread.execute(this::take);
      } catch (RejectedExecutionException closed) {
        LOG.debug("closed while it was told");
      }
    }
  }

  private void take() {
    called.set(false);
    try {
      takeAudited();
      takeEvents();
    } catch (RuntimeException bug) {
      LOG.error("the history's intake has failed; it goes on with the next event", bug);
    }
  }

  private void takeAudited() {
    List<Item> items = new ArrayList<>();
    for (Item item = audited.poll(); item != null; item = audited.poll()) {
      items.add(item);
      if (items.size() == AT_ONCE) {
        add(items);
        items = new ArrayList<>();
      }
    }
    if (!items.isEmpty()) {
      add(items);
    }
  }

  private void add(List<Item> entries) {
    backlog.add(entries);
    waiting.addAndGet(-entries.size());
  }

  private void takeEvents() {
    while (true) {
      Position end = log.latest();
      Optional<List<Event>> events = log.after(read, AT_ONCE);
      if (events.isEmpty()) {
        overtaken(end);
      } else if (events.get().isEmpty()) {
        return;
      } else {
        List<Item> items = new ArrayList<>(events.get().size());
        Map<TransferId, Position> latest = new HashMap<>();
        events
            .get()
            .forEach(event -> transfer(event).ifPresent(t -> latest.put(t, event.position())));
        events.get().forEach(event -> add(event, latest, items));
        if (phases.size() > MOST_OPEN) {
          phases.clear(); // each is written whole once more
        }
        backlog.add(items);
        read = events.get().getLast().position();
      }
    }
  }

  private static Optional<TransferId> transfer(Event event) {
    return event instanceof Event.OfTransfer of
        ? Optional.of(of.event().transfer().id())
        : Optional.empty();
  }

  /**
   * @param latest where the last event of each transfer is of those that are taken together: only
   *     that one is written whole
   */
  private void add(Event event, Map<TransferId, Position> latest, List<Item> items) {
    try {
      boolean isLatest =
          transfer(event).map(latest::get).filter(event.position()::equals).isPresent();
      items.add(Events.item(event, isLatest, phases));
    } catch (RuntimeException bug) {
      LOG.error("event {} cannot be written down", event.position(), bug);
      backlog.missed(1, event.at());
    }
  }

  /** The log has gone on without us; how much of it we have not seen is known, what is not. */
  private void overtaken(Position latest) {
    long missed = latest.sequence() - read.sequence();
    LOG.error("{} events were overtaken before the history could read them", missed);
    backlog.missed(missed, Instant.now());
    backlog.add(List.of(new Item.Began(Instant.now(), latest.epoch(), latest.sequence() + 1)));
    read = latest;
  }

  /** Whether nothing waits to be taken. */
  boolean idle() {
    return waiting.get() == 0 && read.equals(log.latest());
  }

  /** The last place that is in the backlog. */
  Position read() {
    return read;
  }

  /** Takes what is there already, and no more. */
  @Override
  public void close() {
    subscription.close();
    called.set(false);
    call();
    thread.shutdown();
    try {
      if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.error("the history's intake does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
