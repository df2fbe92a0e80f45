package org.jackfield.core.runner;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Refusal;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferEvent;
import org.jackfield.api.transfer.TransferOutcome;
import org.jackfield.api.transfer.TransferPhase;
import org.jackfield.api.transfer.TransferPlan;
import org.jackfield.core.session.CallTable;
import org.jackfield.core.session.LiveSession;
import org.jackfield.core.session.Published;
import org.jackfield.core.session.SessionLane;
import org.jackfield.core.transfer.Advance;
import org.jackfield.core.transfer.Effect;
import org.jackfield.core.transfer.Machine;
import org.jackfield.core.transfer.Observation;
import org.jackfield.core.transfer.Topology;
import org.jackfield.core.transfer.TransferInput;
import org.jackfield.core.transfer.TransferState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives the transfers of one lane: feeds the machine, has carried out what it wants, and tells
 * each outcome once, when it is durable. Touched by its lane only.
 */
final class TransferRunner {
  private static final Logger LOG = LoggerFactory.getLogger(TransferRunner.class);

  private final SessionLane lane;
  private final Published out;
  private final TransferIndex index;
  private final Owner owner;
  private final Machine machine;
  private final ActSender sender;
  final Recovery recovery;

  /** Who passes on to a transfer what happens to its calls. */
  interface Owner {
    /** The transfer has another call now: its consultation. */
    void watch(RunningTransfer transfer, CallId call);

    /** Another plan for the transfer as things are, without the kinds that were refused. */
    Optional<TransferPlan> planAnew(RunningTransfer transfer, String fact);

    /** The transfer is over and nothing of it is left. */
    void over(RunningTransfer transfer);
  }

  TransferRunner(
      SessionLane lane, Published out, TransferIndex index, Owner owner, Machine machine) {
    this.lane = lane;
    this.out = out;
    this.index = index;
    this.owner = owner;
    this.machine = machine;
    this.sender = new ActSender(lane, out, this);
    this.recovery = new Recovery(lane, out, this, sender);
  }

  private CallTable calls() {
    return lane.calls();
  }

  /** Claims the session and publishes the transfer; nothing has been asked of the PBX yet. */
  Transfer accept(RunningTransfer t) {
    claim(t, t.request.session());
    t.consultation().ifPresent(held -> claim(t, held));
    return t.snapshot(calls().may());
  }

  /** A call that will be started for the transfer is its own before it is there. */
  void startsCall(RunningTransfer t, SessionId session) {
    t.consultation().ifPresent(calls()::expectNoMore);
    t.consultBy(session);
    owner.watch(t, CallTable.nameOf(session));
    claim(t, session);
    calls().expectConsultation(session, t.home());
  }

  private void claim(RunningTransfer t, SessionId session) {
    if (t.claimed.add(session)) {
      index.claim(session, t.id);
    }
  }

  /** It could not be made durable: as if it had never been asked for. */
  void forget(RunningTransfer t) {
    index.release(t.claimed, t.id);
  }

  /** Begins, when its acceptance is durable. */
  void begin(RunningTransfer t) {
    t.touched = false;
    t.left.clear();
    t.topology = t.look(calls());
    take(t, Advance.begin(machine, t.view(calls().may()), 0));
  }

  /** Looks whether its calls have changed, and feeds what that means. */
  void look(RunningTransfer t) {
    t.touched = false;
    TransferState state = t.state;
    if (state == null || t.outcome != null) {
      return;
    }
    Topology before = t.topology;
    if (t.recovering != null) {
      t.relocate(calls());
      owner.watch(t, t.home());
    }
    t.topology = t.look(calls());
    List<TransferInput.Fact> facts = new ArrayList<>();
    t.unseenFailure(before).ifPresent(facts::add);
    facts.addAll(Observation.between(before, t.topology, t.left));
    t.left.clear();
    for (TransferInput.Fact fact : facts) {
      if (fact instanceof TransferInput.TargetFailed || fact instanceof TransferInput.TargetLeft) {
        t.targetFailed();
      }
    }
    boolean moved = !before.equals(t.topology);
    if (moved || !facts.isEmpty()) {
      advance(t, state, facts, moved);
    }
  }

  /** Feeds one input. */
  Optional<Refusal> feed(RunningTransfer t, TransferInput input) {
    if (t.touched && lane.isPictured()) {
      look(t);
    }
    TransferState state = t.state;
    return state == null ? Optional.empty() : advance(t, state, List.of(input), false);
  }

  private Optional<Refusal> advance(
      RunningTransfer t, TransferState state, List<? extends TransferInput> inputs, boolean moved) {
    Advance advance;
    try {
      advance = Advance.of(machine, state, inputs, t.view(calls().may()));
    } catch (IllegalStateException bug) {
      LOG.error("transfer {} cannot go on", t.id, bug);
      TransferOutcome.Evidence evidence =
          new TransferOutcome.Evidence(List.of("the server has a fault: " + bug.getMessage()));
      finish(
          t,
          new TransferOutcome.Failed(t.topology.places(), evidence, Cause.of(Cause.Code.UNKNOWN)));
      return Optional.empty();
    }
    if (moved || !advance.lines().isEmpty()) {
      take(t, advance);
    }
    return advance.refusal();
  }

