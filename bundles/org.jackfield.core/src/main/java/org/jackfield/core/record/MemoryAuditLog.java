package org.jackfield.core.record;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jackfield.api.audit.AuditEntry;
import org.jackfield.api.audit.AuditLog;

/** The newest entries in memory. */
public final class MemoryAuditLog implements AuditLog {
  static final int CAPACITY = 10_000;

  private final Deque<AuditEntry> entries = new ArrayDeque<>();

  @Override
  public void record(AuditEntry entry) {
    synchronized (entries) {
      if (entries.size() == CAPACITY) {
        entries.removeLast();
      }
      entries.addFirst(entry);
    }
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

  /** All entries, oldest first; they are no longer here. */
  List<AuditEntry> takeAll() {
    synchronized (entries) {
      List<AuditEntry> all = List.copyOf(entries).reversed();
      entries.clear();
      return all;
    }
  }
}
