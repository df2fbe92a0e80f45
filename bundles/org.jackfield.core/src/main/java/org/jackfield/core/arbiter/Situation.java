package org.jackfield.core.arbiter;

import java.util.Optional;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.session.Session;
import org.jackfield.api.transfer.TransferId;

/**
 * What is known when a transfer is asked for.
 *
 * @param session the call
 * @param capabilities what its PBX may ever do for the transferor's address
 * @param reachable whether the PBX can be reached now
 * @param open the transfer that the session has already
 * @param pending how many calls the transferor holds for a consultation now
 * @param onHold how many calls the transferor has on hard hold now
 * @param held the call that the request names as its target, if there is such a call
 */
public record Situation(
    Session session,
    Capabilities capabilities,
    boolean reachable,
    Optional<TransferId> open,
    int pending,
    int onHold,
    Optional<Held> held) {

  /**
   * A call that is held.
   *
   * @param session the call
   * @param open the transfer that it has already
   */
  public record Held(Session session, Optional<TransferId> open) {}

  /** A connected call at its simplest: nothing held, nothing under way. */
  public static Situation of(Session session, Capabilities capabilities) {
    return new Situation(session, capabilities, true, Optional.empty(), 0, 0, Optional.empty());
  }
}
