package org.jackfield.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values into statements and out of rows, the same for every database. */
final class Sql {
  private Sql() {}

  static void set(PreparedStatement statement, @Nullable Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      if (value == null) {
        statement.setNull(i + 1, Types.NULL); // of whatever type the column has
      } else if (value instanceof Instant instant) {
        statement.setObject(i + 1, time(instant));
      } else if (value instanceof String text) {
        statement.setString(i + 1, Storable.text(text));
      } else {
        statement.setObject(i + 1, value);
      }
    }
  }

  static OffsetDateTime time(Instant instant) {
    return OffsetDateTime.ofInstant(Chain.kept(instant), ZoneOffset.UTC);
  }

  static Instant time(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  static @Nullable Instant timeOrNull(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  static int update(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      set(statement, values);
      return statement.executeUpdate();
    }
  }

  /** Statements that are prepared once and sent together, in the order of their first use. */
  static final class Batches implements AutoCloseable {
    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private final java.util.List<PreparedStatement> order = new java.util.ArrayList<>();

    Batches(Connection connection) {
      this.connection = connection;
    }

    void add(String sql, @Nullable Object... values) throws SQLException {
      PreparedStatement statement = statements.get(sql);
      if (statement == null) {
        statement = connection.prepareStatement(sql);
        statements.put(sql, statement);
        order.add(statement);
      }
      set(statement, values);
      statement.addBatch();
    }

    /** Sends what was added; each statement's batch after that of the one used before it. */
    void send() throws SQLException {
      for (PreparedStatement statement : order) {
        statement.executeBatch();
      }
    }

    @Override
    public void close() throws SQLException {
      for (PreparedStatement statement : order) {
        statement.close();
      }
    }
  }
}
