package org.jackfield.web;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.jackfield.api.audit.AuditEntry;
import org.jackfield.api.audit.AuditQuery;
import org.jackfield.api.audit.AuditRow;
import org.jackfield.api.audit.AuditTrail;
import org.jackfield.api.audit.AuditVerification;
import org.jackfield.api.event.Position;
import org.jackfield.api.history.EventRecord;
import org.jackfield.api.history.HistoryReply;
import org.jackfield.api.history.HistoryService;
import org.jackfield.api.history.HistoryStatus;
import org.jackfield.api.history.SessionHistoryQuery;
import org.jackfield.api.history.SessionRecord;
import org.jackfield.api.history.TransferHistoryQuery;
import org.jackfield.api.history.TransferRecord;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.Page;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferId;

/** A history of many sessions and entries, and of the switchboard's transfers. */
final class Archive implements HistoryService, AuditTrail {
  static final int MANY = 1_234;

  private final List<Transfer> transfers;
  volatile boolean away;
  volatile boolean intact = true;
  volatile Object asked = "";

  Archive(List<Transfer> transfers) {
    this.transfers = transfers;
  }

  private <T> CompletionStage<HistoryReply<T>> reply(T value) {
    return CompletableFuture.completedFuture(
        away ? new HistoryReply.Away<>("no route to host") : new HistoryReply.Found<>(value));
  }

  private static int number(Optional<String> cursor) {
    return cursor.map(Integer::parseInt).orElse(0);
  }

  private static Optional<String> next(int from, int limit) {
    return from + limit < MANY ? Optional.of(Integer.toString(from + limit)) : Optional.empty();
  }

  static SessionRecord record(int i) {
    return new SessionRecord(
        new SessionId(i + 1),
        "demo",
        new ConversationId(i + 1),
        SessionRecord.State.ENDED,
        Switchboard.NOON.plusSeconds(i),
        Optional.of(Switchboard.NOON.plusSeconds(i + 1)),
        Optional.empty(),
        Optional.of(Cause.of(Cause.Code.BUSY, "Cause 17")),
        List.of(
            new SessionRecord.PartyRecord(
                "p1",
                i == 0 ? "=cmd|'/c calc'!A0" : "+49301234",
                "\"A\", B",
                "caller",
                Switchboard.NOON,
                Optional.empty())));
  }

  @Override
  public CompletionStage<HistoryReply<Page<SessionRecord>>> sessions(SessionHistoryQuery query) {
    asked = query;
    int from = number(query.after());
    List<SessionRecord> items =
        IntStream.range(from, Math.min(MANY, from + query.limit()))
            .mapToObj(Archive::record)
            .toList();
    return reply(new Page<>(items, next(from, query.limit())));
  }

  @Override
  public CompletionStage<HistoryReply<Optional<SessionRecord>>> session(SessionId id) {
    return reply(id.value() <= MANY ? Optional.of(record((int) id.value() - 1)) : Optional.empty());
  }

  @Override
  public CompletionStage<HistoryReply<List<EventRecord>>> events(SessionId id) {
    return reply(
        List.of(
            new EventRecord(
                new Position(7, 1),
                Switchboard.NOON,
                "session.started",
                Optional.of(id),
                Optional.of(new TransferId(5)),
                "1001 connected")));
  }

  @Override
  public CompletionStage<HistoryReply<Page<TransferRecord>>> transfers(TransferHistoryQuery query) {
    asked = query;
    return reply(new Page<>(transfers.stream().map(Archive::record).toList(), Optional.empty()));
  }

  private static TransferRecord record(Transfer transfer) {
    return new TransferRecord(TransferRecord.State.ENDED, Optional.of(Switchboard.NOON), transfer);
  }

  @Override
  public CompletionStage<HistoryReply<Optional<TransferRecord>>> transfer(TransferId id) {
    return reply(
        transfers.stream().filter(t -> t.id().equals(id)).map(Archive::record).findFirst());
  }

  @Override
  public HistoryStatus status() {
    return away
        ? new HistoryStatus(
            HistoryStatus.State.AWAY, "no route to host", "jdbc:h2:file", 5, 3, 1, 0)
        : new HistoryStatus(HistoryStatus.State.UP, "", "jdbc:h2:file", 5, 0, 0, 0);
  }

  @Override
  public CompletionStage<HistoryReply<Page<AuditRow>>> rows(AuditQuery query) {
    asked = query;
    int from = number(query.after());
    List<AuditRow> items =
        IntStream.range(from, Math.min(MANY, from + query.limit()))
            .mapToObj(
                i ->
                    new AuditRow(
                        MANY - i,
                        new AuditEntry(
                            Instant.EPOCH,
                            new Requester("anna", "rest", "10.0.0.7"),
                            "transfer",
                            "session/" + i,
                            "accepted",
                            "@SUM(A1)\r\nnext"),
                        "ab"))
            .toList();
    return reply(new Page<>(items, next(from, query.limit())));
  }

  @Override
  public CompletionStage<HistoryReply<AuditVerification>> verify() {
    return reply(
        intact
            ? new AuditVerification(true, MANY, OptionalLong.empty(), "all well")
            : new AuditVerification(false, 6, OptionalLong.of(7), "row 7 is missing"));
  }
}