  private void take(RunningTransfer t, Advance advance) {
    Optional<TransferPhase> before = Optional.ofNullable(t.state).map(TransferState::phase);
    t.state = advance.state();
    for (Advance.Line line : advance.lines()) {
      t.line(out.environment().now(), line.source(), line.text());
    }
    TransferPhase phase = advance.state().phase();
    if (before.filter(p -> p == phase).isEmpty()) {
      // A picture that the phase before asked for may be older than what this one does; recovery
      // waits for one all the same.
      t.ticket = t.recovering == null || t.ticket == 0 ? 0 : lane.askForSnapshot();
      t.line(out.environment().now(), "phase", phase.text());
    }
    writeDown(t, advance.effects());
    for (Effect effect : advance.effects()) {
      carryOut(t, effect);
    }
    publish(t);
    if (!lane.isUp() && t.state instanceof TransferState.Live live && !live.deadline().lost()) {
      feed(t, new TransferInput.ProviderLost(Cause.of(Cause.Code.PROVIDER_LOST)));
    }
  }

  /** How it stands is written down before anything is asked for; the intents follow it. */
  private void writeDown(RunningTransfer t, List<Effect> effects) {
    List<Effect.Act> acts = new ArrayList<>();
    for (Effect effect : effects) {
      if (effect instanceof Effect.Arm arm) {
        t.until = out.environment().now().plus(recovery.patience(t, arm));
      } else if (effect instanceof Effect.Act act) {
        sender.prepare(t, act);
        acts.add(act);
      }
    }
    if (t.state instanceof TransferState.Live) {
      t.written = out.journal(t.stands(acts));
    }
  }

  /** The link is back, and how things are has been seen: sends what had to wait for it. */
  void resume(RunningTransfer t) {
    List<Effect.Act> waiting = List.copyOf(t.unsent);
    t.unsent.clear();
    for (Effect.Act act : waiting) {
      if (ActSender.isWanted(t, act)) {
        sender.prepare(t, act);
        out.journal(t.stands(List.of(act)));
        sender.intend(t, act);
      }
    }
  }

  /**
   * The PBX refused a step. If it was the plan's first and nothing has changed, another plan may do
   * what was asked; else the machine goes on from where it is.
   */
  void refused(RunningTransfer t, TransferInput.StepRefused refused, String fact) {
    if (t.touched && lane.isPictured()) {
      look(t);
    }
    TransferState state = t.state;
    if (state != null
        && t.outcome == null
        && TransferState.isReplaceable(state, refused, t.view(calls().may()))) {
      t.refused.add(t.plan.kind());
      Optional<TransferPlan> other = owner.planAnew(t, fact);
      if (other.isPresent()) {
        t.plan = other.get();
        t.line(
            out.environment().now(),
            "fact",
            fact + ": the plan is now " + other.get().kind().text());
        take(t, Advance.begin(machine, t.view(calls().may()), t.token));
        return;
      }
    }
    feed(t, refused);
  }

  private void carryOut(RunningTransfer t, Effect effect) {
    switch (effect) {
      case Effect.Arm arm -> {
        t.deadline.cancel();
        t.token = arm.token();
        t.deadline =
            lane.after(
                recovery.patience(t, arm),
                () -> feed(t, new TransferInput.DeadlinePassed(arm.token())));
      }
      case Effect.AskSnapshot ask -> t.ticket = lane.askForSnapshot();
      case Effect.Finish finish -> finish(t, finish.outcome());
      case Effect.Act act -> sender.intend(t, act);
    }
  }

  // How it ends.

  private void finish(RunningTransfer t, TransferOutcome outcome) {
    if (t.outcome != null) {
      return;
    }
    t.outcome = outcome;
    t.deadline.cancel();
    t.consultation().ifPresent(calls()::expectNoMore);
    t.line(
        out.environment().now(),
        "outcome",
        outcome.text()
            + (outcome.evidence().verified() ? ", verified: " : ", unverified: ")
            + outcome.cause().code().text());
    t.revision++;
    Transfer last = t.snapshot(calls().may());
    t.written = out.journal().append(new JournalRecord.TransferEnded(last));
    t.written.whenComplete((done, failure) -> lane.post(() -> told(t, last, failure)));
  }

  private void told(RunningTransfer t, Transfer last, @Nullable Throwable failure) {
    if (failure != null) {
      LOG.error("the outcome of transfer {} could not be made durable: {}", t.id, last, failure);
    }
    t.marked.forEach(session -> calls().mark(session, null));
    t.marked.clear();
    index.end(last, t.claimed);
    out.teller().tell(new TransferEvent.Ended(last));
    owner.over(t);
  }

  /**
   * Publishes it and what it makes of its sessions; once it has its outcome, that is told alone.
   */
  void publish(RunningTransfer t) {
    if (t.outcome != null) {
      return;
    }
    t.away().flatMap(calls()::find).ifPresent(session -> claim(t, session.id()));
    calls()
        .find(t.home())
        .ifPresent(
            session -> {
              claim(t, session.id());
              t.conversation = session.conversation();
            });
    t.changed(calls().may())
        .ifPresent(
            now -> {
              index.publish(lane.provider(), now);
              out.teller().tell(new TransferEvent.Changed(now));
            });
    mark(t);
  }

  private void mark(RunningTransfer t) {
    LiveSession.Marks marks = t.marks();
    calls().find(t.home()).ifPresent(session -> mark(t, session, marks));
    t.away().flatMap(calls()::find).ifPresent(session -> mark(t, session, marks));
    t.marked.removeIf(LiveSession::isOver);
  }

  private void mark(RunningTransfer t, LiveSession session, LiveSession.Marks marks) {
    if (!session.isMarked(marks)) {
      calls().mark(session, marks);
    }
    t.marked.add(session);
  }
}
