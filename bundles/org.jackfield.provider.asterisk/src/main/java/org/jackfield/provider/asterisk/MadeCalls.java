package org.jackfield.provider.asterisk;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.provider.ProviderReply.Refused;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Reason;

/**
 * The calls that we are asked to make, until the first party of each has been seen. Confined to the
 * provider's executor.
 */
final class MadeCalls {
  private final Exchange exchange;
  private final KeptCalls keptCalls;
  private final Admission admission;
  private final Settings settings;
  private final Map<String, Command.MakeCall> made = new HashMap<>();

  MadeCalls(Exchange exchange, KeptCalls keptCalls, Admission admission, Settings settings) {
    this.exchange = exchange;
    this.keptCalls = keptCalls;
    this.admission = admission;
    this.settings = settings;
  }

  /** A call of its own, or one beside another that the caller holds through us. */
  CompletionStage<ProviderReply> make(Command.MakeCall c) {
    return admission.dialable(
        c.from(),
        () ->
            admission.dialable(
                c.to(),
                () -> {
                  var holding =
                      keptCalls.all().stream()
                          .filter(kept -> kept.state.isHeldBy(c.from()))
                          .toList();
                  return holding.size() == 1
                      ? admission.idle(
                          holding.get(0).state.call, () -> makeBeside(holding.get(0), c))
                      : originate(c);
                }));
  }

  private ProviderReply makeBeside(StasisCall kept, Command.MakeCall c) {
    if (!kept.state.isHeldBy(c.from())) {
      return Admission.notNow("the party does not hold its other call any more");
    }
    kept.make(c.id(), c.call(), c.to(), settings.dialString(c.to().value()));
    return ProviderReply.ACCEPTED;
  }

  private CompletionStage<ProviderReply> originate(Command.MakeCall c) {
    var id = c.call().value();
    if (!id.matches("[a-z0-9-]{1,128}")) {
      return Admission.now(Refused.of(Reason.REFUSED_BY_PBX, "no name for a channel"));
    }
    made.put(id, c);
    return exchange
        .steps()
        .originate(id, c.from().value(), c.to().value())
        .handle(
            (r, error) -> {
              if (error == null) {
                return ProviderReply.ACCEPTED;
              }
              made.remove(id);
              return Refused.of(Reason.REFUSED_BY_PBX, String.valueOf(error.getMessage()));
            });
  }

  /**
   * A call that was asked for and ended before any party of it was seen ends in the caller's name.
   */
  void check() {
    if (made.isEmpty()) {
      return;
    }
    made.values()
        .removeIf(
            c -> {
              var call = exchange.calls().find(c.call());
              if (call != null && !call.told.isEmpty()) {
                return true;
              }
              var end = exchange.picture().end(c.call().value());
              if (end == null) {
                return false;
              }
              var cause =
                  end.code() == Cause.Code.NORMAL
                      ? Cause.of(Cause.Code.NO_ANSWER, end.driver())
                      : end;
              exchange
                  .context()
                  .report(
                      new ProviderEvent.ConnectionChanged(
                          c.call(),
                          Connection.of(
                                  new ConnectionId(c.call().value()),
                                  c.from(),
                                  "",
                                  ConnectionState.DISCONNECTED)
                              .left(cause)));
              return true;
            });
  }
}
