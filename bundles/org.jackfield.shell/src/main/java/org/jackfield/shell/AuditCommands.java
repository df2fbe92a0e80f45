package org.jackfield.shell;

import org.apache.felix.service.command.Descriptor;
import org.jackfield.api.audit.AuditEntry;
import org.jackfield.api.audit.AuditQuery;
import org.jackfield.api.audit.AuditRow;
import org.jackfield.api.audit.AuditTrail;
import org.jackfield.api.audit.AuditVerification;
import org.jackfield.api.history.HistoryReply;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The shell's command for the audit. */
@Component(
    service = AuditCommands.class,
    property = {"osgi.command.scope=jackfield", "osgi.command.function=audit"})
public final class AuditCommands {
  private static final int SHOWN = 20;

  private final AuditTrail trail;

  @Activate
  public AuditCommands(@Reference AuditTrail trail) {
    this.trail = trail;
  }

  @Descriptor("the newest entries of the audit, newest first")
  public String audit() throws Exception {
    Text table = new Text("ROW", "AT", "WHO", "VIA", "ACTION", "SUBJECT", "RESULT", "DETAIL");
    for (AuditRow row : found(Answers.await(trail.rows(AuditQuery.all(SHOWN)))).items()) {
      AuditEntry entry = row.entry();
      table.row(
          Long.toString(row.row()),
          entry.at().toString(),
          entry.requester().principal(),
          entry.requester().via(),
          entry.action(),
          entry.subject(),
          entry.result(),
          entry.detail());
    }
    return table.toString();
  }

  @Descriptor("audit verify: whether the audit is as it was written")
  public String audit(String what) throws Exception {
    if (!what.equals("verify")) {
      throw new Refused("audit knows only verify");
    }
    AuditVerification verified = found(Answers.await(trail.verify()));
    if (!verified.intact()) {
      throw new Refused(
          "NOT intact: row " + verified.badRow().orElse(0) + ": " + Text.plain(verified.text()));
    }
    return "intact: " + verified.text();
  }

  private static <T> T found(HistoryReply<T> reply) throws Refused {
    return switch (reply) {
      case HistoryReply.Found<T> found -> found.value();
      case HistoryReply.Away<T> away ->
          throw new Refused("the audit cannot be read now: " + Text.plain(away.why()));
    };
  }
}
