package org.jackfield.api.transfer;

import org.jackfield.api.session.Address;
import org.jackfield.api.session.SessionId;

/** Where a transfer goes. */
public sealed interface TransferTarget {
  /** To an address that will be dialled. */
  record To(Address address) implements TransferTarget {}

  /** To the other party of a call that the transferor already holds. */
  record Held(SessionId session) implements TransferTarget {}
}
