package org.jackfield.api.audit;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Where entries go. Any thread; {@code record} never blocks and never fails. */
@ConsumerType
public interface AuditLog {
  void record(AuditEntry entry);

  /** The newest entries, newest first, at most {@code limit}. */
  List<AuditEntry> latest(int limit);
}
