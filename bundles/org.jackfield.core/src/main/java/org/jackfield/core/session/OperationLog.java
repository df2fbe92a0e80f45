package org.jackfield.core.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jackfield.api.session.OperationId;
import org.jackfield.api.session.OperationStatus;
import org.jackfield.core.run.Environment;
import org.jackfield.core.run.Recent;

/** Where single operations stand: those under way, and the ended ones of ten minutes. */
public final class OperationLog {
  private static final int ENDED = 10_000;
  private static final Duration KNOWN = Duration.ofMinutes(10);

  private final Environment environment;
  private final Map<OperationId, OperationStatus> pending = new ConcurrentHashMap<>();
  private final Recent<OperationId, Ended> ended = new Recent<>(ENDED);

  private record Ended(OperationStatus status, Instant at) {}

  public OperationLog(Environment environment) {
    this.environment = environment;
  }

  void put(OperationStatus status) {
    if (status.state() == OperationStatus.State.PENDING) {
      pending.put(status.id(), status);
    } else {
      ended.put(status.id(), new Ended(status, environment.now()));
      pending.remove(status.id());
    }
  }

  Optional<OperationStatus> find(OperationId id) {
    OperationStatus underWay = pending.get(id);
    if (underWay != null) {
      return Optional.of(underWay);
    }
    Instant limit = environment.now().minus(KNOWN);
    return ended.get(id).filter(e -> e.at.isAfter(limit)).map(Ended::status);
  }

  int pending() {
    return pending.size();
  }
}
