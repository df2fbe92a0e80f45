package org.jackfield.web;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jackfield.api.event.Event;
import org.jackfield.api.event.EventLog;
import org.jackfield.api.event.Position;
import org.jackfield.api.rollout.DeployedBundle;
import org.jackfield.api.session.SessionEvent;

/** A log of events that keeps a given number of them. */
final class Tape implements EventLog {
  private final Deque<Event> events = new ArrayDeque<>();
  private final List<Runnable> readers = new CopyOnWriteArrayList<>();
  private final long epoch;
  private final int most;
  private long last;

  Tape(long epoch, int most) {
    this.epoch = epoch;
    this.most = most;
  }

  void changed(long session, long revision) {
    append(
        place ->
            new Event.OfSession(
                place,
                Switchboard.NOON,
                new SessionEvent.Changed(Switchboard.session(session, revision))));
  }

  void append(Function<Position, Event> event) {
    synchronized (this) {
      last++;
      events.add(event.apply(new Position(epoch, last)));
      if (events.size() > most) {
        events.remove();
      }
    }
    readers.forEach(Runnable::run);
  }

  @Override
  public long epoch() {
    return epoch;
  }

  @Override
  public synchronized Position latest() {
    return new Position(epoch, last);
  }

  @Override
  public synchronized Optional<List<Event>> after(Position place, int max) {
    if (place.epoch() != epoch
        || place.sequence() > last
        || place.sequence() < last - events.size()) {
      return Optional.empty();
    }
    List<Event> found = new ArrayList<>();
    for (Event event : events) {
      if (event.position().sequence() > place.sequence() && found.size() < max) {
        found.add(event);
      }
    }
    return Optional.of(found);
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
