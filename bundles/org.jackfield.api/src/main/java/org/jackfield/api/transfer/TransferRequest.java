package org.jackfield.api.transfer;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.SessionId;

/**
 * "Move this call there." What is left empty is chosen by the policy.
 *
 * @param requester who asks
 * @param session the call
 * @param transferor the party that leaves; may be left out where only one may transfer
 * @param target where the others go
 * @param mode how
 * @param complete when a consultation is completed; else manual for a consultation, on answer for
 *     the others
 * @param release when a blind transfer lets the transferor go; else on answer where the driver can
 * @param completeAs what completion makes
 * @param needs what the requester cannot do without
 * @param timeouts the deadlines; what is left out, the policy's
 * @param recall the ladder for a transferee who cannot be delivered, first rung first, at most 8;
 *     else the policy's
 * @param ifRevision the session's revision that the requester saw, where it insists on it
 * @param reason why, in the requester's words; at most 256 characters, may be empty
 */
public record TransferRequest(
    Requester requester,
    SessionId session,
    Optional<ConnectionId> transferor,
    TransferTarget target,
    TransferMode mode,
    Optional<CompleteWhen> complete,
    Optional<ReleaseWhen> release,
    CompleteAs completeAs,
    Set<Need> needs,
    Timeouts.Asked timeouts,
    List<RecallRung> recall,
    OptionalLong ifRevision,
    String reason) {

  public TransferRequest {
    needs = Set.copyOf(needs);
    recall = List.copyOf(recall);
    if (recall.size() > 8) {
      throw new IllegalArgumentException("the recall ladder has at most 8 rungs");
    }
    if (reason.length() > 256) {
      throw new IllegalArgumentException("the reason has at most 256 characters");
    }
  }

  /** With all deadlines, or with none. */
  public TransferRequest(
      Requester requester,
      SessionId session,
      Optional<ConnectionId> transferor,
      TransferTarget target,
      TransferMode mode,
      Optional<CompleteWhen> complete,
      Optional<ReleaseWhen> release,
      CompleteAs completeAs,
      Set<Need> needs,
      Optional<Timeouts> timeouts,
      List<RecallRung> recall,
      OptionalLong ifRevision,
      String reason) {
    this(
        requester,
        session,
        transferor,
        target,
        mode,
        complete,
        release,
        completeAs,
        needs,
        new Timeouts.Asked(
            timeouts.map(Timeouts::answer),
            timeouts.map(Timeouts::complete),
            timeouts.map(Timeouts::recall)),
        recall,
        ifRevision,
        reason);
  }

  /** A request with everything else left to the policy. */
  public static TransferRequest of(
      Requester requester,
      SessionId session,
      Optional<ConnectionId> transferor,
      TransferTarget target,
      TransferMode mode) {
    return new TransferRequest(
        requester,
        session,
        transferor,
        target,
        mode,
        Optional.empty(),
        Optional.empty(),
        CompleteAs.TRANSFER,
        Set.of(),
        Timeouts.Asked.NONE,
        List.of(),
        OptionalLong.empty(),
        "");
  }
}
