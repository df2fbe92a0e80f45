package org.jackfield.history;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Brings the schema to this version: numbered scripts, each run once and in order, in one
 * transaction with its line in {@code history_schema}.
 */
final class Migrations {
  /** In order; the number is the place. A released script is never changed. */
  private static final List<String> SCRIPTS = List.of("V1__history_and_audit.sql");

  private Migrations() {}

  /**
   * @throws SQLException also if the database's schema is of a later version than this server's
   */
  static void run(Connection connection, boolean postgresql) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS history_schema (version INTEGER NOT NULL PRIMARY KEY,"
              + " script VARCHAR NOT NULL, applied_at TIMESTAMP(6) WITH TIME ZONE NOT NULL)");
      int version = version(connection);
      if (version > SCRIPTS.size()) {
        throw new SQLException(
            "the schema is of version " + version + ", this server knows " + SCRIPTS.size());
      }
      for (int next = version + 1; next <= SCRIPTS.size(); next++) {
        apply(connection, next, postgresql);
      }
    }
    connection.commit();
  }

  /** The schema's version; 0: none yet. */
  static int version(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT MAX(version) FROM history_schema")) {
      return row.next() ? row.getInt(1) : 0;
    }
  }

  private static void apply(Connection connection, int version, boolean postgresql)
      throws SQLException {
    String name = SCRIPTS.get(version - 1);
    String script =
        text(name)
            .replaceAll("(?m)^--.*$", "")
            .replace("${binary}", postgresql ? " COLLATE \"C\"" : "");
    try (Statement statement = connection.createStatement()) {
      for (String sql : script.split(";")) {
        if (!sql.isBlank()) {
          statement.execute(sql);
        }
      }
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO history_schema VALUES (?, ?, CURRENT_TIMESTAMP)")) {
      insert.setInt(1, version);
      insert.setString(2, name);
      insert.executeUpdate();
    }
  }

  private static String text(String name) throws SQLException {
    try (InputStream in = Migrations.class.getResourceAsStream("db/" + name)) {
      if (in == null) {
        throw new IOException(name + " is not in the bundle");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new SQLException("cannot read a migration", e);
    }
  }
}
