package org.jackfield.api.transfer;

import java.util.Optional;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Address;

/** A step that a person takes in a transfer under way. */
public sealed interface TransferStep {
  Requester requester();

  TransferId transfer();

  /** Dial; without an address, the target of the request. */
  record Dial(Requester requester, TransferId transfer, Optional<Address> to)
      implements TransferStep {}

  record Alternate(Requester requester, TransferId transfer) implements TransferStep {}

  /** Complete; without a word, as the request said. */
  record Complete(Requester requester, TransferId transfer, Optional<CompleteAs> as)
      implements TransferStep {}

  record Cancel(Requester requester, TransferId transfer) implements TransferStep {}
}
