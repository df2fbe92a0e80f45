package org.jackfield.core.session;

import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.Command;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;

/** By which facts a single operation is seen to be done. Pure. */
final class Effects {
  private Effects() {}

  /** Whether the calls are as the command wants them. */
  static boolean shown(Command command, CallTable calls) {
    return switch (command) {
      case Command.MakeCall c -> calls.find(c.call()).filter(s -> !s.hasNobody()).isPresent();
      case Command.Hold c -> state(calls, c.call(), c.party()).isHeld();
      case Command.Retrieve c -> state(calls, c.call(), c.party()).isTalking();
      case Command.Alternate c ->
          state(calls, c.call(), c.party()).isTalking()
              && state(calls, c.active(), c.party()).isHeld();
      case Command.Clear c -> isOut(calls, c.call(), c.party());
      case Command.ClearAll c -> calls.find(c.call()).isEmpty();
      case Command.Redirect c -> isOut(calls, c.call(), c.party());
      default -> false;
    };
  }

  private static boolean isOut(CallTable calls, CallId call, ConnectionId party) {
    return calls.find(call).flatMap(s -> s.connection(party)).isEmpty();
  }

  private static ConnectionState state(CallTable calls, CallId call, ConnectionId party) {
    return calls
        .find(call)
        .flatMap(s -> s.connection(party))
        .map(c -> c.state())
        .orElse(ConnectionState.UNKNOWN);
  }
}
