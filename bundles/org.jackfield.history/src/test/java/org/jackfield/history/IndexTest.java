package org.jackfield.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jackfield.api.audit.AuditQuery;
import org.jackfield.api.history.SessionHistoryQuery;
import org.jackfield.api.history.SessionRecord;
import org.jackfield.api.history.TransferHistoryQuery;
import org.jackfield.api.history.TransferRecord;
import org.jackfield.api.session.SessionId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * With many rows each filter of a search is answered from its index, by the database's own word;
 * and what is older than it is to be kept goes, but for what still lives.
 */
@ParameterizedClass
@MethodSource("databases")
class IndexTest {
  private static final int ROWS = 4_000;

  private final Databases kind;
  @TempDir Path folder;
  private Database database;
  private Queries queries;
  private Connection connection;

  IndexTest(Databases kind) {
    this.kind = kind;
  }

  static List<Databases> databases() {
    return Databases.here();
  }

  @BeforeEach
  void fill() throws Exception {
    database = new Database(kind.fresh(folder));
    queries = new Queries(database.postgresql());
    connection = database.connection();
    Migrations.run(connection, database.postgresql());
    connection.setAutoCommit(true);
    String series = database.postgresql() ? "generate_series" : "SYSTEM_RANGE";
    String rows = " FROM " + series + "(1, " + ROWS + ") AS s(x)";
    String at =
        "CAST('2026-01-01 00:00:00+00' AS TIMESTAMP WITH TIME ZONE) + x * INTERVAL '1' MINUTE";
    update(
        "INSERT INTO history_session SELECT 's' || x, 'p' || MOD(x, 50), 'k' || x,"
            + " CASE WHEN MOD(x, 200) = 0 THEN 'live' ELSE 'ended' END, "
            + at
            + ", NULL, NULL, NULL, NULL, NULL, 1, x"
            + rows);
    update(
        "INSERT INTO history_party SELECT 's' || x, 'c', 0, 'a' || x, 'a' || x, 'n' || x, 'n' || x,"
            + " 'caller', "
            + at
            + ", NULL, 1, x"
            + rows);
    update(
        "INSERT INTO history_event SELECT 1, x, "
            + at
            + ", 'session.started', 's' || x, NULL, 'p', 'told'"
            + rows);
    update(
        "INSERT INTO history_transfer SELECT 't' || x, 's' || x, 'k' || x,"
            + " CASE WHEN MOD(x, 200) = 0 THEN 'open' ELSE 'ended' END,"
            + " CASE WHEN MOD(x, 200) = 1 THEN 'failed' ELSE 'completed' END,"
            + " 'u' || MOD(x, 50), 'a' || x, 'b' || x, 'd' || x, "
            + at
            + ", NULL, '', 1, x"
            + rows);
    update(
        "INSERT INTO history_audit SELECT x, 'e' || x, "
            + at
            + ", 'u' || MOD(x, 2000), 'rest', '', 'act' || MOD(x, 2000), 'session/' || x,"
            + " CASE WHEN MOD(x, 200) = 0 THEN 'not-permitted-now' ELSE 'accepted' END,"
            + " '', '', ''"
            + rows);
    update("ANALYZE");
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
    database.close();
  }

  private void update(String sql) throws SQLException {
    Sql.update(connection, sql);
  }

  private void answeredFrom(String index, Query query) throws SQLException {
    String plan = String.join("\n", query.explained(connection)).toLowerCase(Locale.ROOT);
    assertThat(plan).as("%s, %s", kind, index).contains(index);
    assertThat(plan)
        .as("%s, %s", kind, index)
        .doesNotContain("seq scan")
        .doesNotContain("tablescan");
  }

  private static SessionHistoryQuery sessions(
      String provider, SessionRecord.State state, String prefix, Instant from) {
    return new SessionHistoryQuery(
        Optional.ofNullable(provider),
        Optional.ofNullable(state),
        Optional.empty(),
        Optional.ofNullable(prefix),
        Optional.ofNullable(from),
        Optional.ofNullable(from).map(t -> t.plus(Duration.ofHours(1))),
        Optional.empty(),
        20);
  }

