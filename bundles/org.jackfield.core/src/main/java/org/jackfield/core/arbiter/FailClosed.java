package org.jackfield.core.arbiter;

import java.util.Collection;
import java.util.Optional;
import org.jackfield.api.policy.DestinationGuard;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Refusal;
import org.jackfield.api.session.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The guards of other bundles, the first that refuses decides. One that breaks has not allowed
 * anything: a call to anywhere would cost more than a refusal.
 *
 * @param guards read at each request
 */
public record FailClosed(Collection<DestinationGuard> guards) implements DestinationGuard {
  private static final Logger LOG = LoggerFactory.getLogger(FailClosed.class);

  @Override
  public Optional<Refusal> judge(
      Requester requester, Session session, ConnectionId transferor, Address target) {
    for (DestinationGuard guard : guards) {
      try {
        Optional<Refusal> no = guard.judge(requester, session, transferor, target);
        if (no.isPresent()) {
          return no;
        }
      } catch (RuntimeException | LinkageError broken) {
        LOG.error("a guard of destinations broke; {} is refused", target, broken);
        return Optional.of(
            new Refusal(
                Reason.DESTINATION_BLOCKED,
                "a guard of destinations is broken, so that nothing may be dialled"));
      }
    }
    return Optional.empty();
  }
}
