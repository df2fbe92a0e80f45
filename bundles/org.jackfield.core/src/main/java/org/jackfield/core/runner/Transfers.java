package org.jackfield.core.runner;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jackfield.api.audit.AuditEntry;
import org.jackfield.api.audit.AuditLog;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.api.journal.Remembered;
import org.jackfield.api.policy.DestinationGuard;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Page;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Refusal;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.transfer.PlanReply;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferEvent;
import org.jackfield.api.transfer.TransferId;
import org.jackfield.api.transfer.TransferOutcome;
import org.jackfield.api.transfer.TransferQuery;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferService;
import org.jackfield.api.transfer.TransferStep;
import org.jackfield.core.arbiter.PreferenceRules;
import org.jackfield.core.session.CallWatcher;
import org.jackfield.core.session.LaneWork;
import org.jackfield.core.session.LiveSession;
import org.jackfield.core.session.Published;
import org.jackfield.core.session.SessionLane;
import org.jackfield.core.transfer.Machine;

/** The front door to the transfers: finds the lane, audits the answer. */
public final class Transfers implements TransferService, LaneWork {
  private final Published out;
  private final AuditLog audit;
  private final Collection<DestinationGuard> guards;
  private final PreferenceRules rules;
  private final Machine machine;
  private final TransferIndex index = new TransferIndex();
  private final Map<String, Place> places = new ConcurrentHashMap<>();

  /** What an earlier life of the server has left on PBXs that have no lane yet. */
  private final Map<String, List<RunningTransfer>> waiting = new ConcurrentHashMap<>();

  /**
   * @param rules the policy; read at each request
   * @param machine by which transfers step
   */
  public Transfers(
      Published out,
      AuditLog audit,
      Collection<DestinationGuard> guards,
      PreferenceRules rules,
      Machine machine) {
    this.out = out;
    this.audit = audit;
    this.guards = guards;
    this.rules = rules;
    this.machine = machine;
  }

  private record Place(SessionLane lane, TransferDesk desk) {}

  @Override
  public CallWatcher open(SessionLane lane) {
    TransferDesk desk = new TransferDesk(lane, out, index, guards, rules, machine);
    places.put(lane.provider(), new Place(lane, desk));
    List<RunningTransfer> left = waiting.remove(lane.provider());
    if (left != null) {
      lane.post(() -> left.forEach(desk::adopt));
    }
    return desk;
  }

  /** Shows what an earlier life of the server has left; before the first lane is made. */
  public void remember(Remembered left) {
    for (Transfer ended : left.ended()) {
      index.publish("", ended);
      index.end(ended, Set.of());
    }
    left.open().forEach((provider, all) -> waiting.put(provider, show(provider, all)));
    if (!waiting.isEmpty()) {
      out.environment().timers().after(Recovery.GIVEN_UP, this::giveUp);
    }
  }

  private List<RunningTransfer> show(String provider, List<Remembered.Open> all) {
    List<RunningTransfer> its = new ArrayList<>();
    for (Remembered.Open one : all) {
      RunningTransfer transfer = new RunningTransfer(one);
      transfer.line(
          out.environment().now(),
          "recovery",
          "the server was started again; how its calls are is asked of the PBX");
      transfer.claimed.forEach(session -> index.claim(session, transfer.id));
      index.publish(provider, transfer.snapshot(Capabilities.NONE));
      its.add(transfer);
    }
    return its;
  }

  /** Their PBX is not even configured any more. */
  private void giveUp() {
    for (String provider : List.copyOf(waiting.keySet())) {
      List<RunningTransfer> its = waiting.remove(provider);
      if (its != null) {
        its.forEach(this::giveUp);
      }
    }
  }

  private void giveUp(RunningTransfer transfer) {
    transfer.recovering = null;
    transfer.outcome =
        new TransferOutcome.Failed(
            transfer.topology.places(),
            new TransferOutcome.Evidence(List.of("its PBX is not configured any more")),
            Cause.of(Cause.Code.PROVIDER_LOST));
    transfer.line(out.environment().now(), "outcome", "failed: its PBX is not configured any more");
    Transfer last = transfer.snapshot(Capabilities.NONE);
    out.journal()
        .append(new JournalRecord.TransferEnded(last))
        .whenComplete(
            (done, failure) -> {
              index.end(last, transfer.claimed);
              out.teller().tell(new TransferEvent.Ended(last));
            });
  }

  @Override
  public void gone(String provider) {
    places.remove(provider);
  }

  /** What the transfer under way says of a session's parties, by what is published. */
  public Optional<LiveSession.Marks> marks(Session session) {
    return ofSession(session.id())
        .map(
            t ->
                new LiveSession.Marks(
                    Set.of(t.transferor().party()),
                    Set.of(),
                    RunningTransfer.operations(t.permitted())));
  }

  private Optional<Place> place(SessionId session) {
    return out.index().provider(session).map(places::get);
  }

