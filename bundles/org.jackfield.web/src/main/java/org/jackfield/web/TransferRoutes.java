package org.jackfield.web;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.Page;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Refusal;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.PlanReply;
import org.jackfield.api.transfer.RecallRung;
import org.jackfield.api.transfer.Timeouts;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferId;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferQuery;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferStep;
import org.jackfield.api.transfer.TransferTarget;

/** Calls on the move. */
final class TransferRoutes {
  private static final int MOST_RUNGS = 8;
  private static final int LONGEST_REASON = 256;
  private static final int LONGEST_CURSOR = 512;
  private static final long DAY = Duration.ofDays(1).toMillis();

  private final Services services;
  private final SessionRoutes sessions;

  TransferRoutes(Services services, SessionRoutes sessions) {
    this.services = services;
    this.sessions = sessions;
  }

  void addTo(Router.Builder routes) {
    routes
        .on("POST", "/sessions/{id}/transfers", this::transfer)
        .get("/transfers", this::list)
        .get("/transfers/{id}", this::one)
        .on("POST", "/transfers/{id}/dial", e -> step(e, dial(e)))
        .on("POST", "/transfers/{id}/alternate", e -> step(e, alternate(e)))
        .on("POST", "/transfers/{id}/complete", e -> step(e, complete(e)))
        .on("POST", "/transfers/{id}/conference", e -> step(e, conference(e)))
        .on("POST", "/transfers/{id}/cancel", e -> step(e, cancel(e)))
        .on("POST", "/transfers/{id}/takeOver", e -> step(e, takeOver(e)));
  }

  private CompletionStage<Answer> transfer(Exchange exchange) {
    boolean dryRun = exchange.query("dryRun", Words.TRUTH).orElse(false);
    TransferRequest request = request(exchange);
    if (!dryRun) {
      return services
          .transfers()
          .transfer(request)
          .thenApply(reply -> answer(exchange, reply, request.session()));
    }
    return services
        .transfers()
        .plan(request)
        .thenApply(
            reply ->
                switch (reply) {
                  case PlanReply.Planned planned ->
                      Answer.Reply.json(200, TransferShape.plan(planned.plan()));
                  case PlanReply.Refused refused -> refused(refused.refused(), request.session());
                });
  }

  private TransferRequest request(Exchange exchange) {
    Fields fields = exchange.fields();
    TransferRequest request =
        new TransferRequest(
            exchange.requester(),
            SessionRoutes.id(exchange),
            fields.text("transferor", SessionRoutes.LONGEST_ID).map(ConnectionId::new),
            target(fields),
            fields.choice("mode", Words.MODES).orElse(TransferMode.AUTO),
            fields.choice("complete", Words.COMPLETE_WHEN),
            fields.choice("release", Words.RELEASE_WHEN),
            fields.choice("completeAs", Words.COMPLETE_AS).orElse(CompleteAs.TRANSFER),
            Set.copyOf(fields.choices("needs", Words.NEEDS)),
            timeouts(fields.object("timeouts")),
            ladder(fields.objects("recall", MOST_RUNGS)),
            OptionalLong.empty(),
            fields.text("reason", LONGEST_REASON).orElse(""));
    fields.end();
    OptionalLong ifRevision = sessions.ifRevision(exchange);
    return ifRevision.isEmpty() ? request : insisting(request, ifRevision);
  }

  private static TransferRequest insisting(TransferRequest r, OptionalLong ifRevision) {
    return new TransferRequest(
        r.requester(),
        r.session(),
        r.transferor(),
        r.target(),
        r.mode(),
        r.complete(),
        r.release(),
        r.completeAs(),
        r.needs(),
        r.timeouts(),
        r.recall(),
        ifRevision,
        r.reason());
  }

  private static TransferTarget target(Fields fields) {
    Optional<String> target = fields.text("target", SessionRoutes.LONGEST_ADDRESS);
    Optional<String> held = fields.text("heldSession", SessionRoutes.LONGEST_ID);
    if (target.isPresent() && held.isPresent()) {
      throw Fields.wrong(ProblemType.INVALID_VALUE, "heldSession", "and target exclude each other");
    }
    if (held.isEmpty()) {
      return new TransferTarget.To(new Address(target.orElseThrow(() -> fields.missing("target"))));
    }
    return new TransferTarget.Held(
        SessionId.parse(held.get())
            .orElseThrow(
                () ->
                    Fields.wrong(
                        ProblemType.NO_SUCH_SESSION, "heldSession", "names no live session")));
  }

  private static Timeouts.Asked timeouts(Fields fields) {
    Timeouts.Asked asked =
        new Timeouts.Asked(
            time(fields, "answerMs"), time(fields, "completeMs"), time(fields, "recallMs"));
    fields.end();
    return asked;
  }

  private static Optional<Duration> time(Fields fields, String name) {
    OptionalLong millis = fields.whole(name, 1, DAY);
    return millis.isEmpty() ? Optional.empty() : Optional.of(Duration.ofMillis(millis.getAsLong()));
  }

  private static List<RecallRung> ladder(List<Fields> rungs) {
    List<RecallRung> ladder = new ArrayList<>();
    for (Fields rung : rungs) {
      ladder.add(rung(rung));
      rung.end();
    }
    return ladder;
  }

  private static RecallRung rung(Fields fields) {
    String to = fields.requiredChoice("to", Words.RECALL);
    if (to.equals("transferor")) {
      return new RecallRung.ToTransferor();
    }
    Address address = new Address(fields.requiredText("address", SessionRoutes.LONGEST_ADDRESS));
    return to.equals("park") ? new RecallRung.ToPark(address) : new RecallRung.ToAddress(address);
  }

