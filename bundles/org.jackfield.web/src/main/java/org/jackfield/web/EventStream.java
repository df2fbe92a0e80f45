package org.jackfield.web;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The events as server-sent events. One thread wakes the clients; none of them can hold it up,
 * because none of them blocks.
 */
final class EventStream implements AutoCloseable {
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);

  private final Frames frames;
  private final InstantSource clock;
  private final int mostClients;
  private final Set<StreamClient> clients = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean waking = new AtomicBoolean();
  private final ScheduledExecutorService pump =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("jackfield-events").daemon().factory());

  EventStream(Frames frames, InstantSource clock, int mostClients) {
    this.frames = frames;
    this.clock = clock;
    this.mostClients = mostClients;
    pump.scheduleWithFixedDelay(
        () -> clients.forEach(StreamClient::heartbeat),
        HEARTBEAT.toMillis(),
        HEARTBEAT.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  /** The id of the last event. */
  String lastId() {
    return frames.epoch() + ":" + frames.last();
  }

  /** One thread, in order. It only notes the event; the pump wakes the clients. */
  void append(long sequence, String type, Supplier<byte[]> data) {
    frames.append(sequence, type, data);
    if (!clients.isEmpty() && waking.compareAndSet(false, true)) {
      pump.execute(
          () -> {
            waking.set(false);
            clients.forEach(StreamClient::wake);
          });
    }
  }

  /**
   * Begins a stream.
   *
   * @param lastId the id of the last event that the reader knows; empty for what comes from now on
   */
  Answer.Stream open(String lastId, BooleanSupplier welcome) {
    if (clients.size() >= mostClients) {
      throw Problem.of(Reason.OVERLOADED, "There are too many event streams.")
          .retryAfter(Duration.ofSeconds(5))
          .refused();
    }
    return new Answer.Stream(connection -> start(connection, position(lastId), welcome));
  }

  private void start(AsyncContext connection, long position, BooleanSupplier welcome)
      throws IOException {
    HttpServletResponse response = (HttpServletResponse) connection.getResponse();
    response.setContentType("text/event-stream;charset=UTF-8");
    response.setHeader("X-Accel-Buffering", "no");
    connection.setTimeout(0);
    StreamClient client =
        new StreamClient(connection, frames, clock, position, welcome, clients::remove);
    clients.add(client);
    connection.addListener(client);
    response.getOutputStream().setWriteListener(client);
  }

  private long position(String lastId) {
    if (lastId.isEmpty()) {
      return frames.last();
    }
    int colon = lastId.lastIndexOf(':');
    String number = lastId.substring(colon + 1);
    boolean ours = colon > 0 && lastId.substring(0, colon).equals(frames.epoch());
    if (!ours || !number.matches("[0-9]{1,18}")) {
      return -1;
    }
    long position = Long.parseLong(number);
    return frames.holds(position) ? position : -1;
  }

  int clients() {
    return clients.size();
  }

  @Override
  public void close() {
    pump.shutdownNow();
    clients.forEach(StreamClient::close);
  }
}
