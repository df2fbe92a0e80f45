package org.jackfield.core.simulation;

import java.util.Optional;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.session.Reason;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.ReleaseWhen;
import org.jackfield.pbx.simulated.Command.As;
import org.jackfield.pbx.simulated.Command.Release;
import org.jackfield.pbx.simulated.Message;

/** The seam's commands as the simulated PBX's, without the line between. Pure. */
final class Words {
  private Words() {}

  static Optional<org.jackfield.pbx.simulated.Command> of(Command command) {
    String id = command.id().toString();
    String call = command.call().value();
    return Optional.ofNullable(
        switch (command) {
          case Command.MakeCall c ->
              new org.jackfield.pbx.simulated.Command.MakeCall(
                  id, call, c.from().value(), c.to().value());
          case Command.Hold c ->
              new org.jackfield.pbx.simulated.Command.Hold(id, call, c.party().value());
          case Command.Retrieve c ->
              new org.jackfield.pbx.simulated.Command.Retrieve(id, call, c.party().value());
          case Command.Alternate c ->
              new org.jackfield.pbx.simulated.Command.Alternate(
                  id, c.active().value(), call, c.party().value());
          case Command.BlindTransfer c ->
              new org.jackfield.pbx.simulated.Command.BlindTransfer(
                  id,
                  call,
                  c.transferor().value(),
                  c.target().value(),
                  c.release() == ReleaseWhen.ON_ANSWER ? Release.ON_ANSWER : Release.ON_ACCEPT);
          case Command.Consult c ->
              new org.jackfield.pbx.simulated.Command.Consult(
                  id,
                  call,
                  c.transferor().value(),
                  c.consultation().value(),
                  c.target().map(t -> t.value()).orElse(null));
          case Command.Dial c ->
              new org.jackfield.pbx.simulated.Command.Dial(
                  id, call, c.transferor().value(), c.target().value());
          case Command.Complete c ->
              new org.jackfield.pbx.simulated.Command.Complete(
                  id,
                  call,
                  c.consultation().value(),
                  c.transferor().value(),
                  c.as() == CompleteAs.CONFERENCE ? As.CONFERENCE : As.TRANSFER);
          case Command.Recall c ->
              new org.jackfield.pbx.simulated.Command.Recall(
                  id, call, c.waiting().value(), c.to().value());
          case Command.Redirect c ->
              new org.jackfield.pbx.simulated.Command.Redirect(
                  id, call, c.party().value(), c.to().value());
          case Command.Clear c ->
              new org.jackfield.pbx.simulated.Command.Clear(id, call, c.party().value());
          case Command.ClearAll c -> new org.jackfield.pbx.simulated.Command.ClearCall(id, call);
          default -> null;
        });
  }

  static ProviderReply reply(Message.Answer answer) {
    if (answer.accepted()) {
      return ProviderReply.ACCEPTED;
    }
    String words = String.valueOf((Object) answer.reason());
    return ProviderReply.Refused.of(
        switch (words) {
          case "INVALID_CALL_STATE" -> Reason.NOT_PERMITTED_NOW;
          case "OPERATION_UNAVAILABLE" -> Reason.NOT_SUPPORTED;
          case "INVALID_ADDRESS" -> Reason.INVALID_ADDRESS;
          case "RESOURCE_UNAVAILABLE" -> Reason.LIMIT_REACHED;
          case "INVALID_CALL_HANDLE" -> Reason.NO_SUCH_SESSION;
          case "NO_SUCH_CONNECTION" -> Reason.NO_SUCH_PARTY;
          default -> Reason.REFUSED_BY_PBX;
        },
        words);
  }
}
