package org.jackfield.api.policy;

import java.util.Optional;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.Refusal;
import org.jackfield.api.session.Session;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Judges where a call may go, before any plan is made. Pure and quick: it runs on the lane of the
 * session.
 */
@ConsumerType
public interface DestinationGuard {
  /**
   * @return why the transferor must not send this session there, or empty if it may
   */
  Optional<Refusal> judge(
      Requester requester, Session session, ConnectionId transferor, Address target);
}
