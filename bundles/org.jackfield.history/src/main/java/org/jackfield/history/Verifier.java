package org.jackfield.history;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.OptionalLong;
import org.jackfield.api.audit.AuditVerification;
import org.jspecify.annotations.Nullable;

/** Reads the audit's whole chain and says whether it is as it was written. */
final class Verifier {
  private static final int AT_ONCE = 1_000;

  private final Connection connection;
  private final ChainEnds ends;
  private final Optional<Witness.Ends> said;
  private Witness.Head last;
  private Witness.@Nullable Head toldAnchor;
  private boolean witnessSeen;
  private long rows;

  private Verifier(Connection connection, ChainEnds ends, Optional<Witness.Ends> said) {
    this.connection = connection;
    this.ends = ends;
    this.said = said;
    this.last = ends.anchor();
  }

  /**
   * Looks at the chain's ends.
   *
   * @param connection in a transaction that sees one state of the database throughout, and begins
   *     it here, while nobody is just appending
   */
  static Verifier begin(Connection connection, Witness witness) throws SQLException, IOException {
    Optional<ChainEnds> ends = ChainEnds.read(connection, false);
    Witness.Head none = new Witness.Head(0, "");
    return ends.isEmpty()
        ? new Verifier(connection, new ChainEnds("", none, none), Optional.empty())
        : new Verifier(connection, ends.get(), witness.read(ends.get().chain()));
  }

  /** Reads the chain. */
  AuditVerification verify() throws SQLException {
    return ends.chain().isEmpty() ? empty() : read();
  }

  private AuditVerification empty() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT MIN(number) FROM history_audit")) {
      if (row.next() && row.getObject(1) != null) {
        return bad(0, row.getLong(1), "there are rows, and nothing says where they end");
      }
      return new AuditVerification(true, 0, OptionalLong.empty(), "there is no entry yet");
    }
  }

  private static AuditVerification bad(long rows, long row, String text) {
    return new AuditVerification(false, rows, OptionalLong.of(row), text);
  }

  private AuditVerification read() throws SQLException {
    if (ends.anchor().row() == 0 && !ends.anchor().hash().equals(Chain.origin(ends.chain()))) {
      return bad(0, 1, "the chain's beginning was changed");
    }
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(AT_ONCE);
      try (ResultSet row =
          statement.executeQuery(
              "SELECT " + ChainEnds.COLUMNS + " FROM history_audit ORDER BY number")) {
        while (row.next()) {
          Chain.Row next = ChainEnds.row(row);
          String wrong = wrong(next);
          if (wrong != null) {
            return bad(rows, Math.min(next.number(), last.row() + 1), wrong);
          }
          passed(next);
        }
      }
    }
    return end();
  }

  private @Nullable String wrong(Chain.Row row) {
    if (row.number() > last.row() + 1) {
      return row.number() == last.row() + 2
          ? "row " + (last.row() + 1) + " is missing"
          : "rows " + (last.row() + 1) + " to " + (row.number() - 1) + " are missing";
    }
    if (row.number() <= last.row()) {
      return "row " + row.number() + " does not belong there";
    }
    if (!row.previous().equals(last.hash())) {
      return "row " + row.number() + " does not follow the row before it";
    }
    if (!row.hash().equals(row.expected())) {
      return "row " + row.number() + " is not what was written";
    }
    if (row.number() > ends.head().row()) {
      return "row " + row.number() + " was added behind the chain's end";
    }
    return row.action().equals(ChainEnds.OTHER_END)
        ? "row " + row.number() + " tells that the chain was changed: " + row.detail()
        : null;
  }

  private void passed(Chain.Row row) {
    rows++;
    last = new Witness.Head(row.number(), row.hash());
    witnessSeen |= said.filter(s -> s.committed().equals(last)).isPresent();
    if (row.action().equals(ChainEnds.RETENTION) && row.subject().matches("audit/\\d{1,18}")) {
      toldAnchor =
          new Witness.Head(
              Long.parseLong(row.subject().substring("audit/".length())), row.detail());
    }
  }

  private AuditVerification end() {
    if (!last.equals(ends.head())) {
      return bad(
          rows,
          last.row() + 1,
          "the chain ends at row " + last.row() + " instead of row " + ends.head().row());
    }
    Witness.Head anchor =
        toldAnchor == null ? new Witness.Head(0, Chain.origin(ends.chain())) : toldAnchor;
    if (!anchor.equals(ends.anchor())) {
      return bad(
          rows, ends.anchor().row() + 1, "rows before this one were removed, and no entry says so");
    }
    if (said.isPresent() && !said.get().allows(last)) {
      return bad(
          rows,
          Math.min(last.row(), said.get().committed().row()) + (witnessSeen ? 1 : 0),
          "outside the database row "
              + said.get().committed().row()
              + " was written down as the last one; the database ends at row "
              + last.row());
    }
    String from = ends.anchor().row() == 0 ? "" : ", from row " + (ends.anchor().row() + 1);
    return new AuditVerification(
        true,
        rows,
        OptionalLong.empty(),
        rows
            + " rows are as they were written"
            + from
            + (said.isPresent()
                ? ""
                : "; nothing outside the database says that they are all, as data/history has no"
                    + " file of this chain"));
  }
}
