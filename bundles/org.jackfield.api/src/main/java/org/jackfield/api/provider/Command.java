package org.jackfield.api.provider;

import java.util.Optional;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.ReleaseWhen;

/**
 * What the server asks of a PBX. A driver switches over the records that it declares and refuses
 * the rest; new records may come, so it has a {@code default}.
 */
public sealed interface Command {
  CommandId id();

  /** The call it is about; of a command that starts a call, that call. */
  CallId call();

  /** The operation that must be declared for it. */
  Operation operation();

  /**
   * Ring {@code from}; when it answers, dial {@code to} for it. Facts: the connections of both. An
   * end that cannot be reached is told as disconnected with its cause, and the call ends.
   */
  record MakeCall(CommandId id, CallId call, Address from, Address to) implements Command {
    @Override
    public Operation operation() {
      return Operation.MAKE_CALL;
    }
  }

  /**
   * The party puts the call on hard hold. Facts: its state is ON_HOLD, the others are heldByThem
   * and hear music.
   */
  record Hold(CommandId id, CallId call, ConnectionId party) implements Command {
    @Override
    public Operation operation() {
      return Operation.HOLD;
    }
  }

  /**
   * The party takes the call back: from hard hold, from consultation hold (the consultation is
   * cleared), or from a blind transfer that nobody has answered yet (what was dialled is cleared).
   * Facts: its state is CONNECTED, the others are not heldByThem.
   */
  record Retrieve(CommandId id, CallId call, ConnectionId party) implements Command {
    @Override
    public Operation operation() {
      return Operation.RETRIEVE;
    }
  }

  /**
   * The party, CONNECTED in {@code active} and holding {@code call}, exchanges the two. Facts: as
   * of hold and retrieve; a call that was on consultation hold stays the one that will be
   * transferred.
   */
  record Alternate(CommandId id, CallId call, CallId active, ConnectionId party)
      implements Command {
    @Override
    public Operation operation() {
      return Operation.ALTERNATE;
    }
  }

  /**
   * Send the others of the call to the target in one phase. Facts: the target's connection in the
   * same call, OFFERING, then CONNECTED; the transferor's DISCONNECTED. With ON_ANSWER the
   * transferor stays, its state ON_HOLD_PENDING_TRANSFER, until the target is CONNECTED; a target
   * that fails is told as disconnected with its cause and the transferor goes back to CONNECTED.
   * With ON_ACCEPT, and when the transferor hangs up by itself, it leaves at once, and after a
   * target that fails the transferee is kept waiting, heldByThem, until it is recalled or cleared.
   * The transferee is never put into silence.
   */
  record BlindTransfer(
      CommandId id, CallId call, ConnectionId transferor, Address target, ReleaseWhen release)
      implements Command {
    @Override
    public Operation operation() {
      return Operation.BLIND_TRANSFER;
    }
  }

  /**
   * Put the call on consultation hold and start a consultation call for the transferor. Facts: the
   * transferor ON_HOLD_PENDING_TRANSFER in {@code call}, the others heldByThem; the transferor,
   * with the same connection id, DIALTONE in {@code consultation}. With a target (one-step,
   * declared apart) it is dialled at once, as by {@link Dial}. Where the call is on consultation
   * hold already and its consultation call is over, it starts another one.
   */
  record Consult(
      CommandId id,
      CallId call,
      ConnectionId transferor,
      CallId consultation,
      Optional<Address> target)
      implements Command {
    @Override
    public Operation operation() {
      return target.isPresent() ? Operation.ONE_STEP_CONSULT : Operation.CONSULT;
    }
  }

  /**
   * Dial on a consultation call whose transferor is in DIALTONE, or in BUSY after a target that
   * was. Facts: the transferor's connection goes through DIALING, PROCEEDING, RINGBACK to
   * CONNECTED, the target's is OFFERING, then CONNECTED. A target that fails is told as
   * disconnected with its cause where the PBX made a connection for it; the transferor's connection
   * there is BUSY, or it is disconnected with the cause and the consultation call is over. The held
   * call stays held.
   */
  record Dial(CommandId id, CallId call, ConnectionId transferor, Address target)
      implements Command {
    @Override
    public Operation operation() {
      return Operation.DIAL;
    }
  }

  /**
   * Join the held call and the transferor's other one. As a transfer: the transferor leaves both,
   * the others are in one call. As a conference: all are CONFERENCED in one call. Facts: {@code
   * CallsMerged}, in either direction, and the connections. Where EARLY_COMPLETE is declared it is
   * accepted while the target rings, where COMPLETE_ON_BUSY is, while it is busy.
   */
  record Complete(
      CommandId id, CallId call, CallId consultation, ConnectionId transferor, CompleteAs as)
      implements Command {
    @Override
    public Operation operation() {
      return Operation.COMPLETE;
    }
  }

  /**
   * Connect a party that waits in the call, alone or held, to an address: how a caller is recalled.
   * Facts: the new connection in the same call, OFFERING, then CONNECTED. If it fails the party is
   * kept waiting.
   */
  record Recall(CommandId id, CallId call, ConnectionId waiting, Address to) implements Command {
    @Override
    public Operation operation() {
      return Operation.RECALL;
    }
  }

  /** Send a call that is OFFERING to the party to another address. */
  record Redirect(CommandId id, CallId call, ConnectionId party, Address to) implements Command {
    @Override
    public Operation operation() {
      return Operation.REDIRECT;
    }
  }

  /** Park a waiting party at a place. */
  record Park(CommandId id, CallId call, ConnectionId party, Address place) implements Command {
    @Override
    public Operation operation() {
      return Operation.PARK;
    }
  }

  /**
   * Take one party out of the call. Of a consultation call, clearing the transferor clears the
   * call; where AUTO_RECONNECT is declared that also retrieves the held one.
   */
  record Clear(CommandId id, CallId call, ConnectionId party) implements Command {
    @Override
    public Operation operation() {
      return Operation.CLEAR;
    }
  }

  /** Take everybody out of the call. */
  record ClearAll(CommandId id, CallId call) implements Command {
    @Override
    public Operation operation() {
      return Operation.CLEAR;
    }
  }
}
