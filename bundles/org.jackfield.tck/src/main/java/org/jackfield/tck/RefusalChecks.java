package org.jackfield.tck;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.Reason;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.ReleaseWhen;

/** What is not declared is refused, and nothing happens. */
final class RefusalChecks {

  private RefusalChecks() {}

  /** A conference is a way to complete; it has no command of its own. */
  static List<Check> all() {
    return Stream.of(Operation.values())
        .filter(operation -> operation != Operation.CONFERENCE)
        .map(RefusalChecks::refuses)
        .toList();
  }

  private static Check refuses(Operation operation) {
    return Check.declared(
        Rule.R8,
        "what is not declared is refused: " + operation.text(),
        declared -> !declared.permits(operation),
        s -> refuses(s, operation));
  }

  private static void refuses(Scene s, Operation operation) {
    CallId call = s.aliceAndBobTalk();

    ProviderReply reply = s.pbx.ask(command(s, operation, call));

    Rule.R8.holds(
        reply instanceof ProviderReply.Refused no && no.reason() == Reason.NOT_SUPPORTED,
        operation.text() + " is not declared, and not refused as NOT_SUPPORTED: " + reply);
    s.pbx.snapshot();
    s.await("they talk on", p -> p.talking(s.alice, s.bob).filter(call::equals).isPresent());
  }

  private static Command command(Scene s, Operation operation, CallId call) {
    CommandId id = Opened.newCommand();
    ConnectionId bob = s.id(call, s.bob);
    CallId other = Opened.newCall();
    return switch (operation) {
      case MAKE_CALL -> new Command.MakeCall(id, other, s.carol, s.bed.ringing());
      case HOLD -> new Command.Hold(id, call, bob);
      case RETRIEVE -> new Command.Retrieve(id, call, bob);
      case ALTERNATE -> new Command.Alternate(id, other, call, bob);
      case BLIND_TRANSFER ->
          new Command.BlindTransfer(id, call, bob, s.carol, ReleaseWhen.ON_ACCEPT);
      case CONSULT -> new Command.Consult(id, call, bob, other, Optional.empty());
      case ONE_STEP_CONSULT -> new Command.Consult(id, call, bob, other, Optional.of(s.carol));
      case DIAL -> new Command.Dial(id, call, bob, s.carol);
      case COMPLETE -> new Command.Complete(id, call, other, bob, CompleteAs.TRANSFER);
      case CONFERENCE -> new Command.Complete(id, call, other, bob, CompleteAs.CONFERENCE);
      case REDIRECT -> new Command.Redirect(id, call, bob, s.carol);
      case RECALL -> new Command.Recall(id, call, bob, s.carol);
      case PARK -> new Command.Park(id, call, bob, s.carol);
      case CLEAR -> new Command.Clear(id, call, bob);
    };
  }
}
