package org.jackfield.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.audit.AuditEntry;
import org.jackfield.api.audit.AuditQuery;
import org.jackfield.api.audit.AuditRow;
import org.jackfield.api.audit.AuditTrail;
import org.jackfield.api.audit.AuditVerification;
import org.jackfield.api.history.HistoryReply;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Page;
import org.junit.jupiter.api.Test;

/** The audit in the shell. */
class AuditCommandsTest {
  private static AuditTrail trail(AuditVerification verified, boolean away) {
    return new AuditTrail() {
      @Override
      public CompletionStage<HistoryReply<Page<AuditRow>>> rows(AuditQuery query) {
        AuditEntry entry =
            new AuditEntry(
                Instant.EPOCH,
                new Requester("anna", "rest", ""),
                "hold",
                "session/1",
                "accepted",
                "\u001b[2J");
        return reply(new Page<>(List.of(new AuditRow(7, entry, "ab")), Optional.empty()));
      }

      @Override
      public CompletionStage<HistoryReply<AuditVerification>> verify() {
        return reply(verified);
      }

      private <T> CompletionStage<HistoryReply<T>> reply(T value) {
        return CompletableFuture.completedFuture(
            away ? new HistoryReply.Away<>("no route") : new HistoryReply.Found<>(value));
      }
    };
  }

  private static final AuditVerification INTACT =
      new AuditVerification(true, 7, OptionalLong.empty(), "7 rows are as they were written");

  @Test
  void theNewestEntriesAreShownAndDoNotSteerTheTerminal() throws Exception {
    String shown = new AuditCommands(trail(INTACT, false)).audit();
    assertThat(shown).contains("anna").contains("session/1").contains("?[2J");
  }

  @Test
  void theChainIsVerified() throws Exception {
    assertThat(new AuditCommands(trail(INTACT, false)).audit("verify"))
        .isEqualTo("intact: 7 rows are as they were written");
    AuditVerification broken =
        new AuditVerification(false, 2, OptionalLong.of(3), "row 3 is missing");
    assertThatThrownBy(() -> new AuditCommands(trail(broken, false)).audit("verify"))
        .isInstanceOf(Refused.class)
        .hasMessage("NOT intact: row 3: row 3 is missing");
    assertThatThrownBy(() -> new AuditCommands(trail(INTACT, true)).audit("verify"))
        .hasMessageContaining("no route");
    assertThatThrownBy(() -> new AuditCommands(trail(INTACT, false)).audit("x"))
        .hasMessageContaining("verify");
  }
}
