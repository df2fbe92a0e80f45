package org.jackfield.api.journal;

import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.OperationId;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferId;

/** What must outlive the process. */
public sealed interface JournalRecord {
  /** A call of a PBX has this identity, also after a restart. */
  record CallBound(String provider, CallId call, SessionId session, ConversationId conversation)
      implements JournalRecord {}

  /** A call is over; its identity need not be kept. */
  record CallEnded(String provider, CallId call) implements JournalRecord {}

  /** This command of a single operation that destroys something is about to be sent. */
  record OperationIntended(OperationId operation, String provider, Command command)
      implements JournalRecord {}

  /** A transfer was accepted and will have exactly one outcome. */
  record TransferAccepted(Transfer transfer) implements JournalRecord {}

  /** This command is about to be sent for that transfer. */
  record CommandIntended(TransferId transfer, String provider, Command command)
      implements JournalRecord {}

  /** A command that was intended will not be sent: it became pointless first. */
  record CommandWithdrawn(TransferId transfer, CommandId command) implements JournalRecord {}

  /** A transfer has its outcome. */
  record TransferEnded(Transfer transfer) implements JournalRecord {}
}
