package org.jackfield.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jackfield.api.audit.AuditVerification;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is changed in the audit is found, on each database alike. */
@ParameterizedClass
@MethodSource("databases")
class AuditChainTest {
  private static final int ROWS = 24;
  private static final List<String> TEXTS =
      List.of(
          "entry",
          "principal",
          "via",
          "origin",
          "action",
          "subject",
          "result",
          "detail",
          "previous_hash",
          "hash");

  private final Databases kind;
  @TempDir Path folder;
  private Settings settings;
  private Database database;
  private Connection connection;
  private Witness witness;
  private AuditTable table;

  AuditChainTest(Databases kind) {
    this.kind = kind;
  }

  static List<Databases> databases() {
    return Databases.here();
  }

  @BeforeEach
  void write() throws Exception {
    settings = kind.fresh(folder);
    database = new Database(settings);
    connection = database.connection();
    Migrations.run(connection, database.postgresql());
    witness = new Witness(folder);
    table = new AuditTable(witness);
    append(0, ROWS / 2);
    append(ROWS / 2, ROWS);
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
    database.close();
  }

  private void append(int from, int to) throws Exception {
    List<Item.Audited> items = new ArrayList<>();
    for (int i = from; i < to; i++) {
      items.add(new Item.Audited("entry-" + i, Calls.entry(i)));
    }
    table.append(connection, items);
    connection.commit();
    table.committed();
  }

  private AuditVerification verify() throws Exception {
    return Verifier.begin(connection, witness).verify();
  }

  private interface Change {
    void make() throws SQLException;
  }

  /** Makes a change, reads the chain, and takes the change back. */
  private AuditVerification after(Change change) throws Exception {
    change.make();
    try {
      return verify();
    } finally {
      connection.rollback();
    }
  }

  private int update(String sql, Object... values) throws SQLException {
    return Sql.update(connection, sql, values);
  }

  private Chain.Row row(long number) throws SQLException {
    return new Query("SELECT " + ChainEnds.COLUMNS + " FROM history_audit")
        .and("number = ?", number)
        .list(connection, ChainEnds::row)
        .getFirst();
  }

  @Test
  void whatWasWrittenIsIntact() throws Exception {
    AuditVerification found = verify();
    assertThat(found.intact()).as(found.text()).isTrue();
    assertThat(found.rows()).isEqualTo(ROWS);
    assertThat(found.text()).isEqualTo(ROWS + " rows are as they were written");
  }

  @Test
  void everyColumnOfEveryRowIsWatched() throws Exception {
    int changes = 0;
    for (long number = 1; number <= ROWS; number++) {
      long n = number;
      for (String column : TEXTS) {
        AuditVerification found =
            after(
                () ->
                    update(
                        "UPDATE history_audit SET "
                            + column
                            + " = "
                            + column
                            + " || 'x'"
                            + " WHERE number = ?",
                        n));
        assertBroken(found, column, n);
        changes++;
      }
      assertBroken(
          after(
              () ->
                  update(
                      "UPDATE history_audit SET at = ? WHERE number = ?",
                      row(n).at().toInstant().plusNanos(1_000),
                      n)),
          "at",
          n);
      assertBroken(
          after(
              () -> update("UPDATE history_audit SET number = number + 1000 WHERE number = ?", n)),
          "number",
          n);
      changes += 2;
    }
    System.out.println(changes + " changes, all found");
  }

  private static void assertBroken(AuditVerification found, String what, long row) {
    assertThat(found.intact()).as(what + " of row " + row + ": " + found.text()).isFalse();
    assertThat(found.badRow()).as(what + ": " + found.text()).hasValue(row);
  }

  @Test
  void everyMissingRowIsFound() throws Exception {
    for (long number = 1; number <= ROWS; number++) {
      long n = number;
      assertBroken(
          after(() -> update("DELETE FROM history_audit WHERE number = ?", n)), "missing", n);
      assertBroken(after(() -> update("DELETE FROM history_audit WHERE number >= ?", n)), "cut", n);
    }
    assertThat(after(() -> update("DELETE FROM history_audit_chain")).intact()).isFalse();
  }

