package org.jackfield.provider.asterisk;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandFate;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.provider.ProviderReply.Refused;
import org.jackfield.api.session.Reason;

/**
 * The commands that are given, each begun once: who asks again gets the same reply. Confined to the
 * provider's executor.
 */
final class Commands {
  private static final int REMEMBERED_COMMANDS = 10_000;

  private final Calls calls;
  private final Steps steps;
  private final Admission admission;
  private final CallFeatures features;
  private final MadeCalls madeCalls;
  private final Map<CommandId, CompletionStage<ProviderReply>> done =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(
            Map.Entry<CommandId, CompletionStage<ProviderReply>> eldest) {
          return size() > REMEMBERED_COMMANDS;
        }
      };

  Commands(Exchange exchange, Admission admission, CallFeatures features, MadeCalls madeCalls) {
    this.calls = exchange.calls();
    this.steps = exchange.steps();
    this.admission = admission;
    this.features = features;
    this.madeCalls = madeCalls;
  }

  /**
   * @param known whether the calls that are there are known: there is a link, and it is proven
   */
  CompletionStage<ProviderReply> execute(Command command, boolean known) {
    var before = done.get(command.id());
    if (before != null) {
      return before;
    }
    CompletionStage<ProviderReply> reply =
        known
            ? begin(command)
            : Admission.now(Refused.of(Reason.PROVIDER_DOWN, "no link to the PBX"));
    reply =
        reply.exceptionally(
            error -> Refused.of(Reason.REFUSED_BY_PBX, String.valueOf(error.getMessage())));
    done.put(command.id(), reply);
    return reply;
  }

  /** By what was written down at the PBX, on the call's channels, before the command was begun. */
  CompletionStage<CommandFate> fate(Command command, boolean known) {
    var before = done.get(command.id());
    if (before != null) {
      return before.thenApply(CommandFate.Given::new);
    }
    var call = calls.find(command.call());
    if (!known || call == null) {
      return CompletableFuture.completedFuture(CommandFate.UNKNOWN);
    }
    if (call.stasis != null) {
      return CompletableFuture.completedFuture(call.stasis.fate(command));
    }
    var cards = call.told.keySet().stream().map(steps::noted).toList();
    return CompletableFuture.allOf(cards.toArray(CompletableFuture[]::new))
        .handle(
            (read, error) ->
                error != null
                    ? CommandFate.UNKNOWN
                    : cards.stream()
                            .anyMatch(
                                card ->
                                    card.join().isPresent()
                                        && card.join().get().given().contains(command.id()))
                        ? new CommandFate.Given(ProviderReply.ACCEPTED)
                        : CommandFate.NEVER_GIVEN);
  }

  private CompletionStage<ProviderReply> begin(Command command) {
    return switch (command) {
      case Command.MakeCall c -> madeCalls.make(c);
      case Command.Hold c -> admission.idle(c, () -> features.hold(c));
      case Command.Retrieve c -> admission.idle(c, () -> features.retrieve(c));
      case Command.Alternate c -> admission.idle(c, () -> features.alternate(c));
      case Command.BlindTransfer c ->
          admission.dialable(c.target(), () -> admission.idle(c, () -> features.blind(c)));
      case Command.Consult c ->
          c.target().isPresent()
              ? admission.dialable(
                  c.target().get(), () -> admission.idle(c, () -> features.consult(c)))
              : admission.idle(c, () -> features.consult(c));
      case Command.Dial c ->
          admission.dialable(c.target(), () -> admission.whenFree(c, () -> features.dial(c)));
      case Command.Complete c -> admission.idle(c, () -> features.complete(c));
      case Command.Recall c ->
          admission.dialable(c.to(), () -> admission.whenFree(c, () -> features.recall(c)));
      case Command.Redirect c ->
          admission.dialable(c.to(), () -> admission.idle(c, () -> features.redirect(c)));
      case Command.Clear c -> admission.idle(c, () -> features.clear(c));
      case Command.ClearAll c -> features.clearAll(c);
      default ->
          Admission.now(
              Refused.of(Reason.NOT_SUPPORTED, "this PBX does not " + command.operation().text()));
    };
  }
}
