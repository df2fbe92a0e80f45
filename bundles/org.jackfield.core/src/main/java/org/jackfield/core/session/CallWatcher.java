package org.jackfield.core.session;

import org.jackfield.api.provider.CommandId;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;

/** Follows what happens to the calls of one lane; called on the lane, after it was applied. */
public interface CallWatcher {
  /** A connection is new, has changed or has left; one that left is no longer in the session. */
  default void connectionChanged(LiveSession session, Connection now) {}

  /** The parties of a session are in another one now, and the first is over. */
  default void merged(LiveSession from, LiveSession into) {}

  /** A session is over, and not because it was merged. */
  default void ended(LiveSession session, Cause cause) {}

  /** A command that was accepted has failed. */
  default void commandFailed(CommandId command, Cause cause) {}

  /**
   * A picture of the PBX that was asked for has been applied.
   *
   * @param ticket the newest {@link SessionLane#askForSnapshot()} that it answers
   */
  default void snapshotTaken(long ticket) {}

  /** The PBX cannot be reached; what is known is the last that was known. */
  default void linkLost(Cause cause) {}

  /** The PBX can be reached again; its picture has been asked for. */
  default void linkUp() {}

  /** Nobody has come back to tell how the calls are: they are about to be ended as unknown. */
  default void givenUp() {}

  /** A fact, a request or a signal has been handled, whole. */
  default void settle() {}
}
