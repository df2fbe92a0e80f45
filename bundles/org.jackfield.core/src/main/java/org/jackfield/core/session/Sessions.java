package org.jackfield.core.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jackfield.api.audit.AuditEntry;
import org.jackfield.api.audit.AuditLog;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.Kinship;
import org.jackfield.api.session.OperationId;
import org.jackfield.api.session.OperationReply;
import org.jackfield.api.session.OperationStatus;
import org.jackfield.api.session.Page;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Refusal;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.session.SessionQuery;
import org.jackfield.api.session.SessionRequest;
import org.jackfield.api.session.SessionService;

/** The front door to the sessions: finds the lane, audits the answer. */
public final class Sessions implements SessionService {
  private final Published out;
  private final Lanes lanes;
  private final OperationLog operations;
  private final AuditLog audit;
  private final Function<Session, Optional<LiveSession.Marks>> marks;

  /**
   * @param marks what a transfer under way says of a session's parties, by the published transfers
   */
  public Sessions(
      Published out,
      Lanes lanes,
      OperationLog operations,
      AuditLog audit,
      Function<Session, Optional<LiveSession.Marks>> marks) {
    this.out = out;
    this.lanes = lanes;
    this.operations = operations;
    this.audit = audit;
    this.marks = marks;
  }

  @Override
  public Optional<Session> find(SessionId id) {
    return out.index().find(id);
  }

  @Override
  public Page<Session> list(SessionQuery query) {
    return query
        .conversation()
        .map(c -> out.index().list(query, out.genealogy().members(c)))
        .orElseGet(() -> out.index().list(query));
  }

  @Override
  public int count() {
    return out.index().count();
  }

  @Override
  public Map<Operation, Refusal> refused(Session session, ConnectionId party) {
    Optional<Lanes.Entry> lane = lanes.find(session.provider());
    Optional<Party> found = session.party(party);
    if (lane.isEmpty() || found.isEmpty()) {
      return Map.of();
    }
    List<Connection> others = new ArrayList<>();
    for (Party other : session.parties()) {
      if (!other.id().equals(party)) {
        others.add(other.connection());
      }
    }
    List<ConnectionState> elsewhere =
        out.index().snapshot(session.id()).map(now -> now.elsewhere(party)).orElse(List.of());
    CallTable calls = lane.get().lane().calls();
    return Permissions.refused(
        new Permissions.Situation(
            calls.may(found.get().address()),
            found.get().connection(),
            others,
            elsewhere,
            marks.apply(session).map(m -> m.operations(party)),
            calls.noTransfer()));
  }

  @Override
  public CompletionStage<OperationReply> operate(SessionRequest request) {
    Answer answer = new Answer(request);
    String provider;
    Optional<SessionId> session = Optional.empty();
    switch (request) {
      case SessionRequest.MakeCall makeCall -> provider = makeCall.provider();
      case SessionRequest.OnSession onSession -> {
        session = Optional.of(onSession.session());
        Optional<String> found = out.index().provider(onSession.session());
        if (found.isEmpty()) {
          answer.refuse(Reason.NO_SUCH_SESSION, "there is no such session, or it is over");
          return answer.future;
        }
        provider = found.get();
      }
    }
    Optional<Lanes.Entry> lane = lanes.find(provider);
    if (lane.isEmpty()) {
      answer.refuse(Reason.NO_SUCH_PROVIDER, "there is no PBX of that name");
    } else if (!lane.get()
        .lane()
        .request(session, () -> lane.get().operations().handle(request, answer::give))) {
      answer.refuse(Reason.OVERLOADED, "too much is waiting; try again in a second");
    }
    return answer.future;
  }

  /** One answer and its audit entry. */
  private final class Answer {
    private final SessionRequest request;
    final CompletableFuture<OperationReply> future = new CompletableFuture<>();

    Answer(SessionRequest request) {
      this.request = request;
    }

    void refuse(Reason reason, String detail) {
      give(new OperationReply.Refused(new Refusal(reason, detail)));
    }

    void give(OperationReply reply) {
      audit.record(
          switch (reply) {
            case OperationReply.Accepted yes -> entry("accepted", "operation/" + yes.status().id());
            case OperationReply.Refused no ->
                entry(no.refusal().reason().text(), no.refusal().detail());
          });
      out.environment().blocking().execute(() -> future.complete(reply));
    }

    private AuditEntry entry(String result, String detail) {
      return new AuditEntry(
          out.environment().now(), request.requester(), action(), subject(), result, detail);
    }

    private String action() {
      return switch (request) {
        case SessionRequest.MakeCall r -> "makeCall";
        case SessionRequest.Hold r -> "hold";
        case SessionRequest.Retrieve r -> "retrieve";
        case SessionRequest.Alternate r -> "alternate";
        case SessionRequest.Clear r -> "clear";
        case SessionRequest.ClearAll r -> "clear";
        case SessionRequest.Redirect r -> "redirect";
      };
    }

    private String subject() {
      return switch (request) {
        case SessionRequest.MakeCall r -> "provider/" + r.provider();
        case SessionRequest.ClearAll r -> "session/" + r.session();
        case SessionRequest.Hold r -> subject(r, r.party());
        case SessionRequest.Retrieve r -> subject(r, r.party());
        case SessionRequest.Alternate r -> subject(r, r.party());
        case SessionRequest.Clear r -> subject(r, r.party());
        case SessionRequest.Redirect r -> subject(r, r.party());
      };
    }

    private static String subject(SessionRequest.OnSession request, ConnectionId party) {
      return "session/" + request.session() + "/parties/" + party;
    }
  }

  @Override
  public Optional<OperationStatus> operation(OperationId id) {
    return operations.find(id);
  }

  @Override
  public Optional<SessionId> mergedInto(SessionId id) {
    return out.genealogy().mergedInto(id);
  }

  @Override
  public List<Kinship> genealogy(SessionId id) {
    return out.genealogy().of(id);
  }

  @Override
  public ConversationId surviving(ConversationId id) {
    return out.genealogy().surviving(id);
  }
}
