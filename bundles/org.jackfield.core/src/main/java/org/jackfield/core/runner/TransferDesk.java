package org.jackfield.core.runner;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.api.journal.Remembered;
import org.jackfield.api.policy.DestinationGuard;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Refusal;
import org.jackfield.api.session.Session;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.PlanReply;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferId;
import org.jackfield.api.transfer.TransferPlan;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferStep;
import org.jackfield.api.transfer.TransferTarget;
import org.jackfield.core.arbiter.Decision;
import org.jackfield.core.arbiter.LoopGuard;
import org.jackfield.core.arbiter.PreferenceRules;
import org.jackfield.core.arbiter.TransferArbiter;
import org.jackfield.core.session.CallWatcher;
import org.jackfield.core.session.LiveSession;
import org.jackfield.core.session.Published;
import org.jackfield.core.session.SessionLane;
import org.jackfield.core.transfer.Effect;
import org.jackfield.core.transfer.Machine;
import org.jackfield.core.transfer.TransferInput;
import org.jackfield.core.transfer.TransferView;

/** The transfers of one lane: takes requests, passes on what happens. Touched by its lane only. */
final class TransferDesk implements CallWatcher, TransferRunner.Owner {
  private static final Cause MOVED =
      new Cause(Cause.Code.OVERTAKEN, "the party was moved into another call", "");

  /** How many may wait to hear whether the transfer before theirs stands. */
  private static final int MOST_WAITING = 32;

  private final SessionLane lane;
  private final Published out;
  private final TransferIndex index;
  private final DestinationGuard guard;
  private final TransferArbiter arbiter;
  private final TransferRunner runner;
  private final Situations situations;
  private final Map<TransferId, RunningTransfer> running = new LinkedHashMap<>();

  /** So that a fact costs the same however many transfers are under way. */
  private final Map<CallId, List<RunningTransfer>> byCall = new HashMap<>();

  private final Set<RunningTransfer> touched = new LinkedHashSet<>();

  TransferDesk(
      SessionLane lane,
      Published out,
      TransferIndex index,
      Collection<DestinationGuard> guards,
      PreferenceRules rules,
      Machine machine) {
    this.lane = lane;
    this.out = out;
    this.index = index;
    this.guard = all(new LoopGuard(), guards);
    this.situations = new Situations(lane, out, index);
    this.arbiter = new TransferArbiter(rules, guard);
    this.runner = new TransferRunner(lane, out, index, this, machine);
  }

  /** The first that refuses decides. */
  private static DestinationGuard all(DestinationGuard own, Collection<DestinationGuard> more) {
    return (requester, session, transferor, target) -> {
      Optional<Refusal> no = own.judge(requester, session, transferor, target);
      for (DestinationGuard one : more) {
        no = no.or(() -> one.judge(requester, session, transferor, target));
      }
      return no;
    };
  }

  private Decision decide(TransferRequest request, Session session) {
    return arbiter.decide(request, situations.of(request, session));
  }

  /** Asks the arbiter again as things are: never for something else than the request allows. */
  @Override
  public Optional<TransferPlan> planAnew(RunningTransfer transfer, String fact) {
    Map<TransferPlan.Kind, String> refused = new EnumMap<>(TransferPlan.Kind.class);
    transfer.refused.forEach(
        kind -> refused.put(kind, kind == transfer.plan.kind() ? fact : "when it was begun"));
    return lane.calls()
        .find(transfer.home())
        .flatMap(LiveSession::published)
        .map(
            session ->
                arbiter.replan(
                    transfer.request,
                    transfer.transferor.party(),
                    situations.of(transfer, session),
                    refused))
        .filter(Decision.Planned.class::isInstance)
        .map(Decision.Planned.class::cast)
        .map(planned -> Replanning.after(fact, transfer.plan, planned.plan()));
  }

  private Optional<LiveSession> live(TransferRequest request) {
    return lane.calls().find(request.session()).filter(LiveSession::isPublished);
  }

  private static TransferReply.Refused noSession() {
    return refused(Reason.NO_SUCH_SESSION, "there is no such session, or it is over");
  }

  /** Takes over what an earlier life of the server has left under way. */
  void adopt(RunningTransfer transfer) {
    running.put(transfer.id, transfer);
    watch(transfer, transfer.home());
    transfer.away().ifPresent(call -> watch(transfer, call));
    runner.recovery.adopt(transfer);
    if (lane.isUp()) {
      transfer.ticket = lane.askForSnapshot();
    }
  }

