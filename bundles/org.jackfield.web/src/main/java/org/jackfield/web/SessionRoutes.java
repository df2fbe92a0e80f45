package org.jackfield.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.OperationId;
import org.jackfield.api.session.OperationReply;
import org.jackfield.api.session.OperationStatus;
import org.jackfield.api.session.Page;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Refusal;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.session.SessionQuery;
import org.jackfield.api.session.SessionRequest;

/** Live calls, and the single operations on them. */
final class SessionRoutes {
  static final int LONGEST_ID = 128;
  static final int LONGEST_ADDRESS = 128;

  /** A revision that nothing has: a tag of another start of the server is stale. */
  static final long NO_REVISION = -1;

  private static final int LONGEST_PREFIX = 64;
  private static final int LONGEST_CURSOR = 512;

  /** Makes the request for a party of a session. */
  private interface OfParty {
    SessionRequest of(SessionId session, ConnectionId party, OptionalLong ifRevision);
  }

  private final Services services;
  private final SessionShape shape;

  SessionRoutes(Services services, SessionShape shape) {
    this.services = services;
    this.shape = shape;
  }

  void addTo(Router.Builder routes) {
    routes
        .get("/sessions", this::list)
        .on("POST", "/sessions", this::makeCall)
        .get("/sessions/{id}", this::one)
        .on("DELETE", "/sessions/{id}", this::clearAll)
        .on("DELETE", "/sessions/{id}/parties/{party}", this::clear)
        .on("POST", "/sessions/{id}/hold", e -> ofBody(e, (s, p, r) -> hold(e, s, p, r)))
        .on("POST", "/sessions/{id}/retrieve", e -> ofBody(e, (s, p, r) -> retrieve(e, s, p, r)))
        .on("POST", "/sessions/{id}/alternate", e -> ofBody(e, (s, p, r) -> alternate(e, s, p, r)))
        .on("POST", "/sessions/{id}/redirect", this::redirect)
        .get("/operations/{id}", this::operation);
  }

  private static SessionRequest hold(Exchange e, SessionId s, ConnectionId p, OptionalLong r) {
    return new SessionRequest.Hold(e.requester(), s, p, r);
  }

  private static SessionRequest retrieve(Exchange e, SessionId s, ConnectionId p, OptionalLong r) {
    return new SessionRequest.Retrieve(e.requester(), s, p, r);
  }

  private static SessionRequest alternate(Exchange e, SessionId s, ConnectionId p, OptionalLong r) {
    return new SessionRequest.Alternate(e.requester(), s, p, r);
  }

  private Answer list(Exchange exchange) {
    Optional<String> cursor = exchange.query("cursor", LONGEST_CURSOR);
    SessionQuery query =
        new SessionQuery(
            exchange.query("provider", LONGEST_ID),
            exchange.query("state", Words.STATES),
            conversation(exchange),
            exchange.query("q", LONGEST_PREFIX),
            cursor,
            exchange.limit());
    String asOf = services.log().latest().toString();
    Page<Session> page = page(() -> services.sessions().list(query), cursor);
    return Answer.Reply.json(
        200, items(page.items(), shape::session, page.next()).put("asOf", asOf));
  }

  static Optional<ConversationId> conversation(Exchange exchange) {
    return exchange
        .query("conversation", LONGEST_ID)
        .map(
            text ->
                ConversationId.parse(text)
                    .orElseThrow(
                        () ->
                            Fields.wrong(
                                ProblemType.INVALID_VALUE,
                                "conversation",
                                "is no conversation's id")));
  }

  /** A service knows its own cursors, and says by an exception that one is not its own. */
  static <T> Page<T> page(java.util.function.Supplier<Page<T>> list, Optional<String> cursor) {
    try {
      return list.get();
    } catch (IllegalArgumentException e) {
      if (cursor.isEmpty()) {
        throw e;
      }
      throw Problem.of(ProblemType.INVALID_CURSOR, "Begin again without a cursor.")
          .with("field", "cursor")
          .refused();
    }
  }

  static <T> ObjectNode items(List<T> items, Function<T, ObjectNode> shape, Optional<String> next) {
    ObjectNode json = Json.object();
    ArrayNode array = json.putArray("items");
    items.forEach(item -> array.add(shape.apply(item)));
    json.put("next", next.orElse(null));
    return json;
  }

  private Answer one(Exchange exchange) {
    Session session = find(exchange);
    String tag = tag(session);
    Optional<String> known = exchange.header("If-None-Match", LONGEST_ID);
    Answer.Reply reply =
        known.isPresent() && ETag.matches(known.get(), tag)
            ? Answer.Reply.empty(304)
            : Answer.Reply.json(
                200,
                shape
                    .session(session)
                    .set("genealogy", shape.genealogy(session.id(), session.conversation())));
    return reply.with("ETag", tag);
  }

