package org.jackfield.core.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferId;
import org.jackfield.api.transfer.TransferOutcome;

/**
 * Whether each outcome is true: by what the core had been told when it said so, and by the PBX
 * itself, for as long as nobody else has moved the call since.
 */
final class Outcomes {
  private final Verdict verdict;
  private final ModelPbx pbx;
  private final Acting acting;
  private final BooleanSupplier calm;

  /** What the core had been told when it last had nothing to do. */
  private final Picture known = new Picture();

  private final List<ProviderEvent> since = new ArrayList<>();
  private final Map<TransferId, Set<ConnectionId>> originals = new LinkedHashMap<>();
  private final Map<TransferId, Transfer> standing = new LinkedHashMap<>();
  private final Map<TransferId, Long> alone = new LinkedHashMap<>();

  /**
   * @param calm whether nothing has been broken so far: what was refused or lost may ring on
   */
  Outcomes(Verdict verdict, ModelPbx pbx, Acting acting, BooleanSupplier calm) {
    this.calm = calm;
    this.verdict = verdict;
    this.pbx = pbx;
    this.acting = acting;
    pbx.listen(this::happened);
  }

  /** Somebody or something else than the transfer has moved a call: its outcome may be past. */
  private void happened(ModelPbx.Told told) {
    if (!standing.isEmpty()) {
      standing
          .keySet()
          .removeIf(id -> told.cause() == null || !acting.of(id).commands.contains(told.cause()));
    }
  }

  /** A fact has reached the core. */
  void fact(ProviderEvent event) {
    since.add(event);
  }

  /** The core has nothing more to do with what it was told. */
  void idle() {
    since.forEach(known::apply);
    since.clear();
  }

  /** The core may have forgotten what it knew. */
  void invalid() {
    known.forget();
    since.clear();
  }

  boolean isValid() {
    return !known.isOld();
  }

  /** What the core has been told. */
  Picture known() {
    return known;
  }

  /**
   * The parties of its call are those of the last picture that has both whom the transfer names: of
   * what is on its way to the core, nobody sees how much it had taken in.
   */
  void accepted(Transfer transfer) {
    CallId call = acting.call(transfer.session());
    Set<ConnectionId> named = Set.of(transfer.transferor().party(), transfer.transferee().party());
    Picture now = known.copy();
    Set<ConnectionId> all = now.parties(call);
    for (ProviderEvent event : since) {
      now.apply(event);
      Set<ConnectionId> then = now.parties(call);
      if (then.containsAll(named)) {
        all = then;
      }
    }
    originals.put(transfer.id(), all.containsAll(named) ? all : named);
  }

  /**
   * The core has decided.
   *
   * @param settled whether nothing is on its way between PBX and core
   */
  void decided(Transfer last, boolean settled) {
    TransferOutcome outcome = last.outcome().orElseThrow();
    if (isValid() && outcome.evidence().verified()) {
      Picture now = known;
      boolean seen = holds(last, outcome, now);
      if (!seen) {
        now = known.copy();
        for (ProviderEvent event : since) {
          now.apply(event);
          seen |= holds(last, outcome, now);
        }
      }
      if (!seen) {
        verdict.broken(
            "an outcome is true by what was told",
            outcome.text() + " of " + text(last) + ", but " + now);
      }
    }
    if (settled && outcome.evidence().verified() && holds(last, outcome, pbx.truth())) {
      standing.put(last.id(), last);
    }
  }

  private static String text(Transfer t) {
    return t.transferor().address()
        + "'s call with "
        + t.transferee().address()
        + " to "
        + t.target().map(Object::toString).orElse("a held call");
  }

  /** Nothing is on its way: what was said still stands, unless somebody else has moved the call. */
  void settled() {
    for (Transfer last : standing.values()) {
      TransferOutcome outcome = last.outcome().orElseThrow();
      if (!holds(last, outcome, pbx.truth())) {
        verdict.broken(
            "an outcome stands until somebody else acts",
            outcome.text() + " of " + text(last) + ", but " + pbx.truth());
      }
    }
  }

  /** A transferee who is alone is brought to somebody, or let go, within the ladder's time. */
  void nobodyInTheVoid(List<Transfer> open, long now) {
    for (Transfer t : open) {
      if (!isAlone(t.transferee().party())) {
        alone.remove(t.id());
      } else if (now - alone.computeIfAbsent(t.id(), id -> now) > longest(t)) {
        verdict.broken("nobody is in the void", t.transferee().address() + " of " + text(t));
      }
    }
  }

  /**
   * Whoever holds a call has left it by himself to speak elsewhere and can come back: what he hears
   * in a call of his own is no void that a transfer has left him in (lineHold is the holder's act).
   */
  private boolean isAlone(ConnectionId who) {
    boolean alone = false;
    for (Collection<Connection> call : pbx.truth().with(who)) {
      boolean holds = call.stream().anyMatch(c -> c.id().equals(who) && c.state().isHeld());
      if (call.size() > 1 && holds) {
        return false;
      }
      alone |= call.size() == 1;
    }
    return alone;
  }

