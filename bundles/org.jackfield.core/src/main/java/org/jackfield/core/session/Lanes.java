package org.jackfield.core.session;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jackfield.api.journal.Remembered;
import org.jackfield.api.policy.DestinationGuard;

/** The lanes by the name of their PBX. Any thread. */
public final class Lanes {
  private final Map<String, Entry> lanes = new ConcurrentHashMap<>();
  private final Published out;
  private final OperationLog operations;
  private final Collection<DestinationGuard> guards;
  private final LaneWork more;
  private volatile Remembered remembered = new Remembered(Instant.EPOCH);

  /**
   * @param more what else works on each lane
   */
  public Lanes(
      Published out, OperationLog operations, Collection<DestinationGuard> guards, LaneWork more) {
    this.out = out;
    this.operations = operations;
    this.guards = guards;
    this.more = more;
  }

  /** A lane with what works on it. */
  record Entry(SessionLane lane, OperationDesk operations) {}

  /** What an earlier life of the server has left; before the first lane is made. */
  public void remember(Remembered left) {
    remembered = left;
    out.index().placesTaken(left.lastPlace());
  }

  /** Makes the lane of a PBX. */
  public SessionLane create(String provider, LaneListener listener) {
    SessionLane lane = new SessionLane(provider, out, listener);
    lane.calls().remember(remembered.takeCalls(provider));
    OperationDesk desk = new OperationDesk(lane, out, operations, guards);
    lane.calls().watch(desk);
    lane.calls().watch(more.open(lane));
    lanes.put(provider, new Entry(lane, desk));
    return lane;
  }

  /** A PBX is no longer configured. */
  public void remove(String provider) {
    lanes.remove(provider);
    more.gone(provider);
  }

  Optional<Entry> find(String provider) {
    return Optional.ofNullable(lanes.get(provider));
  }

  /** Whether no lane knows or waits for anything, for tests of residue. */
  public boolean areEmpty() {
    return lanes.values().stream().allMatch(e -> e.lane.isEmpty() && e.operations.isEmpty());
  }
}
