package org.jackfield.history;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.Closeable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database, by a pool. It may be away when this is opened and at any time later; each
 * connection that is asked for then fails within seconds.
 */
final class Database implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);

  private final Settings settings;
  private final HikariDataSource pool;

  Database(Settings settings) {
    this.settings = settings;
    HikariConfig config = new HikariConfig();
    config.setDataSource(Sources.plain(settings));
    config.setPoolName("jackfield-history");
    config.setMaximumPoolSize(settings.poolSize());
    config.setMinimumIdle(0);
    config.setIdleTimeout(60_000);
    config.setConnectionTimeout(Sources.CONNECT_SECONDS * 1_000L);
    config.setValidationTimeout(2_000);
    config.setInitializationFailTimeout(-1); // it may come later
    pool = new HikariDataSource(config);
  }

  Connection connection() throws SQLException {
    return pool.getConnection();
  }

  boolean postgresql() {
    return settings.postgresql();
  }

  String shown() {
    return settings.shown();
  }

  /** What was committed before this call outlives a power cut after it. */
  void sync() throws SQLException {
    if (!postgresql()) {
      try (Connection connection = connection()) {
        sync(connection);
      }
    }
  }

  /** The same, on this connection. */
  void sync(Connection connection) throws SQLException {
    if (!postgresql()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("CHECKPOINT SYNC");
      }
    }
  }

  @Override
  public void close() {
    pool.close();
    if (!postgresql()) {
      try (Connection connection = Sources.plain(settings).getConnection()) {
        Sources.shutDown(connection);
      } catch (SQLException e) {
        LOG.warn("the history's database was not closed in order: {}", e.getMessage());
      }
    }
  }
}
