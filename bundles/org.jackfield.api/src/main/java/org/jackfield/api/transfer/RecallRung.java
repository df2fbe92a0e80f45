package org.jackfield.api.transfer;

import org.jackfield.api.session.Address;

/** One rung of the ladder by which a transferee who cannot be delivered is brought to somebody. */
public sealed interface RecallRung {
  /** Back to the transferor, whose phone is rung again if it has hung up. */
  record ToTransferor() implements RecallRung {}

  /** To another address. */
  record ToAddress(Address address) implements RecallRung {}

  /** Into a parking place. */
  record ToPark(Address place) implements RecallRung {}
}
