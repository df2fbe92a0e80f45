package org.jackfield.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jackfield.api.audit.AuditQuery;
import org.jackfield.api.audit.AuditRow;
import org.jackfield.api.audit.AuditTrail;
import org.jackfield.api.history.EventRecord;
import org.jackfield.api.history.HistoryReply;
import org.jackfield.api.history.HistoryService;
import org.jackfield.api.history.SessionHistoryQuery;
import org.jackfield.api.history.SessionRecord;
import org.jackfield.api.history.TransferHistoryQuery;
import org.jackfield.api.history.TransferRecord;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.Page;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.transfer.TransferId;

/** What has been, and who did what: pages, whole lists, and whether the audit is intact. */
final class HistoryRoutes {
  private static final int LONGEST = 128;
  private static final int LONGEST_PREFIX = 64;
  private static final int LONGEST_CURSOR = 512;
  private static final int PAGE = 500;
  private static final Map<String, Export.Format> FORMATS =
      Map.of("csv", Export.Format.CSV, "json", Export.Format.JSON);
  private static final Map<String, SessionRecord.State> SESSION_STATES =
      Arrays.stream(SessionRecord.State.values())
          .collect(Collectors.toMap(SessionRecord.State::text, s -> s));
  private static final Map<String, TransferRecord.State> TRANSFER_STATES =
      Arrays.stream(TransferRecord.State.values())
          .collect(Collectors.toMap(TransferRecord.State::text, s -> s));
  private static final Map<String, String> OUTCOMES =
      List.of("completed", "reverted", "abandoned", "recalled", "failed").stream()
          .collect(Collectors.toMap(o -> o, o -> o));

  private final Services services;

  HistoryRoutes(Services services) {
    this.services = services;
  }

  void addTo(Router.Builder routes) {
    routes
        .get("/history", e -> Answer.Reply.json(200, HistoryShape.status(history().status())))
        .on("GET", "/history/sessions", this::sessions)
        .on("GET", "/history/sessions/{id}", this::session)
        .on("GET", "/history/transfers", this::transfers)
        .on("GET", "/history/transfers/{id}", this::transfer)
        .on("GET", "/audit", this::audit)
        .on("GET", "/audit/verify", this::verify);
  }

  private HistoryService history() {
    return services.history().orElseThrow(HistoryRoutes::none);
  }

  private AuditTrail trail() {
    return services.trail().orElseThrow(HistoryRoutes::none);
  }

  private static Refused none() {
    return away("This server keeps none.").refused();
  }

  static Problem away(String why) {
    return Problem.of(ProblemType.HISTORY_UNAVAILABLE, why).retryAfter(Duration.ofSeconds(5));
  }

  private static <T> Answer answered(HistoryReply<T> reply, Function<T, Answer> shape) {
    return switch (reply) {
      case HistoryReply.Found<T> found -> shape.apply(found.value());
      case HistoryReply.Away<T> away -> Answer.Reply.of(away(away.why()));
    };
  }

  /** One page, or everything in a file. */
  private static <T> CompletionStage<Answer> list(Exchange exchange, Export<T> whole) {
    Optional<Export.Format> format = exchange.query("format", FORMATS);
    if (format.isPresent()) {
      return CompletableFuture.completedFuture(whole.as(format.get()));
    }
    Optional<String> cursor = exchange.query("cursor", LONGEST_CURSOR);
    CompletionStage<HistoryReply<Page<T>>> page;
    try {
      page = whole.pages().apply(cursor);
    } catch (IllegalArgumentException notOurs) {
      throw Problem.of(ProblemType.INVALID_CURSOR, "This cursor is from no page of this list.")
          .refused();
    }
    return page.thenApply(reply -> answered(reply, p -> page(p, whole.json())));
  }

  private static <T> Answer page(Page<T> page, Function<T, ObjectNode> shape) {
    ObjectNode json = Json.object();
    ArrayNode items = json.putArray("items");
    page.items().forEach(item -> items.add(shape.apply(item)));
    json.put("next", page.next().orElse(null));
    return Answer.Reply.json(200, json);
  }

  private static Optional<Instant> time(Exchange exchange, String name) {
    return exchange
        .query(name, 64)
        .map(
            text -> {
              try {
                return OffsetDateTime.parse(text).toInstant();
              } catch (DateTimeParseException e) {
                throw Fields.wrong(ProblemType.INVALID_VALUE, name, "must be a time of RFC 3339");
              }
            });
  }

