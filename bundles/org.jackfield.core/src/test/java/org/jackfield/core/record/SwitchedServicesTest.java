package org.jackfield.core.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.jackfield.api.audit.AuditEntry;
import org.jackfield.api.audit.AuditLog;
import org.jackfield.api.security.Requester;
import org.junit.jupiter.api.Test;

/** An audit service that comes, goes, and breaks when it is asked. */
class SwitchedServicesTest {
  @Test
  void anEntryThatAnAuditLogDoesNotTakeIsKept() {
    // given
    MemoryAuditLog own = new MemoryAuditLog();
    SwitchedAuditLog audit = new SwitchedAuditLog(own);
    audit.use(
        new AuditLog() {
          @Override
          public void record(AuditEntry entry) {
            throw new IllegalStateException("its disk is full");
          }

          @Override
          public List<AuditEntry> latest(int limit) {
            return List.of();
          }
        });
    AuditEntry entry =
        new AuditEntry(
            Instant.EPOCH, new Requester("alice", "rest", "::1"), "hold", "session/1", "ok", "");

    // when
    audit.record(entry);

    // then
    assertThat(own.latest(1)).containsExactly(entry);
  }

  @Test
  void whatWasRecordedBeforeAnAuditLogCameIsHandedOverInOrderOnce() {
    // given
    SwitchedAuditLog audit = new SwitchedAuditLog(new MemoryAuditLog());
    MemoryAuditLog service = new MemoryAuditLog();
    AuditEntry first = entry("session/1");
    AuditEntry second = entry("session/2");
    AuditEntry third = entry("session/3");
    audit.record(first);
    audit.record(second);

    // when
    audit.use(service);
    audit.record(third);
    audit.leave(service);
    audit.use(service);

    // then
    assertThat(service.latest(9)).containsExactly(third, second, first);
  }

  private static AuditEntry entry(String subject) {
    return new AuditEntry(
        Instant.EPOCH, new Requester("alice", "rest", "::1"), "hold", subject, "ok", "");
  }
}