  /** What would be done. */
  PlanReply plan(TransferRequest request) {
    Optional<LiveSession> session = live(request);
    if (session.isEmpty()) {
      return new PlanReply.Refused(noSession());
    }
    Optional<Refusal> draining = lane.draining().refusal();
    if (draining.isPresent()) {
      return new PlanReply.Refused(refused(draining.get().reason(), draining.get().detail()));
    }
    return switch (decide(request, session.get().published().orElseThrow())) {
      case Decision.Planned planned -> new PlanReply.Planned(planned.plan());
      case Decision.Refused no -> new PlanReply.Refused(no.reply());
    };
  }

  /** Takes a transfer on; {@code reply} is called once, before anything is asked of the PBX. */
  void transfer(TransferRequest request, Consumer<TransferReply> reply) {
    Optional<LiveSession> session = live(request);
    if (session.isEmpty()) {
      reply.accept(noSession());
      return;
    }
    Optional<Refusal> noNewWork = lane.unwell().or(() -> lane.draining().refusal());
    if (noNewWork.isPresent()) {
      reply.accept(refused(noNewWork.get().reason(), noNewWork.get().detail()));
      return;
    }
    switch (decide(request, session.get().published().orElseThrow())) {
      case Decision.Refused no -> refuse(request, no.reply(), reply);
      case Decision.Planned planned -> accept(request, session.get(), planned, reply);
    }
  }

  /**
   * The second of two is told of the first when that one stands: else it would be sent to a
   * transfer that nobody can see, or that could not be made durable.
   */
  private void refuse(
      TransferRequest request, TransferReply.Refused no, Consumer<TransferReply> reply) {
    RunningTransfer first = no.existing().map(running::get).orElse(null);
    if (first == null || first.revision > 0) {
      reply.accept(no);
    } else if (first.waiting.size() < MOST_WAITING) {
      first.waiting.add(() -> transfer(request, reply));
    } else {
      reply.accept(refused(Reason.OVERLOADED, "too much is waiting; try again in a second"));
    }
  }

  private void accept(
      TransferRequest request,
      LiveSession session,
      Decision.Planned planned,
      Consumer<TransferReply> reply) {
    RunningTransfer transfer =
        new RunningTransfer(
            new TransferId(out.environment().ids().next()),
            request,
            planned.plan(),
            session,
            planned.transferor(),
            planned.transferee(),
            out.environment().now());
    transfer.line(
        transfer.acceptedAt,
        "request",
        request.mode().text() + " by " + request.requester().principal());
    running.put(transfer.id, transfer);
    watch(transfer, session.call());
    held(request)
        .ifPresent(
            held -> {
              transfer.besides(held);
              watch(transfer, held.call());
            });
    Transfer accepted = runner.accept(transfer);
    out.journal()
        .append(
            new JournalRecord.TransferAccepted(
                lane.provider(), accepted, request, transfer.stands(List.of())))
        .whenComplete(
            (done, failure) -> lane.post(() -> accepted(transfer, failure == null, reply)));
  }

  private Optional<LiveSession> held(TransferRequest request) {
    return request.target() instanceof TransferTarget.Held held
        ? lane.calls().find(held.session())
        : Optional.empty();
  }

  private void accepted(RunningTransfer transfer, boolean written, Consumer<TransferReply> reply) {
    if (!written) {
      over(transfer);
      runner.forget(transfer);
      reply.accept(
          refused(Reason.JOURNAL_UNAVAILABLE, "the intent could not be made durable; try again"));
    } else {
      runner.publish(transfer);
      reply.accept(new TransferReply.Accepted(transfer.snapshot(lane.calls().may())));
      runner.begin(transfer);
    }
    List<Runnable> waiting = List.copyOf(transfer.waiting);
    transfer.waiting.clear();
    waiting.forEach(Runnable::run);
  }

  /** Takes a person's step; what is taken on is durable before it is told. */
  void step(TransferStep step, Consumer<TransferReply> reply) {
    TransferReply taken = step(step);
    RunningTransfer transfer = running.get(step.transfer());
    if (transfer == null || taken instanceof TransferReply.Refused) {
      reply.accept(taken);
      return;
    }
    transfer.written.whenComplete(
        (done, failure) ->
            lane.post(
                () ->
                    reply.accept(
                        failure == null
                            ? taken
                            : refused(
                                Reason.JOURNAL_UNAVAILABLE,
                                "it could not be made durable; look at the transfer, then try"
                                    + " again"))));
  }

