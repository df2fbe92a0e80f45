package org.jackfield.itests.asterisk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.session.Connection;

/**
 * Stands where the server stands behind the seam: it keeps what is told, and believes only that.
 */
final class Recorder implements ProviderContext, AutoCloseable {
  private final ScheduledThreadPoolExecutor executor =
      new ScheduledThreadPoolExecutor(
          1, task -> Thread.ofPlatform().daemon().name("provider").unstarted(task));
  private final long start = System.nanoTime();
  private final List<String> log = new ArrayList<>();
  private final List<ProviderEvent> events = new ArrayList<>();
  private final Map<String, Map<String, Connection>> calls = new LinkedHashMap<>();
  private boolean up;
  private int snapshots;

  Recorder() {
    executor.setRemoveOnCancelPolicy(true);
  }

  @Override
  public String provider() {
    return "lab";
  }

  @Override
  public synchronized void report(ProviderEvent event) {
    events.add(event);
    log.add(String.format("%8.3f %s", (System.nanoTime() - start) / 1e9, event));
    switch (event) {
      case ProviderEvent.LinkUp e -> up = true;
      case ProviderEvent.LinkDown e -> up = false;
      case ProviderEvent.ConnectionChanged e -> changed(e);
      case ProviderEvent.CallsMerged e -> {
        var from = calls.remove(e.from().value());
        if (from != null) {
          calls.computeIfAbsent(e.into().value(), c -> new LinkedHashMap<>()).putAll(from);
        }
      }
      case ProviderEvent.Snapshot e -> {
        snapshots++;
        calls.clear();
        e.calls()
            .forEach(
                call ->
                    call.connections()
                        .forEach(
                            c -> changed(new ProviderEvent.ConnectionChanged(call.call(), c))));
      }
      default -> {}
    }
  }

  private void changed(ProviderEvent.ConnectionChanged e) {
    var call = calls.computeIfAbsent(e.call().value(), c -> new LinkedHashMap<>());
    var id = e.connection().id().value();
    if (e.connection().state().isOver()) {
      call.remove(id);
      if (call.isEmpty()) {
        calls.remove(e.call().value());
      }
    } else {
      call.put(id, e.connection());
    }
  }

  @Override
  public void execute(Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      note("after close: " + task);
    }
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    try {
      var future = executor.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException e) {
      return () -> {};
    }
  }

  synchronized void note(String text) {
    log.add(String.format("%8.3f -- %s", (System.nanoTime() - start) / 1e9, text));
  }

  synchronized boolean up() {
    return up;
  }

  synchronized int snapshots() {
    return snapshots;
  }

  synchronized Map<String, Map<String, Connection>> calls() {
    var copy = new LinkedHashMap<String, Map<String, Connection>>();
    calls.forEach((id, connections) -> copy.put(id, new LinkedHashMap<>(connections)));
    return copy;
  }

  synchronized List<ProviderEvent> events() {
    return List.copyOf(events);
  }

  synchronized String log() {
    return String.join("\n", log);
  }

  /** One line for each call. */
  synchronized String picture() {
    return calls.entrySet().stream()
        .map(
            call ->
                call.getKey()
                    + call.getValue().values().stream()
                        .map(c -> c.address() + ":" + c.state() + (c.heldByThem() ? "(held)" : ""))
                        .toList())
        .collect(Collectors.joining("; "));
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
