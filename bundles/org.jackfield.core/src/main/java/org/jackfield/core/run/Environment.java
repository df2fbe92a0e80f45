package org.jackfield.core.run;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executor;

/**
 * All that the core has of the world beside its PBXs. With a virtual clock, its timers and a queue
 * for an executor the whole core runs on one thread.
 *
 * @param clock the time
 * @param timers run things later
 * @param pool for what never blocks: lanes, the teller
 * @param blocking for what may: drivers, probes, whoever waits for a reply
 * @param ids ids of sessions, transfers, commands
 */
public record Environment(
    InstantSource clock, Timers timers, Executor pool, Executor blocking, IdSource ids) {
  /** The time to the microsecond, as all snapshots and events have it. */
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