  private TransferReply step(TransferStep step) {
    RunningTransfer transfer = running.get(step.transfer());
    if (transfer != null && transfer.recovering != null) {
      return refused(Reason.RECOVERING, "its calls have not been seen since the server started");
    }
    if (transfer == null || transfer.state == null) {
      return refused(Reason.NOT_PERMITTED_NOW, "the transfer has ended, or has not begun");
    }
    Optional<Refusal> may = mayStep(step, transfer);
    if (may.isPresent()) {
      return TransferReply.Refused.of(may.get());
    }
    TransferInput.Request input;
    switch (step) {
      case TransferStep.Dial dial -> {
        Optional<Address> to = dial.to().or(() -> requested(transfer));
        Optional<Refusal> no = to.isEmpty() ? noAddress() : judge(dial, transfer, to.get());
        if (no.isPresent()) {
          return TransferReply.Refused.of(no.get());
        }
        input = new TransferInput.DialRequested(to.orElseThrow());
      }
      case TransferStep.Alternate alternate -> input = new TransferInput.AlternateRequested();
      case TransferStep.Complete complete -> {
        CompleteAs as = complete.as().orElse(TransferView.completesAs(transfer.plan));
        input = new TransferInput.CompleteRequested(as);
      }
      case TransferStep.Cancel cancel -> input = new TransferInput.CancelRequested();
      case TransferStep.TakeOver takeOver -> {
        return takeOver(takeOver, transfer);
      }
    }
    Optional<Refusal> no = runner.feed(transfer, input);
    return no.<TransferReply>map(TransferReply.Refused::of)
        .orElseGet(() -> new TransferReply.Accepted(transfer.snapshot(lane.calls().may())));
  }

  /** Only the owner acts (TAPI's {@code LINECALLPRIVILEGE_OWNER}); anybody may become it. */
  private static Optional<Refusal> mayStep(TransferStep step, RunningTransfer transfer) {
    String owner = transfer.owner.principal();
    if (!(step instanceof TransferStep.TakeOver) && !owner.equals(step.requester().principal())) {
      return Optional.of(
          new Refusal(
              Reason.NOT_OWNER, "the transfer is " + owner + "'s; take it over, with a reason"));
    }
    if (step.ifRevision().isPresent() && step.ifRevision().getAsLong() != transfer.revision) {
      return Optional.of(
          new Refusal(
              Reason.STALE_REVISION,
              "the transfer has changed since; look at it again and decide anew"));
    }
    return Optional.empty();
  }

  private TransferReply takeOver(TransferStep.TakeOver step, RunningTransfer transfer) {
    if (transfer.outcome != null) {
      return refused(Reason.NOT_PERMITTED_NOW, "the transfer has ended");
    }
    String before = transfer.owner.principal();
    transfer.owner = step.requester();
    transfer.line(
        out.environment().now(),
        "request",
        "taken over from " + before + " by " + transfer.owner.principal() + ": " + step.reason());
    if (transfer.state != null) {
      transfer.written = out.journal(transfer.stands(List.of()));
    }
    runner.publish(transfer);
    return new TransferReply.Accepted(transfer.snapshot(lane.calls().may()));
  }

  private static Optional<Address> requested(RunningTransfer transfer) {
    return transfer.request.target() instanceof TransferTarget.To to
        ? Optional.of(to.address())
        : Optional.empty();
  }

  private static Optional<Refusal> noAddress() {
    return Optional.of(new Refusal(Reason.INVALID_ADDRESS, "name the address to dial"));
  }

  private Optional<Refusal> judge(TransferStep.Dial dial, RunningTransfer transfer, Address to) {
    return lane.calls()
        .find(transfer.home())
        .flatMap(LiveSession::published)
        .flatMap(home -> guard.judge(dial.requester(), home, transfer.transferor.party(), to));
  }

  private static TransferReply.Refused refused(Reason reason, String detail) {
    return TransferReply.Refused.of(new Refusal(reason, detail));
  }