  @Test
  void everyForgedRowIsFoundThoughItsOwnHashIsRight() throws Exception {
    for (long number = 1; number <= ROWS + 1; number++) {
      long n = number;
      AuditVerification found = after(() -> forge(n));
      assertThat(found.intact()).as("forged at " + n + ": " + found.text()).isFalse();
      assertThat(found.badRow().orElseThrow()).isBetween(n, n + 1);
    }
  }

  /** Moves the rows from there on and puts another one in. */
  private void forge(long number) throws SQLException {
    String previous = number == 1 ? row(1).previous() : row(number - 1).hash();
    Chain.Row like = row(1);
    for (long n = ROWS; n >= number; n--) {
      update("UPDATE history_audit SET number = number + 1 WHERE number = ?", n);
    }
    insert(
        new Chain.Row(
                number,
                "forged",
                like.at(),
                like.principal(),
                like.via(),
                like.origin(),
                like.action(),
                like.subject(),
                like.result(),
                "forged",
                previous,
                "")
            .hashed());
  }

  private void insert(Chain.Row r) throws SQLException {
    update(
        "INSERT INTO history_audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        r.number(),
        r.entry(),
        r.at(),
        r.principal(),
        r.via(),
        r.origin(),
        r.action(),
        r.subject(),
        r.result(),
        r.detail(),
        r.previous(),
        r.hash());
  }

  @Test
  void theChainWrittenAnewOrCutInOrderIsFoundByTheFileOutside() throws Exception {
    // a cut at the end, with the chain's own end moved back
    AuditVerification cut =
        after(
            () -> {
              update("DELETE FROM history_audit WHERE number > 20");
              head(20);
            });
    assertThat(cut.intact()).as(cut.text()).isFalse();
    assertThat(cut.text()).contains("outside the database");
    // one row changed, and every hash from there on made right
    AuditVerification anew =
        after(
            () -> {
              Chain.Row before = row(9);
              for (long n = 10; n <= ROWS; n++) {
                Chain.Row r = row(n);
                update("DELETE FROM history_audit WHERE number = ?", n);
                before =
                    new Chain.Row(
                            n,
                            r.entry(),
                            r.at(),
                            n == 10 ? "somebody" : r.principal(),
                            r.via(),
                            r.origin(),
                            r.action(),
                            r.subject(),
                            r.result(),
                            r.detail(),
                            before.hash(),
                            "")
                        .hashed();
                insert(before);
              }
              head(ROWS);
            });
    assertThat(anew.intact()).as(anew.text()).isFalse();
    // one more row, in order, with the chain's own end
    AuditVerification more =
        after(
            () -> {
              forge(ROWS + 1);
              head(ROWS + 1);
            });
    assertThat(more.intact()).as(more.text()).isFalse();
    assertThat(verify().intact()).isTrue();
  }

  private void head(long number) throws SQLException {
    update(
        "UPDATE history_audit_chain SET head_row = ?, head_hash = ?", number, row(number).hash());
  }

  @Test
  void everyColumnOfTheChainsEndsIsWatched() throws Exception {
    for (String column : List.of("chain", "head_hash", "anchor_hash")) {
      AuditVerification found =
          after(
              () ->
                  update("UPDATE history_audit_chain SET " + column + " = " + column + " || 'x'"));
      assertThat(found.intact()).as(column + ": " + found.text()).isFalse();
    }
    for (String column : List.of("head_row", "anchor_row")) {
      AuditVerification found =
          after(() -> update("UPDATE history_audit_chain SET " + column + " = " + column + " + 1"));
      assertThat(found.intact()).as(column + ": " + found.text()).isFalse();
    }
  }

