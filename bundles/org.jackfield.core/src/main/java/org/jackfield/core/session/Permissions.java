package org.jackfield.core.session;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Refusal;

/**
 * What may be asked for a party now: what its PBX can ever do, cut to what the states allow (TAPI's
 * preconditions). Pure.
 */
public final class Permissions {
  private Permissions() {}

  /**
   * What decides.
   *
   * @param may what the PBX may ever do for the party's address
   * @param party the party
   * @param others the other connections of its session
   * @param elsewhere the states of the same party in its other sessions
   * @param underTransfer of a session with a transfer under way, what that permits the party
   * @param noTransfer why no transfer may begin, if none may
   */
  public record Situation(
      Capabilities may,
      Connection party,
      List<Connection> others,
      List<ConnectionState> elsewhere,
      Optional<Set<Operation>> underTransfer,
      Optional<Refusal> noTransfer) {
    public Situation {
      others = List.copyOf(others);
      elsewhere = List.copyOf(elsewhere);
    }
  }

  /** What begins a transfer: not permitted while the PBX is being taken out. */
  private static final long BEGIN =
      bit(Operation.BLIND_TRANSFER)
          | bit(Operation.CONSULT)
          | bit(Operation.ONE_STEP_CONSULT)
          | bit(Operation.COMPLETE)
          | bit(Operation.CONFERENCE)
          | bit(Operation.PARK);

  private static final int CONNECTED = bit(ConnectionState.CONNECTED);
  private static final int TALKING = CONNECTED | bit(ConnectionState.CONFERENCED);
  private static final int HELD =
      bit(ConnectionState.ON_HOLD) | bit(ConnectionState.ON_HOLD_PENDING_TRANSFER);
  private static final int DIALLING = bit(ConnectionState.DIALTONE) | bit(ConnectionState.DIALING);

  /** A state as a bit, so that several make a set. */
  static int bit(ConnectionState state) {
    return 1 << state.ordinal();
  }

  private static long bit(Operation operation) {
    return 1L << operation.ordinal();
  }

  /**
   * The operations that may be asked for a party of a session without a transfer, one bit for each:
   * those of which {@link #refusal} says nothing. Asked at each fact, so it makes no sentences.
   *
   * @param begins whether a transfer may begin
   * @param others the states of the session's other parties, one bit for each
   * @param parties how many are in the session
   * @param elsewhere the party's states in its other sessions
   */
  static long bits(
      Capabilities may,
      boolean begins,
      ConnectionState party,
      int others,
      int parties,
      List<ConnectionState> elsewhere) {
    if (party.isOver()) {
      return 0;
    }
    int there = 0;
    for (ConnectionState state : elsewhere) {
      there |= bit(state);
    }
    int here = bit(party);
    boolean talks = party.isTalking();
    boolean holds = party.isHeld();
    boolean withSomebody = here == CONNECTED && (others & (TALKING | HELD)) != 0;
    boolean talksThere = (there & CONNECTED) != 0;
    boolean transferable =
        party == ConnectionState.ON_HOLD_PENDING_TRANSFER
            || party == ConnectionState.ON_HOLD && may.has(Trait.TRANSFER_HELD);
    long bits = bit(Operation.CLEAR);
    if (withSomebody) {
      bits |= bit(Operation.BLIND_TRANSFER) | bit(Operation.PARK) | withRoom(may, elsewhere);
    }
    bits |= holds ? bit(Operation.RETRIEVE) : 0;
    bits |=
        holds && talksThere || here == CONNECTED && (there & HELD) != 0
            ? bit(Operation.ALTERNATE)
            : 0;
    bits |= (here & DIALLING) != 0 ? bit(Operation.DIAL) : 0;
    bits |= transferable && (there & targets(may)) != 0 ? bit(Operation.COMPLETE) : 0;
    bits |=
        transferable && talksThere && parties < may.limits().conference()
            ? bit(Operation.CONFERENCE)
            : 0;
    bits |= party == ConnectionState.OFFERING ? bit(Operation.REDIRECT) : 0;
    bits |= talks && (others & TALKING) == 0 ? bit(Operation.RECALL) : 0;
    return (begins ? bits : bits & ~BEGIN) & may.operations();
  }

  /** What holds the call, where the party does not hold as many as it may. */
  private static long withRoom(Capabilities may, List<ConnectionState> elsewhere) {
    int held = 0;
    int pending = 0;
    for (ConnectionState state : elsewhere) {
      held += state == ConnectionState.ON_HOLD ? 1 : 0;
      pending += state == ConnectionState.ON_HOLD_PENDING_TRANSFER ? 1 : 0;
    }
    return (held < may.limits().onHold() ? bit(Operation.HOLD) : 0)
        | (pending < may.limits().onHoldPending()
            ? bit(Operation.CONSULT) | bit(Operation.ONE_STEP_CONSULT)
            : 0);
  }

  private static int targets(Capabilities may) {
    return CONNECTED
        | (may.has(Trait.EARLY_COMPLETE)
            ? bit(ConnectionState.PROCEEDING) | bit(ConnectionState.RINGBACK)
            : 0)
        | (may.has(Trait.COMPLETE_ON_BUSY) ? bit(ConnectionState.BUSY) : 0);
  }

  /** The same for a session with a transfer under way, which permits what it permits. */
  static long bitsUnderTransfer(Capabilities may, ConnectionState party, long permitted) {
    return party.isOver() ? 0 : (permitted | bit(Operation.CLEAR)) & may.operations();
  }

