package org.jackfield.web;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jackfield.api.event.EventLog;
import org.jackfield.api.event.Position;

/**
 * The events of one log as server-sent events. A client is only a place in the log. One thread
 * wakes the clients; none of them can hold it up, because none of them blocks.
 */
final class EventStream implements AutoCloseable {
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);

  private final EventLog log;
  private final Frames frames;
  private final InstantSource clock;
  private final int mostClients;
  private final Set<StreamClient> clients = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean waking = new AtomicBoolean();
  private final ScheduledExecutorService pump =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("jackfield-events").daemon().factory());
  private final EventLog.Subscription subscription;

  EventStream(EventLog log, Frames frames, InstantSource clock, int mostClients) {
    this.log = log;
    this.frames = frames;
    this.clock = clock;
    this.mostClients = mostClients;
    long beat = HEARTBEAT.toMillis();
    var unused =
        pump.scheduleWithFixedDelay(
            () -> clients.forEach(StreamClient::heartbeat), beat, beat, TimeUnit.MILLISECONDS);
    this.subscription = log.onAppend(this::appended);
  }

  private void appended() {
    if (clients.isEmpty() || !waking.compareAndSet(false, true)) {
      return;
    }
    try {
      pump.execute(
          () -> {
            waking.set(false);
            clients.forEach(StreamClient::wake);
          });
    } catch (RejectedExecutionException closed) {
      waking.set(false); // the stream is closing: there is nobody to wake
    }
  }

  /**
   * Begins a stream.
   *
   * @param lastId the id of the last event that the reader knows; empty for what comes from now on
   * @param welcome whether the reader may go on; it is asked at each heartbeat
   */
  Answer.Stream open(Optional<String> lastId, BooleanSupplier welcome) {
    if (clients.size() >= mostClients) {
      throw Problem.of(ProblemType.OVERLOADED, "There are too many event streams.")
          .retryAfter(Duration.ofSeconds(5))
          .refused();
    }
    Optional<Position> place = lastId.isPresent() ? Position.parse(lastId.get()) : now();
    return new Answer.Stream(connection -> start(connection, place, welcome));
  }

  private Optional<Position> now() {
    return Optional.of(log.latest());
  }

  private void start(AsyncContext connection, Optional<Position> place, BooleanSupplier welcome)
      throws IOException {
    HttpServletResponse response = (HttpServletResponse) connection.getResponse();
    response.setContentType("text/event-stream;charset=UTF-8");
    response.setHeader("X-Accel-Buffering", "no");
    connection.setTimeout(0);
    StreamClient client =
        new StreamClient(connection, log, frames, clock, place, welcome, clients::remove);
    clients.add(client);
    connection.addListener(client);
    response.getOutputStream().setWriteListener(client);
  }

  int clients() {
    return clients.size();
  }

  @Override
  public void close() {
    subscription.close();
    pump.shutdownNow();
    clients.forEach(StreamClient::close);
  }
}