  @Override
  public CompletionStage<TransferReply> transfer(TransferRequest request) {
    Answer answer = new Answer(request.requester(), "transfer", "session/" + request.session());
    Optional<Place> place = place(request.session());
    if (place.isEmpty()) {
      answer.refuse(Reason.NO_SUCH_SESSION, "there is no such session, or it is over");
    } else if (!place
        .get()
        .lane
        .request(
            Optional.of(request.session()),
            () -> place.get().desk.transfer(request, answer::give))) {
      answer.refuse(Reason.OVERLOADED, "too much is waiting; try again in a second");
    }
    return answer.future;
  }

  @Override
  public CompletionStage<PlanReply> plan(TransferRequest request) {
    CompletableFuture<PlanReply> future = new CompletableFuture<>();
    Optional<Place> place = place(request.session());
    if (place.isEmpty()) {
      planned(
          request,
          future,
          new PlanReply.Refused(
              refused(Reason.NO_SUCH_SESSION, "there is no such session, or it is over")));
    } else if (!place
        .get()
        .lane
        .request(
            Optional.of(request.session()),
            () -> planned(request, future, place.get().desk.plan(request)))) {
      planned(
          request,
          future,
          new PlanReply.Refused(
              refused(Reason.OVERLOADED, "too much is waiting; try again in a second")));
    }
    return future;
  }

  /**
   * A dry run that shows a plan is no act, and leaves no entry. One that is refused is a refusal as
   * any other: who tries out where calls may be sent is to be seen.
   */
  private void planned(
      TransferRequest request, CompletableFuture<PlanReply> future, PlanReply reply) {
    if (reply instanceof PlanReply.Refused no) {
      Refusal why = no.refused().refusal();
      audit.record(
          new AuditEntry(
              out.environment().now(),
              request.requester(),
              "plan",
              "session/" + request.session(),
              why.reason().text(),
              why.detail()));
    }
    complete(future, reply);
  }

  @Override
  public CompletionStage<TransferReply> step(TransferStep step) {
    Answer answer =
        new Answer(step.requester(), action(step), "transfer/" + step.transfer())
            .and(step instanceof TransferStep.TakeOver t ? ": " + t.reason() : "");
    Optional<Transfer> transfer = index.find(step.transfer());
    Optional<Place> place = index.provider(step.transfer()).map(places::get);
    if (transfer.isEmpty()) {
      answer.refuse(Reason.NO_SUCH_TRANSFER, "there is no such transfer");
    } else if (place.isEmpty() && transfer.get().recovering()) {
      answer.refuse(Reason.RECOVERING, "its PBX has not been opened since the server started");
    } else if (place.isEmpty()) {
      answer.refuse(Reason.NOT_PERMITTED_NOW, "the transfer has ended");
    } else if (!place
        .get()
        .lane
        .request(
            Optional.of(transfer.get().session()),
            () -> place.get().desk.step(step, answer::give))) {
      answer.refuse(Reason.OVERLOADED, "too much is waiting; try again in a second");
    }
    return answer.future;
  }

  private static String action(TransferStep step) {
    return switch (step) {
      case TransferStep.Dial s -> "dial";
      case TransferStep.Alternate s -> "alternate";
      case TransferStep.Complete s -> "complete";
      case TransferStep.Cancel s -> "cancel";
      case TransferStep.TakeOver s -> "takeOver";
    };
  }

  private static TransferReply.Refused refused(Reason reason, String detail) {
    return TransferReply.Refused.of(new Refusal(reason, detail));
  }

  private <T> void complete(CompletableFuture<T> future, T value) {
    out.environment().blocking().execute(() -> future.complete(value));
  }

  /** One answer and its audit entry. */
  private final class Answer {
    private final Requester requester;
    private final String action;
    private final String subject;
    private String more = "";
    final CompletableFuture<TransferReply> future = new CompletableFuture<>();

    Answer(Requester requester, String action, String subject) {
      this.requester = requester;
      this.action = action;
      this.subject = subject;
    }

    /** What else the entry of an accepted request says. */
    Answer and(String detail) {
      more = detail;
      return this;
    }

    void refuse(Reason reason, String detail) {
      give(refused(reason, detail));
    }

    void give(TransferReply reply) {
      switch (reply) {
        case TransferReply.Accepted yes ->
            record("accepted", "transfer/" + yes.transfer().id() + more);
        case TransferReply.Refused no ->
            record(no.refusal().reason().text(), no.refusal().detail());
      }
      complete(future, reply);
    }

    private void record(String result, String detail) {
      audit.record(
          new AuditEntry(out.environment().now(), requester, action, subject, result, detail));
    }
  }

  @Override
  public Optional<Transfer> find(TransferId id) {
    return index.find(id);
  }

  @Override
  public Optional<Transfer> ofSession(SessionId session) {
    return index.ofSession(session);
  }

  @Override
  public Page<Transfer> list(TransferQuery query) {
    return query
        .conversation()
        .map(c -> index.list(query, out.genealogy().names(c)))
        .orElseGet(() -> index.list(query));
  }

  /** Whether nothing is under way, for tests of residue. */
  public boolean areIdle() {
    return index.isIdle() && places.values().stream().allMatch(p -> p.desk.isEmpty());
  }
}
