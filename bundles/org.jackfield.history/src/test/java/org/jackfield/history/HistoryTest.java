package org.jackfield.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.jackfield.api.audit.AuditQuery;
import org.jackfield.api.audit.AuditRow;
import org.jackfield.api.event.Position;
import org.jackfield.api.history.EventRecord;
import org.jackfield.api.history.HistoryReply;
import org.jackfield.api.history.HistoryStatus;
import org.jackfield.api.history.SessionHistoryQuery;
import org.jackfield.api.history.SessionRecord;
import org.jackfield.api.history.TransferHistoryQuery;
import org.jackfield.api.history.TransferRecord;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.Page;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionEvent;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferEvent;
import org.jackfield.api.transfer.TransferOutcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What is told is found again, on each database alike. */
@ParameterizedClass
@MethodSource("databases")
class HistoryTest {
  private final Databases database;
  private final Tape tape = new Tape(7);
  @TempDir Path folder;
  private Settings settings;
  private Recorder recorder;

  HistoryTest(Databases database) {
    this.database = database;
  }

  static List<Databases> databases() {
    return Databases.here();
  }

  @BeforeEach
  void open() throws Exception {
    settings = database.fresh(folder);
    recorder = new Recorder(settings, folder, tape);
  }

  @AfterEach
  void close() {
    recorder.close();
  }

  private void reopen(Tape log) throws Exception {
    recorder.close();
    recorder = new Recorder(settings, folder, log);
    stored();
  }

  /** Waits until nothing is owed. */
  private void stored() throws InterruptedException {
    await(
        "all is stored",
        () ->
            recorder.status().owed() == 0
                && recorder.status().state() == HistoryStatus.State.UP
                && recorder.caughtUp());
  }

  static void await(String fact, BooleanSupplier condition) throws InterruptedException {
    long begin = System.nanoTime();
    long end = begin + TimeUnit.SECONDS.toNanos(180);
    Object nobody = new Object();
    synchronized (nobody) {
      while (!condition.getAsBoolean()) {
        assertThat(System.nanoTime()).as(fact).isLessThan(end);
        nobody.wait(10);
      }
    }
    System.out.println(fact + " after " + (System.nanoTime() - begin) / 1_000_000 + " ms");
  }

  static <T> T found(CompletionStage<HistoryReply<T>> stage) throws Exception {
    HistoryReply<T> reply = stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    assertThat(reply).isInstanceOf(HistoryReply.Found.class);
    return ((HistoryReply.Found<T>) reply).value();
  }

  private interface Asked<Q, T> {
    CompletionStage<HistoryReply<Page<T>>> of(Q query);
  }

