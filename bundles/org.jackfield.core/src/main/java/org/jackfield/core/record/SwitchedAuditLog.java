package org.jackfield.core.record;

import java.util.List;
import org.jackfield.api.audit.AuditEntry;
import org.jackfield.api.audit.AuditLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit log that is there now: a service's, else our own, which hands over what it has as soon
 * as a service comes. Whoever keeps it, each entry is a line of the server's log.
 */
public final class SwitchedAuditLog implements AuditLog {
  private static final Logger LOG = LoggerFactory.getLogger(SwitchedAuditLog.class);
  private static final Logger LINES = LoggerFactory.getLogger("org.jackfield.audit");

  private final MemoryAuditLog own;
  private volatile AuditLog current;

  public SwitchedAuditLog(MemoryAuditLog own) {
    this.own = own;
    this.current = own;
  }

  /** A better one has come: it gets what was recorded while there was none. */
  public synchronized void use(AuditLog better) {
    current = better;
    if (better != own) {
      own.takeAll().forEach(entry -> give(better, entry));
    }
  }

  /** That one goes; another may have taken its place already. */
  public synchronized void leave(AuditLog gone) {
    if (current == gone) {
      current = own;
    }
  }

  @Override
  public void record(AuditEntry entry) {
    log(entry);
    AuditLog to = current;
    if (to == own) {
      recordHere(entry);
    } else {
      give(to, entry);
    }
  }

  private synchronized void recordHere(AuditEntry entry) {
    give(current, entry); // a better one may just have come
  }

  private void give(AuditLog to, AuditEntry entry) {
    try {
      to.record(entry);
    } catch (RuntimeException | LinkageError broken) {
      // An entry is never lost, and whoever asked still gets an answer.
      LOG.error("the audit log did not take an entry; it is kept in memory", broken);
      own.record(entry);
    }
  }

  private static void log(AuditEntry entry) {
    LINES.info(
        "{} via {} {}: {} {} {} {}",
        oneLine(entry.requester().principal()),
        entry.requester().via(),
        oneLine(entry.requester().origin()),
        entry.action(),
        oneLine(entry.subject()),
        entry.result(),
        oneLine(entry.detail()));
  }

  /** What a caller wrote must not look like a line of the log's own. */
  private static String oneLine(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return text.replaceAll("\\p{Cntrl}", "?");
      }
    }
    return text;
  }

  @Override
  public List<AuditEntry> latest(int limit) {
    return current.latest(limit);
  }
}
