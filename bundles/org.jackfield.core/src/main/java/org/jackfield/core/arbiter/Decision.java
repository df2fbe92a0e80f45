package org.jackfield.core.arbiter;

import org.jackfield.api.session.Party;
import org.jackfield.api.transfer.TransferPlan;
import org.jackfield.api.transfer.TransferReply;

/** The arbiter's answer. */
public sealed interface Decision {
  /** What will be done. */
  record Planned(TransferPlan plan, Party transferor, Party transferee) implements Decision {}

  record Refused(TransferReply.Refused reply) implements Decision {}
}
