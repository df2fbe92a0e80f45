package org.jackfield.api.event;

import java.util.List;
import java.util.Optional;
import org.jackfield.api.rollout.DeployedBundle;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The log of all events, kept for about a minute. A reader has a cursor and no queue: a slow one
 * costs nothing, and one that is too slow is told to start again. The events of one session come in
 * the order in which they happened. Any thread; nothing blocks.
 */
@ProviderType
public interface EventLog {
  /** This start of the server; the first half of every ETag and position. */
  long epoch();

  /**
   * The place of the newest event. A snapshot that is read after this call contains all that was
   * told up to it.
   */
  Position latest();

  /**
   * The events after a place, oldest first, at most {@code max}.
   *
   * @return empty if the place is no longer, or never was, in the log: read a snapshot and go on
   *     from {@link #latest()}
   */
  Optional<List<Event>> after(Position place, int max);

  /** Tells how a driver's way in stands. For whoever brings it in. */
  void tell(DeployedBundle bundle);

  /**
   * Calls back when there are new events: soon after, on a thread of the log's, once for many. The
   * callback must not block.
   */
  Subscription onAppend(Runnable callback);

  /** An interest in new events. */
  @ProviderType
  interface Subscription extends AutoCloseable {
    /** No further call begins after this. Idempotent. */
    @Override
    void close();
  }
}
