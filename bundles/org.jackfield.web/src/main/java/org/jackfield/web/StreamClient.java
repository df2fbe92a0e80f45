package org.jackfield.web;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jackfield.api.event.Event;
import org.jackfield.api.event.EventLog;
import org.jackfield.api.event.Position;

/**
 * One reader of the events. It never blocks: it writes while the connection takes bytes, and goes
 * on when the container says so. Whoever wakes it may do the writing; {@link #work} lets one at a
 * time.
 */
final class StreamClient implements WriteListener, AsyncListener {
  private static final byte[] HEARTBEAT = ":\n\n".getBytes(StandardCharsets.UTF_8);
  private static final int AT_ONCE = 64;

  private final AsyncContext connection;
  private final ServletOutputStream out;
  private final EventLog log;
  private final Frames frames;
  private final InstantSource clock;
  private final BooleanSupplier welcome;
  private final Consumer<StreamClient> gone;
  private final AtomicInteger work = new AtomicInteger();
  private volatile boolean beat;
  private volatile boolean closing;
  private boolean over;
  private boolean unflushed;
  private boolean greeted;
  private Optional<Position> place;

  /**
   * @param place the last event that the reader knows; empty where that is none of ours
   * @param welcome whether the reader may go on; it is asked at each heartbeat
   * @param gone told once, when the connection has ended
   */
  StreamClient(
      AsyncContext connection,
      EventLog log,
      Frames frames,
      InstantSource clock,
      Optional<Position> place,
      BooleanSupplier welcome,
      Consumer<StreamClient> gone)
      throws IOException {
    this.connection = connection;
    this.out = connection.getResponse().getOutputStream();
    this.log = log;
    this.frames = frames;
    this.clock = clock;
    this.place = place;
    this.welcome = welcome;
    this.gone = gone;
  }

  /** Something is new. */
  void wake() {
    if (work.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    while (seen != 0) {
      try {
        write();
      } catch (IOException | RuntimeException e) {
        end();
      }
      seen = work.addAndGet(-seen);
    }
  }

  void heartbeat() {
    if (!welcome.getAsBoolean()) {
      closing = true;
    }
    beat = true;
    wake();
  }

  void close() {
    closing = true;
    wake();
  }

  private void write() throws IOException {
    if (closing) {
      end();
    }
    while (!over && out.isReady()) {
      byte[] next = next();
      if (next.length > 0) {
        out.write(next);
        unflushed = true;
      } else if (unflushed) {
        unflushed = false;
        out.flush();
      } else {
        return;
      }
    }
  }

  private byte[] next() {
    if (!greeted) {
      greeted = true;
      String id = place.map(known -> "id: " + known + "\n").orElse("");
      return ("retry: 2000\n" + id + "\n").getBytes(StandardCharsets.UTF_8);
    }
    Optional<List<Event>> events = place.flatMap(known -> log.after(known, AT_ONCE));
    if (events.isEmpty()) {
      Position from = log.latest();
      place = Optional.of(from);
      return Frames.reset(from, clock.instant());
    }
    if (events.get().isEmpty() && beat) {
      beat = false;
      return HEARTBEAT;
    }
    if (!events.get().isEmpty()) {
      place = Optional.of(events.get().getLast().position());
    }
    return frames.of(events.get());
  }

  private void end() {
    if (!over) {
      over = true;
      gone.accept(this);
      connection.complete();
    }
  }

  @Override
  public void onWritePossible() {
    wake();
  }

  @Override
  public void onError(Throwable failure) {
    close();
  }

  @Override
  public void onComplete(AsyncEvent event) {
    gone.accept(this);
  }

  @Override
  public void onError(AsyncEvent event) {
    close();
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    close();
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    // The connection is taken over once; it is not started again.
  }
}
