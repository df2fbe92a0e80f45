package org.jackfield.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.consumer.RecordingStream;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.session.SessionQuery;

/**
 * How long everything stands still for the collector while many sessions live: each second one in a
 * hundred of them ends and another starts, a hundred transfers are made and a hundred pages are
 * asked for. The collector and its heap are the caller's choice.
 *
 * <p>Arguments: live sessions (1000000), seconds (60).
 */
public final class SessionPauses {
  private static final int SLICES_A_SECOND = 100;
  private static final int MOVED = 1_000;

  private final CoreAlone alone = new CoreAlone();
  private final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
  private long started;
  private long ended;
  private Duration behind = Duration.ZERO;

  private SessionPauses() {}

  public static void main(String[] arguments) {
    int sessions = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
    int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 60;
    new SessionPauses().measure(sessions, seconds);
  }

  private void measure(int sessions, int seconds) {
    alone.grow(MOVED);
    List<SessionId> moved = alone.all();
    while (started < sessions) {
      start();
    }
    System.gc();
    try (RecordingStream stream = new RecordingStream()) {
      stream.enable("jdk.GCPhasePause");
      stream.onEvent("jdk.GCPhasePause", pause -> pauses.add(pause.getDuration()));
      stream.startAsync();
      long begun = System.nanoTime();
      for (int slice = 0; slice < seconds * SLICES_A_SECOND; slice++) {
        churn(Math.max(1, sessions / 100 / SLICES_A_SECOND));
        alone.transfer(List.of(moved.get(slice % MOVED)));
        alone
            .core
            .sessions()
            .list(
                new SessionQuery(
                    Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), 50));
        untilNext(begun + (slice + 1) * (1_000_000_000L / SLICES_A_SECOND));
      }
      stream.stop();
    }
    alone.close();
    print(sessions, seconds);
  }

  private void churn(int howMany) {
    for (int i = 0; i < howMany; i++) {
      end();
      start();
    }
  }

  private void untilNext(long at) {
    long left = at - System.nanoTime();
    if (left < 0) {
      behind = behind.toNanos() < -left ? Duration.ofNanos(-left) : behind;
    }
    while (left > 0) {
      LockSupport.parkNanos(left);
      left = at - System.nanoTime();
    }
  }

  private void tell(long call, String party, String address, boolean left) {
    Connection connection =
        Connection.of(
            new ConnectionId(party + call), new Address(address), "", ConnectionState.CONNECTED);
    alone.pbx.tell(
        new ProviderEvent.ConnectionChanged(
            new CallId("p" + call), left ? connection.left(Cause.NORMAL) : connection));
    alone.settle();
    alone.readEvents();
  }

  private void both(long call, boolean left) {
    tell(call, "pj-", String.valueOf(1_000_000 + call % 9_000_000), left);
    tell(call, "tr-", "+4930" + (10_000_000 + call * 7_919 % 89_999_999), left);
  }

  private void start() {
    both(started++, false);
  }

  private void end() {
    both(ended++, true);
  }

  private void print(int sessions, int seconds) {
    long[] micros = pauses.stream().mapToLong(pause -> pause.toNanos() / 1_000).sorted().toArray();
    System.out.printf(
        "%,d live sessions, %d s, %,d ended and started: %d pauses, median %.1f ms, p99 %.1f ms,"
            + " longest %.1f ms, %.2f %% of the time; the work was at most %d ms late%n",
        sessions,
        seconds,
        ended,
        micros.length,
        at(micros, 0.5),
        at(micros, 0.99),
        at(micros, 1),
        Arrays.stream(micros).sum() / 1e4 / seconds,
        behind.toMillis());
  }

  private static double at(long[] sorted, double share) {
    int place = (int) Math.ceil(share * sorted.length) - 1;
    return sorted.length == 0 ? 0 : sorted[Math.max(0, place)] / 1e3;
  }
}
