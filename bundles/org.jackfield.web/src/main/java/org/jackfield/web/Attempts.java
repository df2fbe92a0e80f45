package org.jackfield.web;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** Counts failed log-ins for each remote address, so that nobody can try many. Any thread. */
final class Attempts {
  private static final int MOST = 20;
  private static final int ADDRESSES = 10_000;
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private record Failures(int count, Instant end) {}

  private final Map<String, Failures> failures =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
          return size() > ADDRESSES;
        }
      };
  private final InstantSource clock;

  Attempts(InstantSource clock) {
    this.clock = clock;
  }

  synchronized void check(String address) {
    Failures failed = failures.get(address);
    Instant now = clock.instant();
    if (failed != null && failed.count() >= MOST && now.isBefore(failed.end())) {
      throw Problem.of(ProblemType.TOO_MANY_REQUESTS, "Too many failed log-ins from this address.")
          .retryAfter(Duration.between(now, failed.end()))
          .refused();
    }
  }

  synchronized void failed(String address) {
    Instant now = clock.instant();
    failures.merge(
        address,
        new Failures(1, now.plus(WINDOW)),
        (old, one) -> now.isBefore(old.end()) ? new Failures(old.count() + 1, old.end()) : one);
  }
}