  @Test
  void sessions() throws Exception {
    Optional<String> none = Optional.empty();
    Instant day = Instant.parse("2026-01-02T00:00:00Z");
    answeredFrom(
        "history_session_started", queries.sessions(sessions(null, null, null, day), none));
    answeredFrom(
        "history_session_provider", queries.sessions(sessions("p7", null, null, null), none));
    answeredFrom(
        "history_session_state",
        queries.sessions(sessions(null, SessionRecord.State.LIVE, null, null), none));
    answeredFrom(
        "history_session_conversation",
        queries.sessions(sessions(null, null, null, null), Optional.of("k77")));
    answeredFrom(
        "history_party_address", queries.sessions(sessions(null, null, "a777", null), none));
    answeredFrom("history_party_name", queries.sessions(sessions(null, null, "n777", null), none));
  }

  private static TransferHistoryQuery transfers(
      TransferRecord.State state, String outcome, SessionId session, String who, String prefix) {
    return new TransferHistoryQuery(
        Optional.ofNullable(state),
        Optional.ofNullable(outcome),
        Optional.ofNullable(session),
        Optional.empty(),
        Optional.ofNullable(who),
        Optional.ofNullable(prefix),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        20);
  }

  @Test
  void transfers() throws Exception {
    Optional<String> none = Optional.empty();
    TransferHistoryQuery all = transfers(null, null, null, null, null);
    answeredFrom(
        "history_transfer_accepted",
        queries.transfers(
            new TransferHistoryQuery(
                all.state(),
                all.outcome(),
                all.session(),
                all.conversation(),
                all.principal(),
                all.prefix(),
                Optional.of(Instant.parse("2026-01-02T00:00:00Z")),
                Optional.of(Instant.parse("2026-01-02T01:00:00Z")),
                all.after(),
                20),
            none));
    answeredFrom(
        "history_transfer_state",
        queries.transfers(transfers(TransferRecord.State.OPEN, null, null, null, null), none));
    answeredFrom(
        "history_transfer_outcome",
        queries.transfers(transfers(null, "failed", null, null, null), none));
    answeredFrom(
        "history_transfer_session",
        queries.transfers(transfers(null, null, new SessionId(7), null, null), none));
    answeredFrom("history_transfer_conversation", queries.transfers(all, Optional.of("k77")));
    answeredFrom(
        "history_transfer_principal",
        queries.transfers(transfers(null, null, null, "u7", null), none));
    for (String side : List.of("transferor", "transferee", "target")) {
      answeredFrom(
          "history_transfer_" + side,
          queries.transfers(transfers(null, null, null, null, "a777"), none));
    }
  }

  private static AuditQuery audit(
      String principal, String action, String subject, String result, Instant from) {
    return new AuditQuery(
        Optional.ofNullable(principal),
        Optional.ofNullable(action),
        Optional.ofNullable(subject),
        Optional.ofNullable(result),
        Optional.ofNullable(from),
        Optional.ofNullable(from).map(t -> t.plus(Duration.ofHours(1))),
        Optional.empty(),
        20);
  }

  @Test
  void auditEntries() throws Exception {
    answeredFrom("history_audit_principal", queries.audit(audit("u7", null, null, null, null)));
    answeredFrom("history_audit_action", queries.audit(audit(null, "act7", null, null, null)));
    answeredFrom(
        "history_audit_subject", queries.audit(audit(null, null, "session/7", null, null)));
    answeredFrom(
        "history_audit_result", queries.audit(audit(null, null, null, "not-permitted-now", null)));
    answeredFrom(
        "history_audit_at",
        queries.audit(audit(null, null, null, null, Instant.parse("2026-01-02T00:00:00Z"))));
  }

  private long count(String table) throws SQLException {
    return new Query("SELECT COUNT(*) FROM " + table)
        .list(connection, row -> row.getLong(1))
        .getFirst();
  }

  /** The rows are a minute apart: all but the newest thousand are too old. */
  @Test
  void whatIsTooOldGoesAndWhatLivesStays() throws Exception {
    Instant now = Instant.parse("2026-01-01T00:00:00Z").plus(Duration.ofMinutes(ROWS));
    AuditTable audit = new AuditTable(new Witness(folder));

    new Retention(Duration.ofMinutes(999), Duration.ZERO).run(database, audit, now);

    assertThat(count("history_event")).isEqualTo(1_000);
    assertThat(count("history_session")).isEqualTo(1_000 + (ROWS - 1_000) / 200);
    assertThat(count("history_party")).isEqualTo(count("history_session"));
    assertThat(count("history_transfer")).isEqualTo(1_000 + (ROWS - 1_000) / 200);
    assertThat(count("history_audit")).as("kept for ever").isEqualTo(ROWS);
  }
}
