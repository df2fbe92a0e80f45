package org.jackfield.history;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jackfield.api.audit.AuditEntry;
import org.jackfield.api.audit.AuditQuery;
import org.jackfield.api.audit.AuditRow;
import org.jackfield.api.event.Position;
import org.jackfield.api.history.EventRecord;
import org.jackfield.api.history.HistoryService;
import org.jackfield.api.history.SessionHistoryQuery;
import org.jackfield.api.history.SessionRecord;
import org.jackfield.api.history.TransferHistoryQuery;
import org.jackfield.api.history.TransferRecord;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.Page;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.transfer.TransferId;
import org.jspecify.annotations.Nullable;

/** Reads pages. Each filter has an index, and a page costs what it shows. */
final class Queries {
  private static final String PREFIX = "%1$s >= ? AND %1$s <= ?";

  private final boolean postgresql;

  Queries(boolean postgresql) {
    this.postgresql = postgresql;
  }

  /** The last text with that prefix, as the database compares. */
  private String last(String prefix) {
    return prefix + (postgresql ? "\uDBFF\uDFFF" : "\uFFFF");
  }

  // Sessions

  Query sessions(SessionHistoryQuery q, Optional<String> conversation) {
    Query query =
        new Query("SELECT * FROM history_session")
            .equal("provider", q.provider())
            .equal("state", q.state().map(SessionRecord.State::text))
            .equal("conversation", conversation)
            .between("started_at", q.from(), q.to());
    q.prefix()
        .map(Storable::key)
        .ifPresent(
            p ->
                query.and(
                    "id IN (SELECT session FROM history_party WHERE "
                        + PREFIX.formatted("address_key")
                        + " UNION SELECT session FROM history_party WHERE "
                        + PREFIX.formatted("name_key")
                        + ")",
                    p,
                    last(p),
                    p,
                    last(p)));
    q.after().map(Cursor::of).ifPresent(place -> query.before("started_at", place));
    return query.then(
        " ORDER BY started_at DESC, id DESC FETCH FIRST " + (q.limit() + 1) + " ROWS ONLY");
  }

  Page<SessionRecord> sessions(Connection connection, SessionHistoryQuery q) throws SQLException {
    List<Half> halves =
        sessions(q, conversation(connection, q.conversation())).list(connection, Half::of);
    boolean more = halves.size() > q.limit();
    List<Half> page = more ? halves.subList(0, q.limit()) : halves;
    Map<String, List<SessionRecord.PartyRecord>> parties = parties(connection, page);
    List<SessionRecord> items = new ArrayList<>();
    for (Half half : page) {
      items.add(half.with(parties.getOrDefault(half.id(), List.of())));
    }
    return new Page<>(
        items,
        more
            ? Optional.of(new Cursor(page.getLast().startedAt(), page.getLast().id()).toString())
            : Optional.empty());
  }

  Optional<SessionRecord> session(Connection connection, SessionId id) throws SQLException {
    List<Half> found =
        new Query("SELECT * FROM history_session")
            .and("id = ?", id.toString())
            .list(connection, Half::of);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Map<String, List<SessionRecord.PartyRecord>> parties = parties(connection, found);
    return Optional.of(found.getFirst().with(parties.getOrDefault(id.toString(), List.of())));
  }

  /** A session without its parties. */
  private record Half(
      String id,
      String provider,
      String conversation,
      String state,
      Instant startedAt,
      @Nullable Instant endedAt,
      @Nullable String into,
      @Nullable String cause,
      String causeText,
      String causeDriver) {

    static Half of(ResultSet row) throws SQLException {
      return new Half(
          row.getString("id"),
          row.getString("provider"),
          row.getString("conversation"),
          row.getString("state"),
          Sql.time(row, "started_at"),
          Sql.timeOrNull(row, "ended_at"),
          row.getString("merged_into"),
          row.getString("cause"),
          text(row.getString("cause_text")),
          text(row.getString("cause_driver")));
    }

    private static String text(@Nullable String text) {
      return text == null ? "" : text;
    }

    SessionRecord with(List<SessionRecord.PartyRecord> parties) {
      return new SessionRecord(
          SessionId.parse(id).orElseThrow(),
          provider,
          ConversationId.parse(conversation).orElseThrow(),
          SessionRecord.State.valueOf(state.toUpperCase(Locale.ROOT)),
          startedAt,
          Optional.ofNullable(endedAt),
          Optional.ofNullable(into).flatMap(SessionId::parse),
          Optional.ofNullable(cause)
              .map(code -> new Cause(Cause.Code.valueOf(code), causeText, causeDriver)),
          parties);
    }
  }

  private static Map<String, List<SessionRecord.PartyRecord>> parties(
      Connection connection, List<Half> sessions) throws SQLException {
    Map<String, List<SessionRecord.PartyRecord>> parties = new HashMap<>();
    if (sessions.isEmpty()) {
      return parties;
    }
    new Query("SELECT * FROM history_party")
        .in("session", sessions.stream().map(Half::id).toList())
        .then(" ORDER BY seen_at, place, party")
        .list(
            connection,
            row ->
                parties
                    .computeIfAbsent(row.getString("session"), k -> new ArrayList<>())
                    .add(
                        new SessionRecord.PartyRecord(
                            row.getString("party"),
                            row.getString("address"),
                            row.getString("name"),
                            row.getString("role"),
                            Sql.time(row, "seen_at"),
                            Optional.ofNullable(Sql.timeOrNull(row, "left_at")))));
    return parties;
  }

