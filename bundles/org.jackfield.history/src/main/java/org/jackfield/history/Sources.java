package org.jackfield.history;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Connections without a pool and without a log: also for the operator's command. */
final class Sources {
  static final int CONNECT_SECONDS = 5;
  private static final int ANSWER_SECONDS = 20;

  private Sources() {}

  /** A source of single connections, made directly: no driver is looked up by name. */
  static DataSource plain(Settings settings) {
    if (settings.postgresql()) {
      PGSimpleDataSource source = new PGSimpleDataSource();
      source.setConnectTimeout(CONNECT_SECONDS);
      source.setSocketTimeout(ANSWER_SECONDS);
      source.setTcpKeepAlive(true);
      source.setReWriteBatchedInserts(true);
      source.setApplicationName("jackfield");
      source.setUrl(settings.url()); // what it says wins
      if (!settings.user().isEmpty()) {
        source.setUser(settings.user());
      }
      if (!settings.password().isEmpty()) {
        source.setPassword(settings.password());
      }
      return source;
    }
    JdbcDataSource source = new JdbcDataSource();
    // a commit is in the file when it returns; the last connection's end does not close the file
    source.setURL(
        settings.url()
            + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH"
            + ";WRITE_DELAY=0;DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=10000");
    source.setUser(settings.user());
    source.setPassword(settings.password());
    return source;
  }

  /** Closes the file of an embedded database. */
  static void shutDown(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SHUTDOWN");
    }
  }
}