  @Test
  void withoutTheFileOutsideItSaysWhatItCannotKnow() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".end")).toList()) {
        Files.delete(file);
      }
    }
    assertThat(verify().intact()).isTrue();
    assertThat(verify().text()).contains("nothing outside the database");
  }

  @Test
  void anInterruptedTransactionMayHaveEndedEitherWay() throws Exception {
    // given a transaction that was written down and not committed
    table.append(connection, List.of(new Item.Audited("late", Calls.entry(99))));
    connection.rollback();
    // then
    assertThat(verify().intact()).as("rolled back").isTrue();
    // and one of which we were not told that it was committed
    table.append(connection, List.of(new Item.Audited("late", Calls.entry(99))));
    connection.commit();
    assertThat(verify().intact()).as("committed").isTrue();
    table.append(connection, List.of(new Item.Audited("late", Calls.entry(99))));
    connection.commit();
    assertThat(verify().rows()).as("given again").isEqualTo(ROWS + 1);
  }

  @Test
  void aChainThatWasChangedWhileNobodyLookedStaysMarked() throws Exception {
    // given a cut in order, while the server is down
    update("DELETE FROM history_audit WHERE number > 20");
    head(20);
    connection.commit();
    // when it goes on
    table = new AuditTable(witness);
    append(100, 105);
    // then
    AuditVerification found = verify();
    assertThat(found.intact()).isFalse();
    assertThat(found.badRow()).hasValue(21);
    assertThat(found.text()).contains("found at row 20, left at row " + ROWS);
  }

  @Test
  void oldRowsGoAndTheChainStaysVerifiable() throws Exception {
    // given
    Retention retention = new Retention(Duration.ZERO, Duration.ofDays(1));
    connection.commit();
    // when the first ten are older than a day, then five more
    for (long n : List.of(10L, 15L)) {
      retention.run(
          database, table, row(n).at().toInstant().plusNanos(1_000).plus(Duration.ofDays(1)));
      connection.rollback();
      // then
      AuditVerification found = verify();
      assertThat(found.intact()).as(found.text()).isTrue();
      assertThat(found.text()).contains("from row " + (n + 1));
      connection.rollback();
    }
    assertThat(verify().rows()).isEqualTo(ROWS - 15 + 2);
    for (long n = 16; n <= ROWS + 2; n++) {
      long number = n;
      assertBroken(
          after(() -> update("DELETE FROM history_audit WHERE number = ?", number)),
          "missing",
          number);
    }
    AuditVerification moved =
        after(
            () -> {
              Chain.Row anchor = row(18);
              update("DELETE FROM history_audit WHERE number <= 18");
              update(
                  "UPDATE history_audit_chain SET anchor_row = 18, anchor_hash = ?", anchor.hash());
            });
    assertThat(moved.intact()).as(moved.text()).isFalse();
    assertThat(
            after(() -> update("UPDATE history_audit_chain SET anchor_row = anchor_row + 1"))
                .intact())
        .isFalse();
  }

  @Test
  void theCommandReadsItWithoutAServer() throws Exception {
    // given
    connection.close();
    database.close();
    Path home = Files.createDirectories(folder.resolve("home"));
    Files.createDirectories(home.resolve("etc"));
    Files.createDirectories(home.resolve("data"));
    Path password = Files.writeString(home.resolve("password"), settings.password() + "\n");
    Files.writeString(
        Settings.file(home),
        "url = "
            + settings.url()
            + "\nuser = "
            + settings.user()
            + "\npassword.file = "
            + password
            + "\n");
    copyWitness(home.resolve("data").resolve("history"));
    // then
    assertThat(VerifyCommand.run(new String[] {home.toString()})).isEqualTo(VerifyCommand.INTACT);
    // when
    try (Connection direct = Sources.plain(settings).getConnection()) {
      Sql.update(direct, "UPDATE history_audit SET principal = 'nobody' WHERE number = 7");
    }
    // then
    assertThat(VerifyCommand.run(new String[] {home.toString()})).isEqualTo(VerifyCommand.BROKEN);
    assertThat(VerifyCommand.read(home).badRow()).hasValue(7);
    // when
    Files.writeString(Settings.file(home), "url = jdbc:h2:file:" + home.resolve("nothing"));
    // then
    assertThat(VerifyCommand.run(new String[] {home.toString()})).isEqualTo(VerifyCommand.UNREAD);
    // for the method that closes
    database = new Database(settings);
    connection = database.connection();
  }

  private void copyWitness(Path to) throws Exception {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".end")).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }
}