  List<EventRecord> events(Connection connection, SessionId session) throws SQLException {
    return new Query("SELECT * FROM history_event")
        .and("session = ?", session.toString())
        .then(" ORDER BY epoch, sequence FETCH FIRST " + HistoryService.MOST_EVENTS + " ROWS ONLY")
        .list(
            connection,
            row ->
                new EventRecord(
                    new Position(row.getLong("epoch"), row.getLong("sequence")),
                    Sql.time(row, "at"),
                    row.getString("type"),
                    Optional.ofNullable(row.getString("session")).flatMap(SessionId::parse),
                    Optional.ofNullable(row.getString("transfer")).flatMap(TransferId::parse),
                    row.getString("text")));
  }

  /** What the conversation is called now. */
  private static Optional<String> conversation(
      Connection connection, Optional<ConversationId> asked) throws SQLException {
    if (asked.isEmpty()) {
      return Optional.empty();
    }
    String id = asked.get().toString();
    List<String> present =
        new Query("SELECT present_id FROM history_conversation")
            .and("old_id = ?", id)
            .list(connection, row -> row.getString(1));
    return Optional.of(present.isEmpty() ? id : present.getFirst());
  }

  // Transfers

  Query transfers(TransferHistoryQuery q, Optional<String> conversation) {
    Query query =
        new Query("SELECT id, state, accepted_at, ended_at, snapshot FROM history_transfer")
            .equal("state", q.state().map(TransferRecord.State::text))
            .equal("outcome", q.outcome())
            .equal("session", q.session())
            .equal("conversation", conversation)
            .equal("principal", q.principal())
            .between("accepted_at", q.from(), q.to());
    q.prefix()
        .map(Storable::key)
        .ifPresent(
            p -> {
              StringBuilder any = new StringBuilder("id IN (");
              for (String column : List.of("transferor_key", "transferee_key", "target_key")) {
                any.append(any.length() > 7 ? " UNION " : "")
                    .append("SELECT id FROM history_transfer WHERE ")
                    .append(PREFIX.formatted(column));
              }
              query.and(any + ")", p, last(p), p, last(p), p, last(p));
            });
    q.after().map(Cursor::of).ifPresent(place -> query.before("accepted_at", place));
    return query.then(
        " ORDER BY accepted_at DESC, id DESC FETCH FIRST " + (q.limit() + 1) + " ROWS ONLY");
  }

  Page<TransferRecord> transfers(Connection connection, TransferHistoryQuery q)
      throws SQLException {
    List<TransferRecord> found =
        transfers(q, conversation(connection, q.conversation()))
            .list(connection, Queries::transfer);
    boolean more = found.size() > q.limit();
    List<TransferRecord> items = more ? found.subList(0, q.limit()) : found;
    return new Page<>(
        items,
        more
            ? Optional.of(
                new Cursor(
                        Chain.kept(items.getLast().transfer().acceptedAt()),
                        items.getLast().transfer().id().toString())
                    .toString())
            : Optional.empty());
  }

  Optional<TransferRecord> transfer(Connection connection, TransferId id) throws SQLException {
    return new Query("SELECT id, state, accepted_at, ended_at, snapshot FROM history_transfer")
        .and("id = ?", id.toString()).list(connection, Queries::transfer).stream().findFirst();
  }

  private static TransferRecord transfer(ResultSet row) throws SQLException {
    return new TransferRecord(
        TransferRecord.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        Optional.ofNullable(Sql.timeOrNull(row, "ended_at")),
        Codec.transfer(row.getString("snapshot")));
  }

  // Audit

  Query audit(AuditQuery q) {
    Query query =
        new Query("SELECT " + ChainEnds.COLUMNS + " FROM history_audit")
            .equal("principal", q.principal())
            .equal("action", q.action())
            .equal("subject", q.subject())
            .equal("result", q.result())
            .between("at", q.from(), q.to());
    q.after().map(Queries::number).ifPresent(number -> query.and("number < ?", number));
    return query.then(" ORDER BY number DESC FETCH FIRST " + (q.limit() + 1) + " ROWS ONLY");
  }

  static Long number(String cursor) {
    if (!cursor.matches("\\d{1,18}")) {
      throw new IllegalArgumentException("no cursor of ours");
    }
    return Long.valueOf(cursor);
  }

  Page<AuditRow> auditRows(Connection connection, AuditQuery q) throws SQLException {
    List<AuditRow> found = audit(q).list(connection, row -> entry(ChainEnds.row(row)));
    boolean more = found.size() > q.limit();
    List<AuditRow> items = more ? found.subList(0, q.limit()) : found;
    return new Page<>(
        items, more ? Optional.of(Long.toString(items.getLast().row())) : Optional.empty());
  }

  private static AuditRow entry(Chain.Row row) {
    return new AuditRow(
        row.number(),
        new AuditEntry(
            row.at().toInstant(),
            new Requester(row.principal(), row.via(), row.origin()),
            row.action(),
            row.subject(),
            row.result(),
            row.detail()),
        row.hash());
  }
}
