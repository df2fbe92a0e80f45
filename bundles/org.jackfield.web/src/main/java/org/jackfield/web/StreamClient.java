package org.jackfield.web;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * One reader of the events. It never blocks: it writes while the connection takes bytes, and goes
 * on when the container says so. Whoever wakes it may do the writing; {@link #work} lets one at a
 * time.
 */
final class StreamClient implements WriteListener, AsyncListener {
  private static final byte[] HEARTBEAT = ":\n\n".getBytes(StandardCharsets.UTF_8);

  private final AsyncContext connection;
  private final ServletOutputStream out;
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
  private boolean reset;
  private long position;

  /**
   * @param position the last event that the reader knows; a negative one is unknown here
   * @param welcome whether the reader may go on; it is asked at each heartbeat
   * @param gone told once, when the connection has ended
   */
  StreamClient(
      AsyncContext connection,
      Frames frames,
      InstantSource clock,
      long position,
      BooleanSupplier welcome,
      Consumer<StreamClient> gone)
      throws IOException {
    this.connection = connection;
    this.out = connection.getResponse().getOutputStream();
    this.frames = frames;
    this.clock = clock;
    this.position = position;
    this.reset = position < 0;
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
      String start = "retry: 2000\n" + (reset ? "" : "id: " + idOf(position) + "\n") + "\n";
      return start.getBytes(StandardCharsets.UTF_8);
    }
    Optional<Frames.Chunk> chunk = reset ? Optional.empty() : frames.after(position);
    if (chunk.isEmpty()) {
      return beginAgain();
    }
    position = chunk.get().position();
    if (chunk.get().bytes().length == 0 && beat) {
      beat = false;
      return HEARTBEAT;
    }
    return chunk.get().bytes();
  }

  private byte[] beginAgain() {
    reset = false;
    position = frames.last();
    String data = "{\"type\":\"reset\",\"at\":\"" + Json.time(clock.instant()) + "\"}";
    return frames.frame(position, "reset", data.getBytes(StandardCharsets.UTF_8));
  }

  private String idOf(long sequence) {
    return frames.epoch() + ":" + sequence;
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