  /** Each rung has its time, and the PBX is asked before the next. */
  private static long longest(Transfer t) {
    int rungs = t.plan().recall().size() + 1;
    return rungs * (t.plan().timeouts().recall().toNanos() + 11_000_000_000L);
  }

  private boolean holds(Transfer t, TransferOutcome outcome, Picture picture) {
    Parties parties =
        new Parties(t, originals.get(t.id()), picture, call -> acting.concerns(t.id(), call));
    return switch (outcome) {
      case TransferOutcome.Completed c ->
          c.as() == CompleteAs.CONFERENCE ? parties.conferenced() : parties.delivered();
      case TransferOutcome.Reverted r -> parties.restored();
      case TransferOutcome.Abandoned a -> parties.abandoned();
      case TransferOutcome.Recalled r -> parties.delivered() || parties.restored();
      case TransferOutcome.Failed f ->
          !(isOvertaken(f) ? parties.deliveredTo(t.target()) : parties.delivered())
              && (!calm.getAsBoolean() || !parties.ringsForNobody());
    };
  }

  /** Whoever moved the call elsewhere did not complete what was asked for. */
  private static boolean isOvertaken(TransferOutcome outcome) {
    return outcome.cause().code() == Cause.Code.OVERTAKEN;
  }

  /** Where the parties of a transfer are in a picture: the topologies, from the tables. */
  static final class Parties {
    private final ConnectionId transferor;
    private final Set<ConnectionId> originals;
    private final Picture picture;
    private final Predicate<CallId> concerned;

    Parties(Transfer t, Set<ConnectionId> originals, Picture picture, Predicate<CallId> concerned) {
      this.concerned = concerned;
      this.transferor = t.transferor().party();
      this.originals = originals;
      this.picture = picture;
    }

    private boolean stays(Connection c) {
      return originals.contains(c.id()) && !c.id().equals(transferor);
    }

    private boolean isNew(Connection c) {
      return !originals.contains(c.id());
    }

    private static boolean talks(Connection c) {
      return c.state().isTalking();
    }

    /** It waits for nobody: it talks, or holds the others itself. */
    private static boolean takesPart(Connection c) {
      return c.state().isHeld() || c.state().isTalking() && !c.heldByThem();
    }

    private static boolean isThere(Connection c) {
      return c.state().isTalking() || c.state().isHeld();
    }

    private static boolean isIn(Collection<Connection> call, ConnectionId who) {
      return call.stream().anyMatch(c -> c.id().equals(who));
    }

    /** One who stays talks with somebody new, and the transferor is not there. */
    boolean delivered() {
      return deliveredTo(c -> true);
    }

    /** The same, and it is the target. */
    boolean deliveredTo(Optional<Address> target) {
      return deliveredTo(c -> target.isEmpty() || target.get().equals(c.address()));
    }

    private boolean deliveredTo(Predicate<Connection> whom) {
      return calls()
          .anyMatch(
              call ->
                  !isIn(call, transferor)
                      && call.stream().anyMatch(c -> stays(c) && takesPart(c))
                      && call.stream().anyMatch(c -> isNew(c) && isThere(c) && whom.test(c)));
    }

    /** One who stays, somebody new and the transferor talk in one call. */
    boolean conferenced() {
      return calls()
          .anyMatch(
              call ->
                  call.stream().anyMatch(c -> c.id().equals(transferor) && talks(c))
                      && call.stream().anyMatch(this::stays)
                      && call.stream().anyMatch(c -> isNew(c) && isThere(c)));
    }

    /** One who stays talks with the transferor, who is in no other call for it. */
    boolean restored() {
      return picture.with(transferor).size() >= 1
          && calls()
              .anyMatch(
                  call ->
                      call.stream().anyMatch(c -> c.id().equals(transferor) && talks(c))
                          && call.stream().anyMatch(c -> stays(c) && takesPart(c))
                          && call.stream().noneMatch(this::isNew));
    }

    /** A party that was needed is gone, and nobody rings for it. */
    boolean abandoned() {
      return (nobodyStays() || picture.with(transferor).isEmpty()) && !ringsForNobody();
    }

    private boolean nobodyStays() {
      return calls().noneMatch(call -> call.stream().anyMatch(this::stays));
    }

    /** Somebody rings for one who is not there any more. */
    boolean ringsForNobody() {
      return nobodyStays()
          && calls()
              .anyMatch(
                  call ->
                      call.stream().anyMatch(c -> isNew(c) && c.state() == ConnectionState.OFFERING)
                          && call.stream()
                              .noneMatch(c -> c.state().isTalking() || c.state().isHeld()));
    }

    private java.util.stream.Stream<Collection<Connection>> calls() {
      return picture.all().entrySet().stream()
          .filter(e -> concerned.test(e.getKey()))
          .map(e -> e.getValue().values());
    }
  }
}