  private List<RunningTransfer> all() {
    return running.isEmpty() ? List.of() : List.copyOf(running.values());
  }

  @Override
  public void watch(RunningTransfer transfer, CallId call) {
    if (transfer.watched.add(call)) {
      byCall.computeIfAbsent(call, c -> new ArrayList<>(1)).add(transfer);
    }
  }

  @Override
  public void over(RunningTransfer transfer) {
    running.remove(transfer.id);
    touched.remove(transfer);
    for (CallId call : transfer.watched) {
      byCall.computeIfPresent(
          call,
          (c, transfers) -> {
            transfers.remove(transfer);
            return transfers.isEmpty() ? null : transfers;
          });
    }
  }

  /** The transfers whose call it is now. */
  private List<RunningTransfer> of(CallId call) {
    List<RunningTransfer> watching = byCall.get(call);
    if (watching == null) {
      return List.of();
    }
    List<RunningTransfer> its = new ArrayList<>(watching.size());
    for (RunningTransfer transfer : watching) {
      if (transfer.concerns(call)) {
        its.add(transfer);
      }
    }
    return its;
  }

  // What happens to the calls.

  @Override
  public void connectionChanged(LiveSession session, Connection now) {
    for (RunningTransfer transfer : of(session.call())) {
      transfer.heard(isElsewhere(transfer, now) ? now.left(MOVED) : now);
      touched.add(transfer);
    }
  }

  /** Whether a party that left one of a transfer's calls was moved into a call of others. */
  private boolean isElsewhere(RunningTransfer transfer, Connection now) {
    return now.state().isOver()
        && lane.calls().of(now.id()).stream().anyMatch(s -> !transfer.concerns(s.call()));
  }

  @Override
  public void ended(LiveSession session, Cause cause) {
    for (RunningTransfer transfer : of(session.call())) {
      session.connections().forEach(c -> transfer.left.putIfAbsent(c.id(), cause));
      touch(transfer);
    }
  }

  @Override
  public void merged(LiveSession from, LiveSession into) {
    for (RunningTransfer transfer : of(from.call())) {
      transfer.meets(from, into);
      transfer.follow(from.call(), into.call());
      watch(transfer, into.call());
      touch(transfer);
    }
  }

  private void touch(RunningTransfer transfer) {
    transfer.touched = true;
    touched.add(transfer);
  }

  @Override
  public void settle() {
    // Two old pictures side by side would show what is not; the new one is on its way.
    while (lane.isPictured() && !touched.isEmpty()) {
      RunningTransfer transfer = touched.iterator().next();
      touched.remove(transfer);
      if (transfer.touched) {
        runner.look(transfer);
      }
    }
  }

  @Override
  public void commandFailed(CommandId command, Cause cause) {
    for (RunningTransfer transfer : all()) {
      Effect.Act act = transfer.sent.get(command);
      // What a way back that is past has come to says nothing of the one that was asked for since.
      if (act != null && !ActSender.isPast(transfer, act)) {
        runner.feed(transfer, new TransferInput.StepFailed(act, cause));
      }
    }
  }

  @Override
  public void snapshotTaken(long ticket) {
    for (RunningTransfer transfer : all()) {
      if (transfer.ticket > 0 && transfer.ticket <= ticket) {
        transfer.ticket = 0;
        Remembered.Open left = transfer.recovering;
        if (left != null && !transfer.pictured) {
          transfer.pictured = true;
          runner.recovery.pictured(transfer, left);
          continue;
        }
        if (left != null) {
          runner.recovery.recovered(transfer);
          continue;
        }
        runner.feed(transfer, new TransferInput.SnapshotTaken());
        runner.resume(transfer);
      }
    }
  }

  @Override
  public void linkLost(Cause cause) {
    all().forEach(transfer -> runner.feed(transfer, new TransferInput.ProviderLost(cause)));
  }

  @Override
  public void linkUp() {
    if (!running.isEmpty()) {
      long ticket = lane.askForSnapshot();
      all().forEach(transfer -> transfer.ticket = ticket);
    }
  }

  @Override
  public void givenUp() {
    all()
        .forEach(
            transfer -> runner.feed(transfer, new TransferInput.DeadlinePassed(transfer.token)));
  }

  /** Whether nothing is under way, for tests of residue. */
  boolean isEmpty() {
    return running.isEmpty() && byCall.isEmpty();
  }
}
