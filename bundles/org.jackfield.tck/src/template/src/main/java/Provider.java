package driver.@name@;

import java.util.*;
import java.util.concurrent.*;
import org.jackfield.api.capability.*;
import org.jackfield.api.provider.*;
import org.jackfield.api.session.*;

/** One PBX that is open: down go commands, up come facts. */
final class @Name@Provider implements TelephonyProvider, PbxClient.Ears {
  private static final Capabilities CAN = Capabilities.of(
      List.of(Operation.MAKE_CALL, Operation.BLIND_TRANSFER, Operation.CLEAR), List.of());
  private static final Map<String, Reason> WHY = Map.of(
      "invalidCallState", Reason.NOT_PERMITTED_NOW, "invalidAddress", Reason.INVALID_ADDRESS,
      "invalidCallHandle", Reason.NO_SUCH_SESSION, "noSuchConnection", Reason.NO_SUCH_PARTY);
  private final ProviderContext context;
  private final PbxClient pbx;

  @Name@Provider(String address, ProviderContext context) {
    this.context = context;
    this.pbx = new PbxClient(address, this); // R1: it connects on a thread of its own
  }

  // Down: each answer acknowledges, and is no outcome (R4). What is not declared is refused (R8).

  @Override public CompletionStage<ProviderReply> execute(Command command) {
    return switch (command) {
      case Command.MakeCall c -> ask(c, "makeCall", "from", c.from(), "to", c.to());
      case Command.BlindTransfer c -> ask(c, "blindTransfer",
          "connection", c.transferor(), "target", c.target(), "release", "onAccept");
      case Command.Clear c -> ask(c, "clear", "connection", c.party());
      case Command.ClearAll c -> ask(c, "clearCall");
      default -> CompletableFuture.completedStage(
          ProviderReply.Refused.of(Reason.NOT_SUPPORTED, "not written yet"));
    };
  }

  /** The command's id goes with it: this PBX does nothing twice (R7). */
  private CompletionStage<ProviderReply> ask(Command command, String what, Object... words) {
    return pbx.ask(command.id().toString(), command.call().value(), what, words).thenApply(no ->
        no.isEmpty() ? ProviderReply.ACCEPTED
            : ProviderReply.Refused.of(WHY.getOrDefault(no, Reason.REFUSED_BY_PBX), no));
  }

  @Override public void requestSnapshot() {
    pbx.askForAll();
  }

  @Override public void close() {
    pbx.close(); // R10: its thread and its socket go, the calls stay
  }

  // Up: facts in the PBX's order, and nothing that it has not told (R5).

  @Override public void connected() {
    context.report(new ProviderEvent.LinkUp(CAN, Map.of()));
  }

  @Override public void lost(String why) {
    context.report(new ProviderEvent.LinkDown(Cause.of(Cause.Code.PROVIDER_LOST, why)));
  }

  @Override public void changed(PbxClient.Leg leg) {
    context.report(new ProviderEvent.ConnectionChanged(new CallId(leg.call()), connection(leg)));
  }

  @Override public void merged(String from, String into) {
    context.report(new ProviderEvent.CallsMerged(new CallId(from), new CallId(into)));
  }

  @Override public void all(Map<String, List<PbxClient.Leg>> calls) {
    List<CallSnapshot> all = new ArrayList<>();
    calls.forEach((call, legs) ->
        all.add(new CallSnapshot(new CallId(call), legs.stream().map(this::connection).toList())));
    context.report(new ProviderEvent.Snapshot(all));
  }

  private Connection connection(PbxClient.Leg leg) {
    ConnectionState state = ConnectionState.valueOf(constant(leg.state()));
    Connection connection = Connection.of(new ConnectionId(leg.connection()),
        new Address(leg.address()), leg.name(), state).heldByThem(leg.heldByThem());
    return state.isOver()
        ? connection.left(Cause.of(Cause.Code.valueOf(constant(leg.cause())))) : connection;
  }

  private static String constant(String camelCase) {
    return camelCase.replaceAll("[A-Z]", "_$0").toUpperCase(Locale.ROOT);
  }
}
