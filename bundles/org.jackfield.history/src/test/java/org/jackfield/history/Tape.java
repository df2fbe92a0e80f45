package org.jackfield.history;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jackfield.api.event.Event;
import org.jackfield.api.event.EventLog;
import org.jackfield.api.event.Position;
import org.jackfield.api.rollout.DeployedBundle;
import org.jackfield.api.session.SessionEvent;
import org.jackfield.api.transfer.TransferEvent;

/** An event log that a test writes; it keeps so many of the newest. */
final class Tape implements EventLog {
  static final Instant NOON = Instant.parse("2026-11-22T12:00:00.123456Z");

  private final long epoch;
  private final int kept;
  private final List<Event> events = new ArrayList<>();
  private final List<Runnable> readers = new CopyOnWriteArrayList<>();
  private Instant now = NOON;

  Tape(long epoch) {
    this(epoch, Integer.MAX_VALUE);
  }

  Tape(long epoch, int kept) {
    this.epoch = epoch;
    this.kept = kept;
  }

  Position tell(SessionEvent event) {
    Event told;
    synchronized (this) {
      told = new Event.OfSession(next(), tick(), event);
      events.add(told);
    }
    readers.forEach(Runnable::run);
    return told.position();
  }

  Position tell(TransferEvent event) {
    Event told;
    synchronized (this) {
      told = new Event.OfTransfer(next(), tick(), event);
      events.add(told);
    }
    readers.forEach(Runnable::run);
    return told.position();
  }

  private Position next() {
    return new Position(epoch, events.size() + 1);
  }

  private Instant tick() {
    now = now.plusNanos(1_000);
    return now;
  }

  @Override
  public long epoch() {
    return epoch;
  }

  @Override
  public synchronized Position latest() {
    return new Position(epoch, events.size());
  }

  @Override
  public synchronized Optional<List<Event>> after(Position place, int max) {
    int from = (int) place.sequence();
    if (place.epoch() != epoch || from > events.size() || from < events.size() - kept) {
      return Optional.empty();
    }
    return Optional.of(
        List.copyOf(events.subList(from, (int) Math.min(events.size(), (long) from + max))));
  }

  @Override
  public void tell(DeployedBundle bundle) {
    throw new UnsupportedOperationException("nobody brings a driver in");
  }

  @Override
  public Subscription onAppend(Runnable callback) {
    readers.add(callback);
    return () -> readers.remove(callback);
  }
}
