package org.jackfield.api.transfer;

import java.util.Optional;
import java.util.OptionalLong;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Address;

/**
 * A step that a person takes in a transfer under way. Only its owner may, the principal who asked
 * for the transfer or has taken it over: TAPI's owner of a call.
 */
public sealed interface TransferStep {
  Requester requester();

  TransferId transfer();

  /** The transfer's revision that the requester saw, where it insists on it. */
  OptionalLong ifRevision();

  /** Dial; without an address, the target of the request. */
  record Dial(
      Requester requester, TransferId transfer, OptionalLong ifRevision, Optional<Address> to)
      implements TransferStep {
    public Dial(Requester requester, TransferId transfer, Optional<Address> to) {
      this(requester, transfer, OptionalLong.empty(), to);
    }
  }

  record Alternate(Requester requester, TransferId transfer, OptionalLong ifRevision)
      implements TransferStep {
    public Alternate(Requester requester, TransferId transfer) {
      this(requester, transfer, OptionalLong.empty());
    }
  }

  /** Complete; without a word, as the request said. */
  record Complete(
      Requester requester, TransferId transfer, OptionalLong ifRevision, Optional<CompleteAs> as)
      implements TransferStep {
    public Complete(Requester requester, TransferId transfer, Optional<CompleteAs> as) {
      this(requester, transfer, OptionalLong.empty(), as);
    }
  }

  record Cancel(Requester requester, TransferId transfer, OptionalLong ifRevision)
      implements TransferStep {
    public Cancel(Requester requester, TransferId transfer) {
      this(requester, transfer, OptionalLong.empty());
    }
  }

  /**
   * Become the owner of somebody else's transfer. At the PBX nothing happens.
   *
   * @param reason why, in the requester's words, 1 to 256 characters; for the audit and the one who
   *     owned it
   */
  record TakeOver(Requester requester, TransferId transfer, OptionalLong ifRevision, String reason)
      implements TransferStep {
    public TakeOver {
      if (reason.isBlank() || reason.length() > 256) {
        throw new IllegalArgumentException("the reason has 1 to 256 characters");
      }
    }
  }
}
