package org.jackfield.core.record;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jackfield.api.audit.AuditEntry;
import org.jackfield.api.audit.AuditLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The newest entries in memory, and each of them in the log. */
public final class MemoryAuditLog implements AuditLog {
  static final int CAPACITY = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger("org.jackfield.audit");

  private final Deque<AuditEntry> entries = new ArrayDeque<>();

  @Override
  public void record(AuditEntry entry) {
    synchronized (entries) {
      if (entries.size() == CAPACITY) {
        entries.removeLast();
      }
      entries.addFirst(entry);
    }
    LOG.info(
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
    List<AuditEntry> newest = new ArrayList<>();
    synchronized (entries) {
      for (AuditEntry entry : entries) {
        if (newest.size() >= limit) {
          break;
        }
        newest.add(entry);
      }
    }
    return newest;
  }
}
