package org.jackfield.api.transfer;

import java.util.List;
import java.util.Optional;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Refusal;

/** The answer to a {@link TransferRequest} or a {@link TransferStep}. */
public sealed interface TransferReply {
  /** Taken on: the intent is durable and there will be exactly one outcome. */
  record Accepted(Transfer transfer) implements TransferReply {}

  /**
   * A typed no that changed nothing.
   *
   * @param refusal why
   * @param reasons the facts and rules that were looked at
   * @param rejected each plan with the first fact that ruled it out
   * @param candidates the parties that might be the transferor, where one must be named
   * @param existing the transfer that the session has already, where that is the reason
   */
  record Refused(
      Refusal refusal,
      List<TransferPlan.PlanReason> reasons,
      List<TransferPlan.Rejected> rejected,
      List<Party> candidates,
      Optional<TransferId> existing)
      implements TransferReply {
    public Refused {
      reasons = List.copyOf(reasons);
      rejected = List.copyOf(rejected);
      candidates = List.copyOf(candidates);
    }

    /** A no without more to say. */
    public static Refused of(Refusal refusal) {
      return new Refused(refusal, List.of(), List.of(), List.of(), Optional.empty());
    }
  }
}
