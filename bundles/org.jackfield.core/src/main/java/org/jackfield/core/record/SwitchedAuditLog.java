package org.jackfield.core.record;

import java.util.List;
import org.jackfield.api.audit.AuditEntry;
import org.jackfield.api.audit.AuditLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The audit log that is there now: a service's, else our own. */
public final class SwitchedAuditLog implements AuditLog {
  private static final Logger LOG = LoggerFactory.getLogger(SwitchedAuditLog.class);

  private final AuditLog own;
  private volatile AuditLog current;

  public SwitchedAuditLog(AuditLog own) {
    this.own = own;
    this.current = own;
  }

  /** A better one has come. */
  public void use(AuditLog better) {
    current = better;
  }

  /** That one goes; another may have taken its place already. */
  public synchronized void leave(AuditLog gone) {
    if (current == gone) {
      current = own;
    }
  }

  @Override
  public void record(AuditEntry entry) {
    try {
      current.record(entry);
    } catch (RuntimeException | LinkageError broken) {
      // An entry is never lost, and whoever asked still gets an answer.
      LOG.error("the audit log did not take an entry; it is kept in memory", broken);
      own.record(entry);
    }
  }

  @Override
  public List<AuditEntry> latest(int limit) {
    return current.latest(limit);
  }
}
