package org.jackfield.pbx.simulated;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which service does which command, and whether this make of PBX has it. */
record Services(
    Exchange exchange,
    Faults faults,
    CallServices calls,
    TransferServices transfers,
    Handsets handsets) {

  Services(Exchange exchange, Faults faults) {
    this(exchange, faults, new CallServices(exchange), new TransferServices(exchange));
  }

  private Services(
      Exchange exchange, Faults faults, CallServices calls, TransferServices transfers) {
    this(exchange, faults, calls, transfers, new Handsets(exchange, calls, transfers));
  }

  void perform(Command command) throws Refused {
    Refused.unless(allowed(command), Refused.Because.OPERATION_UNAVAILABLE);
    switch (command) {
      case Command.MakeCall c -> calls.makeCall(c.call(), c.from(), c.to());
      case Command.Hold c -> calls.hold(at(c.call(), c.connection()));
      case Command.Retrieve c -> calls.retrieve(at(c.call(), c.connection()));
      case Command.Alternate c ->
          calls.alternate(
              at(c.call(), c.connection()), other(c.call(), c.otherCall(), c.connection()));
      case Command.BlindTransfer c ->
          transfers.blind(at(c.call(), c.connection()), c.target(), c.release());
      case Command.Consult c ->
          transfers.consult(at(c.call(), c.connection()), c.consultCall(), c.target());
      case Command.Dial c -> transfers.dial(at(c.call(), c.connection()), c.target());
      case Command.Complete c ->
          transfers.complete(
              at(c.call(), c.connection()),
              other(c.call(), c.consultCall(), c.connection()),
              c.as());
      case Command.Conference c ->
          transfers.complete(
              at(c.call(), c.connection()),
              other(c.call(), c.consultCall(), c.connection()),
              Command.As.CONFERENCE);
      case Command.Redirect c -> calls.redirect(at(c.call(), c.connection()), c.target());
      case Command.Recall c -> transfers.recall(at(c.call(), c.connection()), c.target());
      case Command.Clear c -> calls.clear(at(c.call(), c.connection()));
      case Command.ClearCall c -> calls.clearCall(exchange.call(c.call()));
      case Control.Handset c -> handsets.act(c);
      case Control.Operator c -> operator(c);
      case Control.Script c -> script(c);
      case Control.Fault c -> fault(c);
      case Command.TakeSnapshot c -> {}
      case Command.ListAddresses c -> {}
      case Command.AskFate c -> {}
    }
  }

  private Connection at(String call, String connection) throws Refused {
    return exchange.connection(call, connection);
  }

  /** The other call's end at the same phone. */
  private Connection other(String call, String otherCall, String connection) throws Refused {
    Phone phone = at(call, connection).phone;
    Connection same = exchange.call(otherCall).connections.get(connection);
    Connection other = same != null ? same : exchange.call(otherCall).at(phone);
    if (other == null) {
      throw new Refused(Refused.Because.NO_SUCH_CONNECTION);
    }
    return other;
  }

  private boolean allowed(Command command) {
    return switch (command) {
      case Command.ByTester c -> true;
      case Command.TakeSnapshot c -> true;
      case Command.ListAddresses c -> true;
      case Command.AskFate c -> true;
      case Command.Consult c ->
          exchange.profile.can(c.target() == null ? "consult" : "oneStepConsult");
      default -> exchange.profile.can(Lines.verb(command));
    };
  }

  private void operator(Control.Operator operator) throws Refused {
    Call call = exchange.call(operator.call());
    switch (operator.act()) {
      case MERGE -> transfers.merge(call, exchange.call(given(operator.otherCall())));
      case SPLIT ->
          transfers.split(at(call.id, given(operator.connection())), given(operator.target()));
    }
  }

  private static String given(@Nullable String word) throws Refused {
    if (word == null) {
      throw new Refused(Refused.Because.MALFORMED);
    }
    return word;
  }

  private void script(Control.Script script) throws Refused {
    Phone phone = phone(script.address());
    phone.behaviour = script.behaviour();
    phone.rings = script.ringMs() == null ? null : Duration.ofMillis(script.ringMs());
  }

  private void fault(Control.Fault fault) throws Refused {
    switch (fault.what()) {
      case KILL_PHONE -> {
        Phone phone = phone(fault.address());
        phone.inService = false;
        List.copyOf(phone.connections).forEach(c -> exchange.leave(c, Cause.OUT_OF_ORDER));
        exchange.lamp(phone);
      }
      case REVIVE_PHONE -> {
        Phone phone = phone(fault.address());
        phone.inService = true;
        exchange.lamp(phone);
      }
      default -> faults.add(fault);
    }
  }

  private Phone phone(@Nullable String address) throws Refused {
    Phone phone = address == null ? null : exchange.directory.find(address);
    if (phone == null) {
      throw new Refused(Refused.Because.INVALID_ADDRESS);
    }
    return phone;
  }
}
