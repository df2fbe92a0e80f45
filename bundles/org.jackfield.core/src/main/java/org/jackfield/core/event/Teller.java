package org.jackfield.core.event;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jackfield.api.event.Event;
import org.jackfield.api.event.EventLog;
import org.jackfield.api.event.Position;
import org.jackfield.api.provider.ProviderStatusEvent;
import org.jackfield.api.rollout.DeployedBundle;
import org.jackfield.api.session.SessionEvent;
import org.jackfield.api.transfer.TransferEvent;
import org.jackfield.core.run.Environment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Numbers the events that the lanes tell, and keeps the newest: at least those of the last minute,
 * unless there are more than {@value #CAPACITY}. Whoever tells has published the snapshot before,
 * so that a snapshot read after {@link #latest()} contains all that was told up to it.
 */
public final class Teller implements EventLog {
  public static final int CAPACITY = 65_536;

  /** What is older goes when something new comes, so that a quiet server keeps little. */
  private static final Duration KEPT = Duration.ofSeconds(90);

  private static final Logger LOG = LoggerFactory.getLogger(Teller.class);

  private final Environment environment;
  private final long epoch;
  private final Queue<Kept> told = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean draining = new AtomicBoolean();
  private final AtomicReferenceArray<Kept> ring;

  /** When what is in the ring was told: beside it, so that what is old need not be looked at. */
  private final long[] toldAt;

  private final CopyOnWriteArrayList<Runnable> readers = new CopyOnWriteArrayList<>();
  private volatile long last;
  private volatile long oldest = 1;

  /**
   * @param epoch this start of the server, greater than that of any start before
   */
  public Teller(Environment environment, long epoch) {
    this(environment, epoch, CAPACITY);
  }

  /**
   * @param epoch this start of the server, greater than that of any start before
   * @param capacity how many events are kept at most, a power of two
   */
  public Teller(Environment environment, long epoch, int capacity) {
    this.environment = environment;
    this.epoch = epoch;
    this.ring = new AtomicReferenceArray<>(capacity);
    this.toldAt = new long[capacity];
  }

  /**
   * An event in its slot. What a reader gets is made anew for each: it is gone when it has been
   * read, where one that were kept would be carried about by the collector until it is old.
   */
  private static final class Kept {
    private final Instant at;
    private final Numbered made;
    private volatile long sequence;

    Kept(Instant at, Numbered made) {
      this.at = at;
      this.made = made;
    }

    Event event(long epoch) {
      return made.at(new Position(epoch, sequence), at);
    }
  }

  @FunctionalInterface
  private interface Numbered {
    Event at(Position position, Instant at);
  }

  /** Tells of a session; the event is made whenever somebody reads it. */
  public void tell(Supplier<SessionEvent> event) {
    add((position, at) -> new Event.OfSession(position, at, event.get()));
  }

  public void tell(TransferEvent event) {
    add((position, at) -> new Event.OfTransfer(position, at, event));
  }

  public void tell(ProviderStatusEvent event) {
    add((position, at) -> new Event.OfProvider(position, at, event));
  }

  @Override
  public void tell(DeployedBundle bundle) {
    add((position, at) -> new Event.OfBundle(position, at, bundle));
  }

  private void add(Numbered event) {
    told.add(new Kept(environment.now(), event));
    if (draining.compareAndSet(false, true)) {
      environment.pool().execute(this::drain);
    }
  }

  /** One at a time: whoever finds the flag down raises it. */
  private void drain() {
    boolean some = false;
    for (Kept next = told.poll(); next != null; next = told.poll()) {
      append(next);
      some = true;
    }
    if (some) {
      callReaders();
    }
    draining.set(false);
    if (!told.isEmpty() && draining.compareAndSet(false, true)) {
      environment.pool().execute(this::drain);
    }
  }

  private void append(Kept next) {
    long sequence = last + 1;
    if (sequence - oldest >= ring.length()) {
      oldest = sequence - ring.length() + 1;
    }
    next.sequence = sequence;
    ring.setRelease(slot(sequence), next);
    long at = next.at.toEpochMilli();
    toldAt[slot(sequence)] = at;
    last = sequence;
    forgetBefore(at - KEPT.toMillis());
  }

  private void forgetBefore(long limit) {
    long sequence = oldest;
    while (sequence < last && toldAt[slot(sequence)] < limit) {
      oldest = sequence + 1;
      ring.set(slot(sequence), null);
      sequence++;
    }
  }

  private void callReaders() {
    for (Runnable reader : readers) {
      try {
        reader.run();
      } catch (RuntimeException bug) {
        LOG.error("a reader of the event log failed", bug);
      }
    }
  }

  private int slot(long sequence) {
    return (int) (sequence & ring.length() - 1);
  }

  @Override
  public long epoch() {
    return epoch;
  }

  @Override
  public Position latest() {
    return new Position(epoch, last);
  }

  @Override
  public Optional<List<Event>> after(Position place, int max) {
    long newest = last;
    if (place.epoch() != epoch || place.sequence() < 0 || place.sequence() > newest) {
      return Optional.empty();
    }
    List<Event> events = new ArrayList<>();
    long end = Math.min(newest, place.sequence() + Math.max(0, max));
    for (long sequence = place.sequence() + 1; sequence <= end; sequence++) {
      Kept kept = ring.get(slot(sequence));
      if (kept == null || kept.sequence != sequence) {
        return Optional.empty();
      }
      events.add(kept.event(epoch));
    }
    return place.sequence() + 1 < oldest ? Optional.empty() : Optional.of(events);
  }

  @Override
  public Subscription onAppend(Runnable callback) {
    // A wrapper of its own, so that one callback may be given twice and closed once.
    Runnable reader = () -> callback.run();
    readers.add(reader);
    return () -> readers.remove(reader);
  }
}
