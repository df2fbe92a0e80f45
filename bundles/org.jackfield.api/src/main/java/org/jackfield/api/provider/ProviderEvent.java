package org.jackfield.api.provider;

import java.util.List;
import java.util.Map;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;

/** A fact that a driver tells. */
public sealed interface ProviderEvent {
  /**
   * The PBX can be reached. The server asks for a snapshot.
   *
   * @param capabilities what the PBX may ever do, through this driver, as it is configured
   * @param absent why an operation is not among them, where the driver knows
   */
  record LinkUp(Capabilities capabilities, Map<Operation, String> absent) implements ProviderEvent {
    public LinkUp {
      absent = Map.copyOf(absent);
    }
  }

  /** The PBX cannot be reached; its calls go on without us. */
  record LinkDown(Cause cause) implements ProviderEvent {}

  /**
   * The full state of one connection of one call; the first one makes the call known. A connection
   * that is over leaves the call.
   */
  record ConnectionChanged(CallId call, Connection connection) implements ProviderEvent {}

  /** The connections of one call have moved to another, and the first is over. */
  record CallsMerged(CallId from, CallId into) implements ProviderEvent {}

  /**
   * The second call has come out of the first: its conversation is the same. Told before the
   * connections of the second, or after them, and also of a first that itself came out of another
   * and has no connections yet; a PBX that does not say where a call came from is not
   * second-guessed. What the server itself starts by a command need not be told.
   *
   * @param consultation whether a party of the first consults in the second; else one was moved
   */
  record CallBranched(CallId from, CallId into, boolean consultation) implements ProviderEvent {}

  /** A command that was accepted has failed and no connection tells it. */
  record CommandFailed(CommandId command, Cause cause) implements ProviderEvent {}

  /** The answer to {@link TelephonyProvider#requestSnapshot()}: all calls, and none but these. */
  record Snapshot(List<CallSnapshot> calls) implements ProviderEvent {
    public Snapshot {
      calls = List.copyOf(calls);
    }
  }

  /** An address of the PBX is known, or what is known of it has changed. */
  record AddressChanged(AddressInfo address) implements ProviderEvent {}
}
