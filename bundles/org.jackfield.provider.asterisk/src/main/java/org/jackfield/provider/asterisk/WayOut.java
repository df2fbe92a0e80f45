package org.jackfield.provider.asterisk;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jackfield.provider.asterisk.CallState.Mode;

/**
 * The way of a kept call out of our hands: which two stay together, and that the PBX keeps them by
 * itself. Each step completes as {@link Steps} do. Confined to the provider's executor.
 */
final class WayOut {
  private final CallState state;
  private final Parties parties;
  private final Report report;
  private final Sequence sequence;
  private final Calls calls;
  private final Picture picture;
  private final Steps steps;

  WayOut(CallState state, Report report, Sequence sequence, Exchange exchange) {
    this.state = state;
    this.parties = state.parties;
    this.report = report;
    this.sequence = sequence;
    this.calls = exchange.calls();
    this.picture = exchange.picture();
    this.steps = exchange.steps();
  }

  /**
   * Asks that the call be where the PBX keeps it by itself: as it was before, with what was dialled
   * for it cleared; or as it is about to be, where that was on its way. Three who talk are left
   * alone.
   */
  void leave() {
    if (state.mode == Mode.CONFERENCE) {
      return;
    }
    var with = state.leavesWith();
    for (var handle : parties.handles()) {
      if (with == null
          ? handle.equals(parties.target)
          : !handle.equals(parties.held) && !handle.equals(with)) {
        steps.leaveWithout(handle);
      }
    }
    if (with != null) {
      steps.leaveTogether(parties.held, with);
    }
  }

  /** Whether nothing is left to do for {@link #leave}. */
  boolean isLeft() {
    if (state.mode == Mode.CONFERENCE) {
      return true;
    }
    var with = state.leavesWith();
    return with == null
        ? !parties.alive(parties.target)
        : steps.areLetGo(parties.held, with)
            && parties.handles().stream()
                .allMatch(h -> h.equals(parties.held) || h.equals(with) || !parties.alive(h));
  }

  /** Lets a party go; who was taken from us is not ours to let go. */
  CompletableFuture<Void> release(String handle) {
    return parties.isLost(handle) ? Steps.nothing() : steps.hangUp(handle);
  }

  /** Transferor and transferee as before. */
  CompletableFuture<Void> backTogether() {
    return state
        .bridges
        .intoTalk(parties.held, parties.transferor)
        .thenCompose(
            done -> {
              state.consultation.end();
              state.mode = Mode.TALK;
              state.pending = false;
              report.tell();
              return letGo(parties.held, parties.transferor);
            });
  }

  /**
   * Transferee and target together, the transferor out. The PBX has the two before the transferor
   * leaves, so that who sees it leave sees a call that does not need us any more.
   */
  CompletableFuture<Void> joinTarget() {
    var other = parties.target;
    if (other == null) {
      return Steps.nothing();
    }
    return steps
        .place(other)
        .thenCompose(done -> state.bridges.intoTalk(parties.held, other))
        .thenCompose(
            done -> {
              state.consultation.merge();
              state.mode = Mode.TALK;
              state.pending = false;
              state.goesWith = other;
              report.tell();
              return finishJoin(other);
            });
  }

  /** The last of it; done again where it was cut short. */
  CompletableFuture<Void> finishJoin(String other) {
    return steps
        .letGo(parties.held, other)
        .exceptionally(error -> null)
        .thenCompose(done -> release(parties.transferor))
        .thenRun(
            () -> {
              parties.transferor = other;
              parties.target = null;
              state.goesWith = null;
              report.tell();
              dissolveIfLetGo();
            });
  }

  /** The PBX keeps these two by itself; what we made is placed before. */
  CompletableFuture<Void> letGo(String first, String second) {
    return steps
        .place(first)
        .thenCompose(done -> steps.place(second))
        .thenCompose(done -> steps.letGo(first, second))
        .thenRun(this::dissolveIfLetGo);
  }

  /** It is not kept any more when the PBX has the two. */
  void dissolveIfLetGo() {
    if (steps.areLetGo(parties.held, parties.transferor)) {
      over();
    }
  }

  /** From here on the PBX keeps the call by itself, or it has ended. */
  void over() {
    state.consultation.end();
    state.over = true;
    state.call.stasis = null;
    state.bridges.remove();
    sequence.close();
    var left = new LinkedHashSet<String>();
    for (var handle : parties.handles()) {
      left.addAll(picture.component(handle, Set.of()));
      left.add(handle);
    }
    if (left.stream().noneMatch(picture::alive)) {
      calls.tell(state.call, List.of(), parties.why());
    }
    calls.claim(state.call, left);
    calls.refresh(left);
  }
}
