package org.jackfield.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;

/**
 * The other way to have one writer for each call: a virtual thread for each, with a queue. It takes
 * the facts that a transfer makes (six of a blind one, eleven of a consultation), keeps the ends in
 * a map, publishes a snapshot and an event for each. No request, plan, permission, journal, index
 * or outcome: less than the core does.
 */
final class VirtualThreads implements AutoCloseable {
  private static final OperatingSystemMXBean CPU =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final int RING = 65_536;

  private final Map<Long, Snapshot> published = new ConcurrentHashMap<>();
  private final AtomicReferenceArray<Snapshot> ring = new AtomicReferenceArray<>(RING);
  private final List<Call> calls = new ArrayList<>();

  private record Snapshot(long id, long revision, Instant startedAt, List<Connection> ends) {}

  private record Fact(Connection connection, CountDownLatch done) {}

  VirtualThreads(int howMany) {
    for (int i = 0; i < howMany; i++) {
      calls.add(new Call(i));
    }
  }

  private final class Call implements Runnable {
    final long id;
    final LinkedBlockingQueue<Fact> facts = new LinkedBlockingQueue<>();
    final Map<ConnectionId, Connection> ends = new LinkedHashMap<>();
    final Instant startedAt = Instant.now();
    final Thread thread;
    long revision;

    Call(long id) {
      this.id = id;
      this.thread = Thread.ofVirtual().start(this);
    }

    @Override
    public void run() {
      try {
        while (true) {
          take(facts.take());
        }
      } catch (InterruptedException over) {
        Thread.currentThread().interrupt();
      }
    }

    private void take(Fact fact) {
      Connection connection = fact.connection;
      if (connection.state().isOver()) {
        ends.remove(connection.id());
      } else {
        ends.put(connection.id(), connection);
      }
      Snapshot now = new Snapshot(id, ++revision, startedAt, List.copyOf(ends.values()));
      published.put(id, now);
      ring.set((int) (id * 31 + revision) & RING - 1, now);
      fact.done.countDown();
    }
  }

  /** The process's CPU time in microseconds for the facts of one transfer. */
  double transfer() {
    long before = CPU.getProcessCpuTime();
    for (int i = 0; i < calls.size(); i++) {
      Call call = calls.get(i);
      int facts = i % 2 == 0 ? 6 : 11;
      CountDownLatch done = new CountDownLatch(facts);
      for (int fact = 0; fact < facts; fact++) {
        ConnectionState state = fact % 2 == 0 ? ConnectionState.CONNECTED : ConnectionState.ON_HOLD;
        call.facts.add(
            new Fact(
                Connection.of(
                    new ConnectionId("dev-" + i + fact % 3), new Address("100" + i), "", state),
                done));
      }
      await(done);
    }
    return (CPU.getProcessCpuTime() - before) / 1e3 / calls.size();
  }

  private static void await(CountDownLatch done) {
    try {
      done.await();
    } catch (InterruptedException stopped) {
      throw new IllegalStateException("stopped", stopped);
    }
  }

  @Override
  public void close() {
    calls.forEach(call -> call.thread.interrupt());
  }
}
