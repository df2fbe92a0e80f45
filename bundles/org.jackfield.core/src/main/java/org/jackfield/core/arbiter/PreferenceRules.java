package org.jackfield.core.arbiter;

import org.jackfield.api.session.Address;
import org.jackfield.api.session.Session;
import org.jackfield.api.transfer.TransferRequest;

/** The policy as the arbiter asks it: pure and quick, as it runs on the lane of the session. */
@FunctionalInterface
public interface PreferenceRules {
  /** The shipped preferences for everybody. */
  PreferenceRules SHIPPED = (request, session, transferor) -> Preferences.SHIPPED;

  /**
   * What holds for a request.
   *
   * @param transferor the address of the party that leaves
   */
  Preferences of(TransferRequest request, Session session, Address transferor);
}