  private Answer list(Exchange exchange) {
    Optional<String> cursor = exchange.query("cursor", LONGEST_CURSOR);
    Optional<SessionId> session =
        exchange
            .query("session", SessionRoutes.LONGEST_ID)
            .map(
                text ->
                    SessionId.parse(text)
                        .orElseThrow(
                            () ->
                                Fields.wrong(
                                    ProblemType.INVALID_VALUE, "session", "is no session's id")));
    TransferQuery query =
        new TransferQuery(
            session,
            SessionRoutes.conversation(exchange),
            exchange.query("open", Words.TRUTH),
            cursor,
            exchange.limit());
    String asOf = services.log().latest().toString();
    Page<Transfer> page = SessionRoutes.page(() -> services.transfers().list(query), cursor);
    return Answer.Reply.json(
        200,
        SessionRoutes.items(page.items(), TransferShape::transfer, page.next()).put("asOf", asOf));
  }

  private Answer one(Exchange exchange) {
    TransferId id = id(exchange);
    Transfer transfer = services.transfers().find(id).orElseThrow(TransferRoutes::unknown);
    String tag = tag(transfer);
    Optional<String> known = exchange.header("If-None-Match", SessionRoutes.LONGEST_ID);
    Answer.Reply reply =
        known.isPresent() && ETag.matches(known.get(), tag)
            ? Answer.Reply.empty(304)
            : Answer.Reply.json(200, TransferShape.transfer(transfer));
    return reply.with("ETag", tag);
  }

  private String tag(Transfer transfer) {
    return ETag.of(sessions.epoch(), transfer.revision());
  }

  private TransferStep dial(Exchange exchange) {
    Fields fields = exchange.fields();
    Optional<Address> to = fields.text("to", SessionRoutes.LONGEST_ADDRESS).map(Address::new);
    fields.end();
    return new TransferStep.Dial(exchange.requester(), id(exchange), ifRevision(exchange), to);
  }

  private TransferStep alternate(Exchange exchange) {
    exchange.fields().end();
    return new TransferStep.Alternate(exchange.requester(), id(exchange), ifRevision(exchange));
  }

  private TransferStep complete(Exchange exchange) {
    Fields fields = exchange.fields();
    Optional<CompleteAs> as = fields.choice("as", Words.COMPLETE_AS);
    fields.end();
    return new TransferStep.Complete(exchange.requester(), id(exchange), ifRevision(exchange), as);
  }

  private TransferStep conference(Exchange exchange) {
    exchange.fields().end();
    return new TransferStep.Complete(
        exchange.requester(),
        id(exchange),
        ifRevision(exchange),
        Optional.of(CompleteAs.CONFERENCE));
  }

  private TransferStep cancel(Exchange exchange) {
    exchange.fields().end();
    return new TransferStep.Cancel(exchange.requester(), id(exchange), ifRevision(exchange));
  }

  private TransferStep takeOver(Exchange exchange) {
    Fields fields = exchange.fields();
    String reason = fields.requiredText("reason", LONGEST_REASON);
    fields.end();
    if (reason.isBlank()) {
      throw Fields.wrong(ProblemType.INVALID_VALUE, "reason", "must say why");
    }
    return new TransferStep.TakeOver(
        exchange.requester(), id(exchange), ifRevision(exchange), reason);
  }

  private OptionalLong ifRevision(Exchange exchange) {
    return sessions.ifRevision(exchange);
  }

  private CompletionStage<Answer> step(Exchange exchange, TransferStep step) {
    return services
        .transfers()
        .step(step)
        .thenApply(
            reply ->
                switch (reply) {
                  case TransferReply.Accepted accepted -> accepted(exchange, accepted.transfer());
                  case TransferReply.Refused refused ->
                      Answer.Reply.of(explained(refused, step.transfer()));
                });
  }

  /** Adds what helps the caller on: how the transfer is now, or whose it is. */
  private Problem explained(TransferReply.Refused refused, TransferId id) {
    Problem problem = TransferShape.problem(refused);
    Optional<Transfer> now = services.transfers().find(id);
    Reason reason = refused.refusal().reason();
    if (now.isPresent() && reason == Reason.STALE_REVISION) {
      return problem.with("current", TransferShape.transfer(now.get()));
    }
    return now.isPresent() && reason == Reason.NOT_OWNER
        ? problem.with("owner", now.get().owner().principal())
        : problem;
  }

  private Answer answer(Exchange exchange, TransferReply reply, SessionId session) {
    return switch (reply) {
      case TransferReply.Accepted accepted -> accepted(exchange, accepted.transfer());
      case TransferReply.Refused refused -> refused(refused, session);
    };
  }

  private Answer refused(TransferReply.Refused refused, SessionId session) {
    Problem problem = TransferShape.problem(refused);
    Optional<String> owner =
        refused
            .existing()
            .flatMap(services.transfers()::find)
            .map(existing -> existing.owner().principal());
    return Answer.Reply.of(
        sessions.explained(owner.map(who -> problem.with("owner", who)).orElse(problem), session));
  }

  private Answer accepted(Exchange exchange, Transfer transfer) {
    return Answer.Reply.json(202, TransferShape.transfer(transfer))
        .with("ETag", tag(transfer))
        .with("Location", exchange.location("/transfers/" + transfer.id()));
  }

  private static TransferId id(Exchange exchange) {
    return TransferId.parse(exchange.path("id")).orElseThrow(TransferRoutes::unknown);
  }

  private static Refused unknown() {
    return Problem.of(new Refusal(Reason.NO_SUCH_TRANSFER, "No transfer has this id.")).refused();
  }
}