  private Session find(Exchange exchange) {
    SessionId id = id(exchange);
    return services.sessions().find(id).orElseThrow(() -> unknown(id).refused());
  }

  private CompletionStage<Answer> makeCall(Exchange exchange) {
    Fields fields = exchange.fields();
    String provider = fields.requiredText("provider", LONGEST_ID);
    Address from = new Address(fields.requiredText("from", LONGEST_ADDRESS));
    Address to = new Address(fields.requiredText("to", LONGEST_ADDRESS));
    fields.end();
    return operate(exchange, new SessionRequest.MakeCall(exchange.requester(), provider, from, to));
  }

  private CompletionStage<Answer> ofBody(Exchange exchange, OfParty request) {
    Fields fields = exchange.fields();
    ConnectionId party = new ConnectionId(fields.requiredText("party", LONGEST_ID));
    fields.end();
    return operate(exchange, request.of(id(exchange), party, ifRevision(exchange)));
  }

  private CompletionStage<Answer> redirect(Exchange exchange) {
    Fields fields = exchange.fields();
    ConnectionId party = new ConnectionId(fields.requiredText("party", LONGEST_ID));
    Address to = new Address(fields.requiredText("to", LONGEST_ADDRESS));
    fields.end();
    return operate(
        exchange,
        new SessionRequest.Redirect(
            exchange.requester(), id(exchange), party, to, ifRevision(exchange)));
  }

  private CompletionStage<Answer> clear(Exchange exchange) {
    ConnectionId party = new ConnectionId(exchange.path("party"));
    return operate(
        exchange,
        new SessionRequest.Clear(exchange.requester(), id(exchange), party, ifRevision(exchange)));
  }

  private CompletionStage<Answer> clearAll(Exchange exchange) {
    return operate(
        exchange,
        new SessionRequest.ClearAll(exchange.requester(), id(exchange), ifRevision(exchange)));
  }

  private CompletionStage<Answer> operate(Exchange exchange, SessionRequest request) {
    return services
        .sessions()
        .operate(request)
        .thenApply(
            reply ->
                switch (reply) {
                  case OperationReply.Accepted accepted -> accepted(exchange, accepted.status());
                  case OperationReply.Refused refused ->
                      Answer.Reply.of(explained(Problem.of(refused.refusal()), request));
                });
  }

  private static Answer accepted(Exchange exchange, OperationStatus status) {
    return Answer.Reply.json(202, SessionShape.operation(status))
        .with("Location", exchange.location("/operations/" + status.id()));
  }

  private Problem explained(Problem problem, SessionRequest request) {
    return request instanceof SessionRequest.OnSession on
        ? explained(problem, on.session())
        : problem;
  }

  /** Adds what helps the caller on: where the session went, or how it is now. */
  Problem explained(Problem problem, SessionId id) {
    if (problem.reason() == ProblemType.of(Reason.NO_SUCH_SESSION)) {
      return unknown(id);
    }
    Optional<Session> session =
        problem.reason() == ProblemType.of(Reason.STALE_REVISION)
            ? services.sessions().find(id)
            : Optional.empty();
    return session.isPresent() ? problem.with("current", shape.session(session.get())) : problem;
  }

  private Problem unknown(SessionId id) {
    return services.sessions().mergedInto(id).map(this::merged).orElseGet(SessionRoutes::nowhere);
  }

  private Problem merged(SessionId into) {
    Problem problem =
        Problem.of(
                ProblemType.SESSION_MERGED,
                "This session is over; its parties are in the one that is named.")
            .with("into", into.toString());
    return services
        .sessions()
        .find(into)
        .map(live -> problem.with("conversationId", live.conversation().toString()))
        .orElse(problem);
  }

  static SessionId id(Exchange exchange) {
    return SessionId.parse(exchange.path("id")).orElseThrow(() -> nowhere().refused());
  }

  private static Problem nowhere() {
    return Problem.of(new Refusal(Reason.NO_SUCH_SESSION, "No live session has this id."));
  }

  /** The revision in If-Match. */
  OptionalLong ifRevision(Exchange exchange) {
    Optional<String> header = exchange.header("If-Match", LONGEST_ID);
    if (header.isEmpty() || header.get().strip().equals("*")) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(ETag.revision(header.get(), epoch()).orElse(NO_REVISION));
  }

  private String tag(Session session) {
    return ETag.of(epoch(), session.revision());
  }

  String epoch() {
    return Long.toUnsignedString(services.log().epoch());
  }

  private Answer operation(Exchange exchange) {
    OperationStatus status =
        OperationId.parse(exchange.path("id"))
            .flatMap(id -> services.sessions().operation(id))
            .orElseThrow(
                () ->
                    Problem.of(ProblemType.NO_SUCH_OPERATION, "No operation has this id.")
                        .refused());
    return Answer.Reply.json(200, SessionShape.operation(status));
  }
}
