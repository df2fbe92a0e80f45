package org.jackfield.core.transfer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;

/**
 * Names what has changed between two topologies, so that a fact that was missed, doubled or came
 * out of order ends in the same inputs as one that came as it should.
 */
public final class Observation {
  private Observation() {}

  /**
   * What happened between the two, what went away first, then what stands now.
   *
   * @param left why connections left, by their ids, as far as it was told
   */
  public static List<TransferInput.Fact> between(
      Topology before, Topology now, Map<ConnectionId, Cause> left) {
    List<TransferInput.Fact> facts = new ArrayList<>();
    before.target().ifPresent(old -> targetGone(old, before, now, left).ifPresent(facts::add));
    if (before.awayLive() && !now.awayLive() && !now.targetHome()) {
      facts.add(new TransferInput.ConsultationOver(cause(before.transferorAway(), left)));
    }
    if (!before.transferorGone() && now.transferorGone()) {
      facts.add(
          new TransferInput.TransferorLeft(
              cause(before.transferorHome().or(before::transferorAway), left)));
    }
    if (!before.transfereeGone() && now.transfereeGone()) {
      facts.add(
          new TransferInput.TransfereeLeft(
              cause(Optional.of(before.transferees().getFirst()), left)));
    }
    facts.addAll(standing(now));
    return facts;
  }

  /** What stands now. Feeding it again changes nothing. */
  public static List<TransferInput.Fact> standing(Topology now) {
    List<TransferInput.Fact> facts = new ArrayList<>();
    add(facts, now.transferorGone(), new TransferInput.TransferorLeft(UNTOLD));
    add(facts, now.transfereeGone(), new TransferInput.TransfereeLeft(UNTOLD));
    add(facts, !now.strangers().isEmpty(), new TransferInput.Overtaken());
    add(facts, now.transferorAway().isPresent(), new TransferInput.ConsultationOpened());
    add(facts, now.transferorHeld(), new TransferInput.TransferorHeld());
    add(facts, now.targetAlerting(), new TransferInput.TargetAlerting());
    add(facts, now.targetBusy(), new TransferInput.TargetBusy());
    add(facts, now.targetAnswered(), new TransferInput.TargetAnswered());
    add(facts, now.conferenced(), new TransferInput.Conferenced());
    add(facts, now.joined(), new TransferInput.Joined());
    add(facts, now.transferorTalksHome(), new TransferInput.TransferorRetrieved());
    return facts;
  }

  private static final Cause UNTOLD = Cause.of(Cause.Code.UNKNOWN);

  private static void add(List<TransferInput.Fact> facts, boolean holds, TransferInput.Fact fact) {
    if (holds) {
      facts.add(fact);
    }
  }

  private static Optional<TransferInput.Fact> targetGone(
      Connection old, Topology before, Topology now, Map<ConnectionId, Cause> left) {
    if (now.target().filter(t -> t.id().equals(old.id())).isPresent()) {
      return Optional.empty();
    }
    Cause cause = cause(Optional.of(old), left);
    return Optional.of(
        before.targetAnswered()
            ? new TransferInput.TargetLeft(cause)
            : new TransferInput.TargetFailed(cause));
  }

  private static Cause cause(Optional<Connection> who, Map<ConnectionId, Cause> left) {
    return who.map(c -> left.getOrDefault(c.id(), UNTOLD)).orElse(UNTOLD);
  }
}
