package org.jackfield.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Optional;

/** The one row of the chain's ends. */
record ChainEnds(String chain, Witness.Head head, Witness.Head anchor) {
  /** What the entry is called that tells of removed rows. */
  static final String RETENTION = "audit.retention";

  /** What the entry is called that tells of a chain found with another end than it was left. */
  static final String OTHER_END = "audit.end";

  static final String COLUMNS =
      "number, entry, at, principal, via, origin, action, subject, result, detail, previous_hash,"
          + " hash";

  static Optional<ChainEnds> read(Connection connection, boolean toWrite) throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement(
                "SELECT chain, head_row, head_hash, anchor_row, anchor_hash"
                    + " FROM history_audit_chain"
                    + (toWrite ? " FOR UPDATE" : ""));
        ResultSet row = select.executeQuery()) {
      return row.next()
          ? Optional.of(
              new ChainEnds(
                  row.getString(1),
                  new Witness.Head(row.getLong(2), row.getString(3)),
                  new Witness.Head(row.getLong(4), row.getString(5))))
          : Optional.empty();
    }
  }

  static Chain.Row row(ResultSet row) throws SQLException {
    return new Chain.Row(
        row.getLong(1),
        row.getString(2),
        row.getObject(3, OffsetDateTime.class),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getString(7),
        row.getString(8),
        row.getString(9),
        row.getString(10),
        row.getString(11),
        row.getString(12));
  }
}
