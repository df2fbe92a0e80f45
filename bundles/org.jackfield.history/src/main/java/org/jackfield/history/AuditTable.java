package org.jackfield.history;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jackfield.api.audit.AuditEntry;
import org.jackfield.api.security.Requester;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends to the audit's chain and removes from its beginning, in the caller's transaction: {@link
 * #append} or {@link #expire}, then the commit, then {@link #committed}. One thread.
 */
final class AuditTable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditTable.class);

  private final Witness witness;
  private Witness.@org.jspecify.annotations.Nullable Head intended;
  private String chain = "";

  AuditTable(Witness witness) {
    this.witness = witness;
  }

  /**
   * Appends those that are not there yet.
   *
   * @throws IOException if the chain's end cannot be written down outside the database
   */
  void append(Connection connection, List<Item.Audited> items) throws SQLException, IOException {
    ChainEnds ends = ends(connection);
    Set<String> there = there(connection, items);
    List<Item.Audited> more = new ArrayList<>(otherEnd(ends));
    for (Item.Audited item : items) {
      if (there.add(item.entry())) {
        more.add(item);
      }
    }
    append(connection, ends, more);
  }

  private ChainEnds ends(Connection connection) throws SQLException, IOException {
    Optional<ChainEnds> known = ChainEnds.read(connection, true);
    if (known.isPresent()) {
      return known.get();
    }
    String id = UUID.randomUUID().toString().replace("-", "");
    Witness.Head none = new Witness.Head(0, Chain.origin(id));
    Sql.update(
        connection,
        "INSERT INTO history_audit_chain VALUES (?, ?, ?, ?, ?)",
        id,
        none.row(),
        none.hash(),
        none.row(),
        none.hash());
    return new ChainEnds(id, none, none);
  }

  /** A chain that ends elsewhere than it was left is told of in the chain itself. */
  private List<Item.Audited> otherEnd(ChainEnds ends) throws IOException {
    if (chain.equals(ends.chain())) {
      return List.of();
    }
    Optional<Witness.Ends> said = witness.read(ends.chain());
    if (said.isEmpty() && ends.head().row() > 0) {
      LOG.warn("nothing outside the database says where the audit ends; it is written down anew");
    }
    if (said.isEmpty() || said.get().allows(ends.head())) {
      return List.of();
    }
    Witness.Head left = said.get().committed();
    LOG.error(
        "the audit ends at row {}, it was left at row {}; run audit verify",
        ends.head().row(),
        left.row());
    String what = "found at row " + ends.head().row() + ", left at row " + left.row();
    return List.of(
        new Item.Audited(
            "end-" + ends.chain() + "-" + ends.head().row() + "-" + left.row(),
            new AuditEntry(
                Instant.now(),
                Requester.CORE,
                ChainEnds.OTHER_END,
                "audit",
                "broken",
                what + " " + left.hash())));
  }

  private static Set<String> there(Connection connection, List<Item.Audited> items)
      throws SQLException {
    Set<String> there = new HashSet<>();
    if (!items.isEmpty()) {
      new Query("SELECT entry FROM history_audit")
          .in("entry", items.stream().map(Item.Audited::entry).toList())
          .list(connection, row -> there.add(row.getString(1)));
    }
    return there;
  }

  private void append(Connection connection, ChainEnds ends, List<Item.Audited> items)
      throws SQLException, IOException {
    if (items.isEmpty()) {
      return;
    }
    Witness.Head head = ends.head();
    try (Sql.Batches batches = new Sql.Batches(connection)) {
      for (Item.Audited item : items) {
        Chain.Row row = row(head, item).hashed();
        batches.add(
            "INSERT INTO history_audit ("
                + ChainEnds.COLUMNS
                + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            row.number(),
            row.entry(),
            row.at(),
            row.principal(),
            row.via(),
            row.origin(),
            row.action(),
            row.subject(),
            row.result(),
            row.detail(),
            row.previous(),
            row.hash());
        head = new Witness.Head(row.number(), row.hash());
      }
      batches.send();
    }
    Sql.update(
        connection,
        "UPDATE history_audit_chain SET head_row = ?, head_hash = ? WHERE chain = ?",
        head.row(),
        head.hash(),
        ends.chain());
    witness.write(ends.chain(), new Witness.Ends(ends.head(), head));
    intended = head;
    chain = ends.chain();
  }

  private static Chain.Row row(Witness.Head head, Item.Audited item) {
    AuditEntry entry = item.audit();
    return new Chain.Row(
        head.row() + 1,
        Storable.text(item.entry()),
        Sql.time(entry.at()),
        Storable.text(entry.requester().principal()),
        Storable.text(entry.requester().via()),
        Storable.text(entry.requester().origin()),
        Storable.text(entry.action()),
        Storable.text(entry.subject()),
        Storable.text(entry.result()),
        Storable.text(entry.detail()),
        head.hash(),
        "");
  }

  /**
   * Removes the rows that are older, but for the last one; the chain then begins at the anchor, and
   * an entry in it says so.
   *
   * @return how many were removed
   */
  long expire(Connection connection, Instant before, Instant now) throws SQLException, IOException {
    ChainEnds ends = ends(connection);
    Chain.Row last = lastOlder(connection, ends, before);
    if (last == null) {
      return 0;
    }
    append(
        connection,
        ends,
        List.of(
            new Item.Audited(
                "retention-" + ends.chain() + "-" + last.number(),
                new AuditEntry(
                    now,
                    Requester.CORE,
                    ChainEnds.RETENTION,
                    "audit/" + last.number(),
                    "removed",
                    last.hash()))));
    Sql.update(
        connection,
        "UPDATE history_audit_chain SET anchor_row = ?, anchor_hash = ? WHERE chain = ?",
        last.number(),
        last.hash(),
        ends.chain());
    Sql.update(connection, "DELETE FROM history_audit WHERE number <= ?", last.number());
    return last.number() - ends.anchor().row();
  }

  private static Chain.@org.jspecify.annotations.Nullable Row lastOlder(
      Connection connection, ChainEnds ends, Instant before) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT "
                + ChainEnds.COLUMNS
                + " FROM history_audit WHERE number < COALESCE("
                + "(SELECT MIN(number) FROM history_audit WHERE at >= ?), ?)"
                + " ORDER BY number DESC FETCH FIRST 1 ROWS ONLY")) {
      Sql.set(select, before, ends.head().row());
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? ChainEnds.row(row) : null;
      }
    }
  }

  /** The transaction is done. */
  void committed() throws IOException {
    Witness.Head head = intended;
    if (head != null) {
      intended = null;
      witness.write(chain, new Witness.Ends(head, head));
    }
  }
}
