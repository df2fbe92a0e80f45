package org.jackfield.api.journal;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.Kinship;
import org.jackfield.api.session.OperationId;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferId;
import org.jackfield.api.transfer.TransferPlan;
import org.jackfield.api.transfer.TransferRequest;

/** What must outlive the process. */
public sealed interface JournalRecord {
  /**
   * A call of a PBX has this identity, also after a restart.
   *
   * @param started where it is in the order of starting; empty in what was written before that was
   *     kept
   */
  record CallBound(
      String provider,
      CallId call,
      SessionId session,
      ConversationId conversation,
      Optional<Started> started)
      implements JournalRecord {
    /**
     * When a session was first seen.
     *
     * @param place its place among all sessions, from 1: many start in one microsecond
     */
    public record Started(Instant at, long place) {}
  }

  /** A call is over; its identity need not be kept. */
  record CallEnded(String provider, CallId call) implements JournalRecord {}

  /** This command of a single operation that destroys something is about to be sent. */
  record OperationIntended(OperationId operation, String provider, Command command)
      implements JournalRecord {}

  /** Two sessions are of one conversation. */
  record SessionsRelated(Member from, Member into, Kinship.How how, Instant at)
      implements JournalRecord {
    /** A session, the conversation that it had, and since when that is known. */
    public record Member(SessionId session, ConversationId conversation, Instant since) {}
  }

  /**
   * A transfer was accepted and will have exactly one outcome.
   *
   * @param stands how things were when it was
   */
  record TransferAccepted(
      String provider, Transfer transfer, TransferRequest request, TransferStands stands)
      implements JournalRecord {}

  /**
   * How far a transfer is; the last one counts. What {@code phase} holds is the core's own.
   *
   * @param plan the plan that is followed now, where it is not the first one
   * @param owner who may take its steps
   * @param home the call in which the transferee is
   * @param away the call with the target, while it is another one
   * @param consultation the session of the call that was started, or taken, for it
   * @param target where it goes now
   * @param atHome who was in the home call
   * @param atAway who was in the other one
   * @param brought the connections that are known for what they are, by their part
   * @param phase the state of the machine; empty when it has not begun
   * @param acts what is to be asked of the PBX next, in the core's own words
   * @param until when the deadline that runs ends
   */
  record TransferStands(
      TransferId transfer,
      Optional<TransferPlan> plan,
      Requester owner,
      CallId home,
      Optional<CallId> away,
      Optional<SessionId> consultation,
      Optional<Address> target,
      List<Connection> atHome,
      List<Connection> atAway,
      Map<String, Set<ConnectionId>> brought,
      Map<String, String> phase,
      List<Map<String, String>> acts,
      Instant until)
      implements JournalRecord {}

  /**
   * This command is about to be sent for that transfer.
   *
   * @param act what the core wants by it, in the core's own words
   */
  record CommandIntended(
      TransferId transfer, String provider, Command command, Map<String, String> act)
      implements JournalRecord {}

  /** A command that was intended will not be sent: it became pointless first. */
  record CommandWithdrawn(TransferId transfer, CommandId command) implements JournalRecord {}

  /** A transfer has its outcome. */
  record TransferEnded(Transfer transfer) implements JournalRecord {}

  /**
   * A request with an idempotency key is about to be done. If nothing says how it was answered, it
   * may have been done or not, and is not done again.
   *
   * @param principal who asks
   * @param request a digest of the request, in hexadecimal digits
   * @param until when it may be forgotten
   */
  record RequestBegun(String principal, String key, String request, Instant until)
      implements JournalRecord {}

  /**
   * A request that carried an idempotency key had this answer.
   *
   * @param principal who asked
   * @param request a digest of the request, in hexadecimal digits
   * @param headers the answer's headers
   * @param until when it may be forgotten; at once, where asking again may have another answer
   */
  record RequestAnswered(
      String principal,
      String key,
      String request,
      int status,
      Map<String, String> headers,
      String body,
      Instant until)
      implements JournalRecord {}
}
