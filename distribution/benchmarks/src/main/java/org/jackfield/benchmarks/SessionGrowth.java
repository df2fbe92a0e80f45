package org.jackfield.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Page;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.session.SessionQuery;

/**
 * What a live session takes in memory, all the server keeps of it counted, and what each operation
 * costs with a thousand, ten thousand, a hundred thousand and a million of them. The PBX keeps
 * nothing here, so the heap is the server's. The ring of events is full before the first
 * measurement, as it has one size.
 *
 * <p>Arguments: the sizes (1000 10000 100000 1000000). Times are CPU time of the one thread that
 * does all, the best of some batches; each batch touches random sessions.
 */
public final class SessionGrowth {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int BATCHES = 9;
  private static final int BATCH = 4_000;

  private final CoreAlone alone = new CoreAlone();
  private final SplittableRandom random = new SplittableRandom(1);
  private final List<SessionId> sample = new ArrayList<>();
  private final List<String> cursors = new ArrayList<>();
  private int size;
  private int fresh;

  private SessionGrowth() {}

  public static void main(String[] arguments) {
    int[] sizes = {1_000, 10_000, 100_000, 1_000_000};
    if (arguments.length > 0) {
      sizes = java.util.Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray();
    }
    for (int round = 0; round < 3; round++) {
      new SessionGrowth().measure(5_000);
    }
    Map<String, Double> first = new LinkedHashMap<>();
    for (int size : sizes) {
      Map<String, Double> costs = new SessionGrowth().measure(size);
      if (first.isEmpty()) {
        first.putAll(costs);
      }
      System.out.printf("%,d sessions%n", size);
      costs.forEach(
          (what, cost) ->
              System.out.printf(
                  "  %-34s %,10.0f  x%.2f%n", what, cost, cost / first.getOrDefault(what, cost)));
    }
  }

  private Map<String, Double> measure(int howMany) {
    Map<String, Double> costs = new LinkedHashMap<>();
    start(-1);
    for (int i = 0; i < 70_000; i++) {
      change(-1, i % 2 == 0 ? ConnectionState.ON_HOLD : ConnectionState.CONNECTED);
    }
    long empty = heap();
    for (; size < howMany; size++) {
      start(size);
    }
    long taken = heap() - empty;
    costs.put("bytes a session", taken / (double) howMany);
    choose();
    costs.put("one step in as much memory, ns", step(taken));
    costs.put("look-up by id, ns", best(i -> lookUp()));
    costs.put("a change published, ns", best(i -> change()));
    costs.put("page of 50, ns", best(i -> page(Optional.empty())));
    costs.put("page of 50 by prefix, ns", best(i -> page(Optional.of("+49301"))));
    costs.put("a session started and ended, ns", best(i -> startAndEnd()));
    costs.put("a decision with its plan, ns", best(i -> plan()));
    alone.close();
    return costs;
  }

  /** What is used once all that can go has gone. */
  private static long heap() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  /**
   * What it costs to follow one reference to anywhere in so much memory: a chain of integers, one
   * in each line of the cache, in an order that nothing can foresee.
   */
  private double step(long bytes) {
    int lines = (int) (bytes / 64);
    int[] next = new int[lines * 16];
    for (int i = 0; i < lines; i++) {
      next[i * 16] = i * 16;
    }
    for (int i = lines - 1; i > 0; i--) {
      int other = random.nextInt(i) * 16;
      int swapped = next[i * 16];
      next[i * 16] = next[other];
      next[other] = swapped;
    }
    int[] at = {0};
    double ten =
        best(
            i -> {
              for (int steps = 0; steps < 10; steps++) {
                at[0] = next[at[0]];
              }
            });
    return ten / 10;
  }

  private static double best(IntConsumer operation) {
    double best = Double.MAX_VALUE;
    for (int batch = 0; batch < BATCHES; batch++) {
      long before = THREADS.getCurrentThreadCpuTime();
      for (int i = 0; i < BATCH; i++) {
        operation.accept(i);
      }
      best = Math.min(best, (THREADS.getCurrentThreadCpuTime() - before) / (double) BATCH);
    }
    return best;
  }

  private static Connection caller(int i, ConnectionState state) {
    return Connection.of(
        new ConnectionId("pj-" + i), new Address(String.valueOf(1_000_000 + i)), "", state);
  }

  private static Connection called(int i, ConnectionState state) {
    // So that a tenth of all numbers begins alike, whatever the size.
    int number = (int) ((i & 0xFFFF_FFFFL) * 7_919 % 9_999_991);
    return Connection.of(
        new ConnectionId("tr-" + i), new Address("+4930" + (10_000_000 + number * 9L)), "", state);
  }

  private void tell(int i, Connection connection) {
    alone.pbx.tell(new ProviderEvent.ConnectionChanged(new CallId("c" + i), connection));
    alone.settle();
  }

  private void start(int i) {
    tell(i, caller(i, ConnectionState.CONNECTED));
    tell(i, called(i, ConnectionState.CONNECTED));
  }

  private void change(int i, ConnectionState state) {
    tell(i, caller(i, state));
  }

  private void change() {
    int i = random.nextInt(size);
    change(i, random.nextBoolean() ? ConnectionState.ON_HOLD : ConnectionState.CONNECTED);
  }

  private void startAndEnd() {
    int i = size + ++fresh;
    start(i);
    tell(i, caller(i, ConnectionState.CONNECTED).left(Cause.NORMAL));
    tell(i, called(i, ConnectionState.CONNECTED).left(Cause.NORMAL));
  }

  /** Some sessions and some places in their list, anywhere. */
  private void choose() {
    Optional<String> after = Optional.empty();
    do {
      Page<Session> page = alone.core.sessions().list(query(Optional.empty(), after, 500));
      for (int i = 0; i < 5; i++) {
        sample.add(page.items().get(random.nextInt(page.items().size())).id());
      }
      after = page.next();
      after.ifPresent(cursors::add);
    } while (after.isPresent());
    // Behind the last one there may be less than a page.
    cursors.removeLast();
  }

  private static SessionQuery query(Optional<String> prefix, Optional<String> after, int limit) {
    return new SessionQuery(Optional.empty(), Optional.empty(), prefix, after, limit);
  }

  private Session lookUp() {
    return alone.core.sessions().find(sample.get(random.nextInt(sample.size()))).orElseThrow();
  }

  private void page(Optional<String> prefix) {
    Optional<String> after =
        prefix.isPresent()
            ? Optional.empty()
            : Optional.of(cursors.get(random.nextInt(cursors.size())));
    int found = alone.core.sessions().list(query(prefix, after, 50)).items().size();
    if (found < 50) {
      throw new IllegalStateException("a page of " + found);
    }
  }

  private void plan() {
    Session call = lookUp();
    alone.core.transfers().plan(CoreAlone.request(call, 1, random.nextBoolean()));
    alone.settle();
  }
}
