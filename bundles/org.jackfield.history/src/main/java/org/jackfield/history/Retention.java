package org.jackfield.history;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what is older than it is to be kept, a little at a time. */
final class Retention {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
  private static final String SOME = " FETCH FIRST 2000 ROWS ONLY)";

  /** Each removes some of the rows that are older; what is still live stays. */
  private static final List<String> STATEMENTS =
      List.of(
          "DELETE FROM history_event WHERE (epoch, sequence) IN (SELECT epoch, sequence FROM"
              + " history_event WHERE at < ?"
              + SOME,
          "DELETE FROM history_transfer WHERE id IN (SELECT id FROM history_transfer"
              + " WHERE accepted_at < ? AND state <> 'open' AND COALESCE(ended_at, accepted_at) < ?"
              + SOME,
          "DELETE FROM history_session WHERE id IN (SELECT id FROM history_session"
              + " WHERE started_at < ? AND state <> 'live' AND COALESCE(ended_at, started_at) < ?"
              + SOME);

  private final Duration kept;
  private final Duration auditKept;

  /** Zero: for ever. */
  Retention(Duration kept, Duration auditKept) {
    this.kept = kept;
    this.auditKept = auditKept;
  }

  /** An old entry that is given again must not come back. */
  boolean expired(Item.Audited entry, Instant now) {
    return !auditKept.isZero() && entry.at().isBefore(now.minus(auditKept));
  }

  void run(Database database, AuditTable audit, Instant now) throws SQLException, IOException {
    try (Connection connection = database.connection()) {
      if (!kept.isZero()) {
        long removed = history(connection, now.minus(kept));
        if (removed > 0) {
          LOG.info("{} rows of the history were older than {} days", removed, kept.toDays());
        }
      }
      if (!auditKept.isZero()) {
        audit(database, connection, audit, now);
      }
    }
  }

  private static long history(Connection connection, Instant before) throws SQLException {
    connection.setAutoCommit(true);
    long removed = 0;
    for (String sql : STATEMENTS) {
      boolean two = sql.indexOf('?') != sql.lastIndexOf('?');
      int some;
      do {
        some =
            two ? Sql.update(connection, sql, before, before) : Sql.update(connection, sql, before);
        removed += some;
      } while (some > 0);
    }
    Sql.update(
        connection,
        "DELETE FROM history_conversation c WHERE NOT EXISTS"
            + " (SELECT 1 FROM history_session s WHERE s.conversation = c.present_id)");
    return removed;
  }

  private void audit(Database database, Connection connection, AuditTable audit, Instant now)
      throws SQLException, IOException {
    connection.setAutoCommit(false);
    try {
      long removed = audit.expire(connection, now.minus(auditKept), now);
      connection.commit();
      database.sync(connection);
      audit.committed();
      if (removed > 0) {
        LOG.info("{} audit entries were older than {} days", removed, auditKept.toDays());
      }
    } catch (SQLException | IOException | RuntimeException e) {
      Writer.rollBack(connection, e);
      throw e;
    }
  }
}