  /** Every page after another, as one list. */
  private static <Q, T> List<T> all(Asked<Q, T> asked, Function<Optional<String>, Q> query)
      throws Exception {
    List<T> all = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      Page<T> page = found(asked.of(query.apply(cursor)));
      all.addAll(page.items());
      cursor = page.next();
    } while (cursor.isPresent());
    return all;
  }

  private List<Long> sessions(Function<Optional<String>, SessionHistoryQuery> query)
      throws Exception {
    return all(recorder::sessions, query).stream().map(s -> s.id().value()).toList();
  }

  private List<Long> transfers(Function<Optional<String>, TransferHistoryQuery> query)
      throws Exception {
    return all(recorder::transfers, query).stream().map(t -> t.transfer().id().value()).toList();
  }

  @Test
  void aSessionIsKeptWithAllWhoWereInIt() throws Exception {
    // given
    Session first = Calls.session(40, "north", 40, "1001", "2001");
    Session later = Calls.session(40, "north", 40, "2001", "3001");
    // when
    tape.tell(new SessionEvent.Started(first));
    tape.tell(new SessionEvent.Changed(later));
    tape.tell(new SessionEvent.Ended(later, Cause.of(Cause.Code.BUSY, "Cause 17 \u0000")));
    stored();
    // then
    SessionRecord record = found(recorder.session(new SessionId(40))).orElseThrow();
    assertThat(record.state()).isEqualTo(SessionRecord.State.ENDED);
    assertThat(record.provider()).isEqualTo("north");
    assertThat(record.startedAt()).isEqualTo(first.startedAt());
    assertThat(record.endedAt()).contains(Tape.NOON.plusNanos(3_000));
    assertThat(record.cause()).contains(Cause.of(Cause.Code.BUSY, "Cause 17 \uFFFD"));
    assertThat(record.parties().stream().map(SessionRecord.PartyRecord::address))
        .containsExactlyInAnyOrder("1001", "2001", "3001");
    assertThat(record.parties()).allMatch(p -> p.leftAt().isPresent());
    assertThat(found(recorder.events(new SessionId(40))).stream().map(EventRecord::type))
        .containsExactly("session.started", "session.changed", "session.ended");
  }

  @Test
  void aTransferIsKeptWholeWithPlanTimelineOutcomeAndEvidence() throws Exception {
    for (long n = 0; n < 5; n++) {
      // given
      Transfer open = Calls.transfer(70 + n, 40, 40, "6001");
      Transfer ended = Calls.ended(open, Calls.outcome(n));
      // when
      tape.tell(new TransferEvent.Changed(open));
      tape.tell(new TransferEvent.Ended(ended));
      stored();
      // then
      TransferRecord record = found(recorder.transfer(open.id())).orElseThrow();
      assertThat(record.transfer()).isEqualTo(ended);
      assertThat(record.state()).isEqualTo(TransferRecord.State.ENDED);
      assertThat(record.endedAt()).isPresent();
    }
  }

  @Test
  void givenAgainNothingDoubles() throws Exception {
    // given
    tellMany(30);
    recorder.record(Calls.entry(1));
    stored();
    List<SessionRecord> before = all(recorder::sessions, c -> SessionHistoryQuery.all(7).after(c));
    // when the same place of the log is read again, and the backlog too
    recorder.close();
    try (Backlog backlog = new Backlog(folder.resolve("owed"), 1 << 20, 10)) {
      for (var event : tape.after(new Position(7, 0), 1_000).orElseThrow()) {
        backlog.add(List.of(Events.item(event, true, new java.util.HashMap<>())));
      }
    }
    recorder = new Recorder(settings, folder, tape);
    stored();
    // then
    assertThat(all(recorder::sessions, c -> SessionHistoryQuery.all(7).after(c))).isEqualTo(before);
    assertThat(count("history_event")).isEqualTo(tape.latest().sequence());
    assertThat(count("history_audit")).isEqualTo(1);
  }

  private long count(String table) throws Exception {
    try (Database opened = new Database(settings.postgresql() ? settings : other());
        Connection connection = opened.connection();
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
      row.next();
      return row.getLong(1);
    }
  }

  /** The embedded database has one process: this one must let it go. */
  private Settings other() {
    recorder.close();
    return settings;
  }

  /** Sessions and transfers 0…n-1 of two PBXs, every third ended. */
  private void tellMany(int n) {
    for (long i = 0; i < n; i++) {
      Session session =
          Calls.session(i, i % 2 == 0 ? "north" : "South", i - i % 4, "10" + i % 10, "Ä20" + i % 7);
      tape.tell(new SessionEvent.Started(session));
      Transfer transfer = Calls.transfer(i, i - i % 2, i - i % 4, "60" + i % 5);
      tape.tell(new TransferEvent.Changed(transfer));
      if (i % 3 == 0) {
        tape.tell(new TransferEvent.Ended(Calls.ended(transfer, Calls.outcome(i))));
        tape.tell(new SessionEvent.Ended(session, Cause.NORMAL));
      }
    }
  }

  private static List<Long> down(int n, java.util.function.LongPredicate is) {
    return LongStream.range(0, n).map(i -> n - 1 - i).filter(is).boxed().toList();
  }

  @Test
  void everyFilterOfSessionsGivesAllItsPages() throws Exception {
    // given
    int n = 60;
    tellMany(n);
    stored();
    Optional<String> no = Optional.empty();
    // then
    assertThat(sessions(c -> SessionHistoryQuery.all(7).after(c))).isEqualTo(down(n, i -> true));
    assertThat(
            sessions(
                c ->
                    new SessionHistoryQuery(
                        Optional.of("South"),
                        Optional.empty(),
                        Optional.empty(),
                        no,
                        Optional.empty(),
                        Optional.empty(),
                        c,
                        7)))
        .isEqualTo(down(n, i -> i % 2 == 1));
    assertThat(
            sessions(
                c ->
                    new SessionHistoryQuery(
                        no,
                        Optional.of(SessionRecord.State.ENDED),
                        Optional.empty(),
                        no,
                        Optional.empty(),
                        Optional.empty(),
                        c,
                        3)))
        .isEqualTo(down(n, i -> i % 3 == 0));
    assertThat(
            sessions(
                c ->
                    new SessionHistoryQuery(
                        no,
                        Optional.empty(),
                        Optional.of(new ConversationId(8)),
                        no,
                        Optional.empty(),
                        Optional.empty(),
                        c,
                        2)))
        .isEqualTo(down(n, i -> i - i % 4 == 8));
    assertThat(
            sessions(
                c ->
                    new SessionHistoryQuery(
                        no,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("ä203"),
                        Optional.of(Calls.second(5)),
                        Optional.of(Calls.second(20)),
                        c,
                        2)))
        .isEqualTo(down(n, i -> i % 7 == 3 && i / 2 >= 5 && i / 2 < 20));
    assertThat(
            sessions(
                c ->
                    new SessionHistoryQuery(
                        no,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("NAME 10"),
                        Optional.empty(),
                        Optional.empty(),
                        c,
                        50)))
        .isEqualTo(down(n, i -> true));
  }

  @Test
  void everyFilterOfTransfersGivesAllItsPages() throws Exception {
    // given
    int n = 60;
    tellMany(n);
    stored();
    TransferHistoryQuery q = TransferHistoryQuery.all(4);
    // then
    assertThat(transfers(q::after)).isEqualTo(down(n, i -> true));
    assertThat(transfers(c -> filtered(q, "open", null, null, null, null, null).after(c)))
        .isEqualTo(down(n, i -> i % 3 != 0));
    assertThat(transfers(c -> filtered(q, null, "recalled", null, null, null, null).after(c)))
        .isEqualTo(down(n, i -> i % 3 == 0 && i % 5 == 3));
    assertThat(transfers(c -> filtered(q, null, null, 10L, null, null, null).after(c)))
        .isEqualTo(down(n, i -> i - i % 2 == 10));
    assertThat(transfers(c -> filtered(q, null, null, null, 8L, null, null).after(c)))
        .isEqualTo(down(n, i -> i - i % 4 == 8));
    assertThat(transfers(c -> filtered(q, null, null, null, null, "user1", null).after(c)))
        .isEqualTo(down(n, i -> i % 3 == 1));
    assertThat(transfers(c -> filtered(q, null, null, null, null, null, "604").after(c)))
        .isEqualTo(down(n, i -> i % 5 == 4));
    assertThat(transfers(c -> filtered(q, null, null, null, null, null, "100").after(c)))
        .isEqualTo(down(n, i -> true));
  }

  private static TransferHistoryQuery filtered(
      TransferHistoryQuery q,
      String state,
      String outcome,
      Long session,
      Long conversation,
      String principal,
      String prefix) {
    return new TransferHistoryQuery(
        Optional.ofNullable(state)
            .map(s -> TransferRecord.State.valueOf(s.toUpperCase(java.util.Locale.ROOT))),
        Optional.ofNullable(outcome),
        Optional.ofNullable(session).map(SessionId::new),
        Optional.ofNullable(conversation).map(ConversationId::new),
        Optional.ofNullable(principal),
        Optional.ofNullable(prefix),
        q.from(),
        q.to(),
        q.after(),
        q.limit());
  }

  @Test
  void theAuditIsFoundByEachOfItsFilters() throws Exception {
    // given
    for (int i = 0; i < 40; i++) {
      recorder.record(Calls.entry(i));
    }
    stored();
    Optional<String> no = Optional.empty();
    // then
    List<AuditRow> all = all(recorder::rows, c -> AuditQuery.all(7).after(c));
    assertThat(all.stream().map(r -> r.entry().subject()))
        .containsExactlyElementsOf(down(40, i -> true).stream().map(i -> "session/" + i).toList());
    assertThat(all.getLast().entry().detail()).isEqualTo("to \"6001\", n=0 ü 😀 \uFFFD");
    assertThat(
            all(
                recorder::rows,
                c ->
                    new AuditQuery(
                        Optional.of("user1"),
                        Optional.of("hold"),
                        no,
                        Optional.of("accepted"),
                        Optional.of(Tape.NOON.plusNanos(7_000)),
                        Optional.empty(),
                        c,
                        2)))
        .extracting(r -> r.entry().subject())
        .containsExactlyElementsOf(
            down(40, i -> i % 3 == 1 && i % 2 == 1 && i % 5 != 0 && i >= 7).stream()
                .map(i -> "session/" + i)
                .toList());
    assertThatThrownBy(() -> recorder.rows(AuditQuery.all(1).after(Optional.of("x"))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aConversationIsOneThroughChainedTransfers() throws Exception {
    // given three sessions, of which the second goes into the first, and that into the third
    Session one = Calls.session(1, "north", 1, "1001", "2001");
    Session two = Calls.session(2, "north", 2, "1001", "3001");
    tape.tell(new SessionEvent.Started(one));
    tape.tell(new SessionEvent.Started(two));
    tape.tell(new TransferEvent.Changed(Calls.transfer(9, 2, 2, "3001")));
    stored();
    // when
    tape.tell(new SessionEvent.Merged(two, new SessionId(1), new ConversationId(1)));
    Session three = Calls.session(3, "north", 1, "2001", "4001");
    tape.tell(new SessionEvent.Started(three));
    tape.tell(new SessionEvent.Merged(one, new SessionId(3), new ConversationId(1)));
    stored();
    // then
    for (long id : List.of(1L, 2L)) {
      assertThat(
              sessions(
                  c ->
                      new SessionHistoryQuery(
                          Optional.empty(),
                          Optional.empty(),
                          Optional.of(new ConversationId(id)),
                          Optional.empty(),
                          Optional.empty(),
                          Optional.empty(),
                          c,
                          10)))
          .as("conversation " + id)
          .containsExactly(3L, 2L, 1L);
      assertThat(
              transfers(
                  c ->
                      filtered(TransferHistoryQuery.all(5), null, null, null, id, null, null)
                          .after(c)))
          .containsExactly(9L);
    }
    assertThat(found(recorder.session(new SessionId(2))).orElseThrow().mergedInto())
        .contains(new SessionId(3 - 2));
  }

  @Test
  void whatWasLiveBeforeARestartIsUnknownUntilItIsSeenAgain() throws Exception {
    // given
    Session gone = Calls.session(1, "north", 1, "1001", "2001");
    Session stays = Calls.session(2, "north", 2, "1002", "2002");
    tape.tell(new SessionEvent.Started(gone));
    tape.tell(new SessionEvent.Started(stays));
    tape.tell(new TransferEvent.Changed(Calls.transfer(9, 1, 1, "3001")));
    stored();
    // when
    Tape next = new Tape(8);
    next.tell(new SessionEvent.Started(stays));
    reopen(next);
    // then
    assertThat(found(recorder.session(new SessionId(1))).orElseThrow().state())
        .isEqualTo(SessionRecord.State.UNKNOWN);
    assertThat(found(recorder.session(new SessionId(2))).orElseThrow().state())
        .isEqualTo(SessionRecord.State.LIVE);
    assertThat(
            transfers(
                c ->
                    filtered(TransferHistoryQuery.all(5), "unknown", null, null, null, null, null)
                        .after(c)))
        .containsExactly(9L);
    assertThat(
            found(recorder.transfer(new org.jackfield.api.transfer.TransferId(9)))
                .orElseThrow()
                .transfer()
                .outcome()
                .map(TransferOutcome::text))
        .isEmpty();
  }

  @Test
  void closedAndOpenedAgainItGoesOnWhereItWas() throws Exception {
    // given
    tellMany(5);
    stored();
    // when something happens while it is closed
    recorder.close();
    tape.tell(new SessionEvent.Started(Calls.session(100, "north", 100, "1")));
    recorder = new Recorder(settings, folder, tape);
    stored();
    // then
    assertThat(found(recorder.session(new SessionId(100)))).isPresent();
    assertThat(found(recorder.session(new SessionId(1))).orElseThrow().state())
        .as("it was never out of sight")
        .isEqualTo(SessionRecord.State.LIVE);
  }
}