  /** For each operation that may not be asked, why. */
  public static Map<Operation, Refusal> refused(Situation situation) {
    Map<Operation, Refusal> refused = new EnumMap<>(Operation.class);
    for (Operation operation : Operation.values()) {
      refusal(operation, situation).ifPresent(why -> refused.put(operation, why));
    }
    return refused;
  }

  /** Why an operation may not be asked for the party now, or empty if it may. */
  public static Optional<Refusal> refusal(Operation operation, Situation situation) {
    if (!situation.may.permits(operation)) {
      return no(
          Reason.NOT_SUPPORTED,
          "this PBX has no " + operation.text() + " for " + situation.party.address());
    }
    if (situation.party.state().isOver()) {
      return notNow("the party has left");
    }
    if (operation == Operation.CLEAR) {
      return Optional.empty();
    }
    if (situation.underTransfer.isPresent()) {
      return situation.underTransfer.get().contains(operation)
          ? Optional.empty()
          : no(Reason.TRANSFER_EXISTS, "a transfer of this session is under way");
    }
    Optional<Refusal> state = byState(operation, situation);
    return state.isEmpty() && (BEGIN & bit(operation)) != 0 ? situation.noTransfer : state;
  }

  private static Optional<Refusal> byState(Operation operation, Situation s) {
    ConnectionState state = s.party.state();
    return switch (operation) {
      case HOLD ->
          talkingWithSomebody(s)
              .or(() -> full(s, ConnectionState.ON_HOLD, s.may.limits().onHold()));
      case RETRIEVE -> unless(state.isHeld(), "the party holds nobody");
      case ALTERNATE ->
          unless(
              state.isHeld() && anywhere(s, EnumSet.of(ConnectionState.CONNECTED))
                  || state == ConnectionState.CONNECTED && holdsElsewhere(s),
              "the party does not hold one call and talk in another");
      case BLIND_TRANSFER, PARK -> talkingWithSomebody(s);
      case CONSULT, ONE_STEP_CONSULT ->
          talkingWithSomebody(s)
              .or(
                  () ->
                      full(
                          s,
                          ConnectionState.ON_HOLD_PENDING_TRANSFER,
                          s.may.limits().onHoldPending()));
      case DIAL ->
          unless(
              state == ConnectionState.DIALTONE || state == ConnectionState.DIALING,
              "the party has no dial tone");
      case COMPLETE ->
          transferable(s).or(() -> unless(anywhere(s, targets(s)), "there is no call to join"));
      case CONFERENCE ->
          transferable(s)
              .or(
                  () ->
                      unless(
                          anywhere(s, EnumSet.of(ConnectionState.CONNECTED)),
                          "the party does not talk in another call"))
              .or(() -> noRoom(s));
      case REDIRECT ->
          unless(state == ConnectionState.OFFERING, "the call is not offered to the party");
      case RECALL -> unless(waiting(s), "the party does not wait for anybody");
      case MAKE_CALL -> notNow("a new call is asked of an address, not of a party in a call");
      case CLEAR -> Optional.empty();
    };
  }

  private static Optional<Refusal> talkingWithSomebody(Situation s) {
    if (s.party.state() != ConnectionState.CONNECTED) {
      return notNow("the party is " + s.party.state().text() + ", not connected");
    }
    return unless(
        s.others.stream().anyMatch(c -> c.state().isTalking() || c.state().isHeld()),
        "the party is connected with nobody");
  }

  private static Optional<Refusal> full(Situation s, ConnectionState state, int limit) {
    long count = s.elsewhere.stream().filter(c -> c == state).count();
    return count < limit
        ? Optional.empty()
        : no(Reason.LIMIT_REACHED, "the party has " + count + " calls " + state.text());
  }

  /** A conference is of those in the call and of one more at least. */
  private static Optional<Refusal> noRoom(Situation s) {
    int most = s.may.limits().conference();
    return s.others.size() + 1 < most
        ? Optional.empty()
        : no(Reason.LIMIT_REACHED, "a conference has at most " + most + " parties");
  }

  /** Completion takes a call on consultation hold; one on hard hold only where that is declared. */
  private static Optional<Refusal> transferable(Situation s) {
    ConnectionState state = s.party.state();
    return unless(
        state == ConnectionState.ON_HOLD_PENDING_TRANSFER
            || state == ConnectionState.ON_HOLD && s.may.has(Trait.TRANSFER_HELD),
        "the party is " + state.text() + ", not on hold for a transfer");
  }

  private static Set<ConnectionState> targets(Situation s) {
    Set<ConnectionState> states = EnumSet.of(ConnectionState.CONNECTED);
    if (s.may.has(Trait.EARLY_COMPLETE)) {
      states.add(ConnectionState.PROCEEDING);
      states.add(ConnectionState.RINGBACK);
    }
    if (s.may.has(Trait.COMPLETE_ON_BUSY)) {
      states.add(ConnectionState.BUSY);
    }
    return states;
  }

  private static boolean anywhere(Situation s, Set<ConnectionState> states) {
    return s.elsewhere.stream().anyMatch(states::contains);
  }

  private static boolean holdsElsewhere(Situation s) {
    return s.elsewhere.stream().anyMatch(ConnectionState::isHeld);
  }

  private static boolean waiting(Situation s) {
    return s.party.state().isTalking() && s.others.stream().noneMatch(c -> c.state().isTalking());
  }

  private static Optional<Refusal> unless(boolean allowed, String why) {
    return allowed ? Optional.empty() : notNow(why);
  }

  private static Optional<Refusal> notNow(String why) {
    return no(Reason.NOT_PERMITTED_NOW, why);
  }

  private static Optional<Refusal> no(Reason reason, String detail) {
    return Optional.of(new Refusal(reason, detail));
  }
}
