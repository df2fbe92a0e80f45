package org.jackfield.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A SELECT put together from what is asked for. */
final class Query {
  /** Turns a row into what it stands for. */
  interface OfRow<T> {
    T of(ResultSet row) throws SQLException;
  }

  private final StringBuilder sql;
  private final List<@Nullable Object> values = new ArrayList<>();
  private boolean first = true;

  Query(String select) {
    sql = new StringBuilder(select);
  }

  Query and(String condition, Object... its) {
    sql.append(first ? " WHERE " : " AND ").append('(').append(condition).append(')');
    first = false;
    values.addAll(List.of(its));
    return this;
  }

  /** One of these, of which there is at least one. */
  Query in(String column, Collection<String> its) {
    return and(column + " IN (?" + ", ?".repeat(its.size() - 1) + ")", its.toArray());
  }

  Query equal(String column, Optional<?> value) {
    value.ifPresent(v -> and(column + " = ?", v.toString()));
    return this;
  }

  /** From then on, and before. */
  Query between(String column, Optional<Instant> from, Optional<Instant> to) {
    from.ifPresent(t -> and(column + " >= ?", t));
    to.ifPresent(t -> and(column + " < ?", t));
    return this;
  }

  /** What comes behind a place, newest first. */
  Query before(String column, Cursor place) {
    return and(
        column + " <= ? AND (" + column + " < ? OR id < ?)", place.at(), place.at(), place.id());
  }

  Query then(String rest) {
    sql.append(rest);
    return this;
  }

  <T> List<T> list(Connection connection, OfRow<T> of) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
      Sql.set(statement, values.toArray());
      List<T> items = new ArrayList<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          items.add(of.of(row));
        }
      }
      return items;
    }
  }

  /** How the database would go about it, for the tests of the indexes. */
  List<String> explained(Connection connection) throws SQLException {
    Query explain = new Query("EXPLAIN " + sql);
    explain.values.addAll(values);
    return explain.list(connection, row -> row.getString(1));
  }
}