  private static <T> Optional<T> id(
      Exchange exchange, String name, Function<String, Optional<T>> parse) {
    return exchange
        .query(name, LONGEST)
        .map(
            text ->
                parse
                    .apply(text)
                    .orElseThrow(
                        () -> Fields.wrong(ProblemType.INVALID_VALUE, name, "is not an id")));
  }

  private static int limit(Exchange exchange) {
    return exchange.query("format", FORMATS).isPresent() ? PAGE : exchange.limit();
  }

  // Sessions

  private CompletionStage<Answer> sessions(Exchange exchange) {
    HistoryService history = history();
    SessionHistoryQuery query =
        new SessionHistoryQuery(
            exchange.query("provider", LONGEST),
            exchange.query("state", SESSION_STATES),
            id(exchange, "conversation", ConversationId::parse),
            exchange.query("q", LONGEST_PREFIX),
            time(exchange, "from"),
            time(exchange, "to"),
            Optional.empty(),
            limit(exchange));
    return list(
        exchange,
        new Export<>(
            "sessions",
            cursor -> history.sessions(query.after(cursor)),
            HistoryShape::session,
            HistoryShape.SESSION_COLUMNS,
            HistoryShape::line));
  }

  private CompletionStage<Answer> session(Exchange exchange) {
    SessionId id =
        SessionId.parse(exchange.path("id")).orElseThrow(() -> noSuch(ProblemType.NO_SUCH_SESSION));
    HistoryService history = history();
    return history.session(id).thenCombine(history.events(id), HistoryRoutes::session);
  }

  private static Answer session(
      HistoryReply<Optional<SessionRecord>> session, HistoryReply<List<EventRecord>> events) {
    return answered(
        session,
        found ->
            answered(
                events,
                its -> {
                  if (found.isEmpty()) {
                    throw noSuch(ProblemType.NO_SUCH_SESSION);
                  }
                  ObjectNode json = HistoryShape.session(found.get());
                  json.set("events", HistoryShape.events(its));
                  return Answer.Reply.json(200, json);
                }));
  }

  private static Refused noSuch(ProblemType type) {
    return Problem.of(type, "The history has none of this id.").refused();
  }

  // Transfers

  private CompletionStage<Answer> transfers(Exchange exchange) {
    HistoryService history = history();
    TransferHistoryQuery query =
        new TransferHistoryQuery(
            exchange.query("state", TRANSFER_STATES),
            exchange.query("outcome", OUTCOMES),
            id(exchange, "session", SessionId::parse),
            id(exchange, "conversation", ConversationId::parse),
            exchange.query("principal", LONGEST),
            exchange.query("q", LONGEST_PREFIX),
            time(exchange, "from"),
            time(exchange, "to"),
            Optional.empty(),
            limit(exchange));
    return list(
        exchange,
        new Export<>(
            "transfers",
            cursor -> history.transfers(query.after(cursor)),
            HistoryShape::transfer,
            HistoryShape.TRANSFER_COLUMNS,
            HistoryShape::line));
  }

  private CompletionStage<Answer> transfer(Exchange exchange) {
    TransferId id =
        TransferId.parse(exchange.path("id"))
            .orElseThrow(() -> noSuch(ProblemType.NO_SUCH_TRANSFER));
    return history()
        .transfer(id)
        .thenApply(
            reply ->
                answered(
                    reply,
                    found ->
                        Answer.Reply.json(
                            200,
                            HistoryShape.transfer(
                                found.orElseThrow(() -> noSuch(ProblemType.NO_SUCH_TRANSFER))))));
  }

  // Audit

  private CompletionStage<Answer> audit(Exchange exchange) {
    AuditTrail trail = trail();
    AuditQuery query =
        new AuditQuery(
            exchange.query("principal", LONGEST),
            exchange.query("action", LONGEST),
            exchange.query("subject", LONGEST),
            exchange.query("result", LONGEST),
            time(exchange, "from"),
            time(exchange, "to"),
            Optional.empty(),
            limit(exchange));
    return list(
        exchange,
        new Export<AuditRow>(
            "audit",
            cursor -> trail.rows(query.after(cursor)),
            HistoryShape::audit,
            HistoryShape.AUDIT_COLUMNS,
            HistoryShape::line));
  }

  private CompletionStage<Answer> verify(Exchange exchange) {
    return trail()
        .verify()
        .thenApply(
            reply ->
                answered(reply, found -> Answer.Reply.json(200, HistoryShape.verification(found))));
  }
}
