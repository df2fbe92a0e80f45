package org.jackfield.provider.asterisk;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandFate;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.session.Reason;
import org.jackfield.provider.asterisk.CallState.Mode;

/**
 * What is written down of a kept call at the PBX, on the channels that we have of it, for whoever
 * comes after us: a new {@link Card} each time that it stands otherwise. Confined to the provider's
 * executor.
 */
final class Notes {
  private static final int REMEMBERED_COMMANDS = 8;

  private final CallState state;
  private final Picture picture;
  private final Steps steps;

  /** The last commands that were begun. */
  private final Deque<CommandId> given = new ArrayDeque<>();

  private long version;
  private Optional<Card> noted = Optional.empty();
  private Set<String> notedOn = Set.of();

  /** Whether the instance before us had taken the two in and done no more. */
  private boolean isCutShort;

  Notes(CallState state, Exchange exchange) {
    this.state = state;
    this.picture = exchange.picture();
    this.steps = exchange.steps();
  }

  /** Goes on where an instance that is gone has ended. */
  void resume(Card card) {
    version = card.version();
    given.addAll(card.given());
    isCutShort =
        card.mode() == Mode.TALK && card.goesWith().isEmpty() && card.completing().isEmpty();
  }

  Card card() {
    return state.card(version, List.copyOf(given));
  }

  /** To be called before the first step of a command, and to be written before it. */
  void begun(CommandId command) {
    given.add(command);
    if (given.size() > REMEMBERED_COMMANDS) {
      given.remove();
    }
  }

  /** Completes, never exceptionally, when the PBX has it on every channel that we have. */
  CompletableFuture<Void> write() {
    var card = card();
    var on = state.parties.handles().stream().filter(picture::isOurs).toList();
    if (state.over || on.isEmpty() || card.saysTheSame(noted) && notedOn.containsAll(on)) {
      return Steps.nothing();
    }
    version++;
    var next = card();
    noted = Optional.of(next);
    notedOn = Set.copyOf(on);
    return steps.note(next, on);
  }

  /** Whether a command was begun; only a call that has been written down can tell. */
  CommandFate fate(Command command) {
    if (given.contains(command.id())) {
      // Taken in by a command, and not yet as that wanted it: the two are given back to the PBX.
      boolean isUndone = isCutShort && takesIn(command) && command.id().equals(given.getLast());
      return new CommandFate.Given(
          isUndone
              ? ProviderReply.Refused.of(Reason.REFUSED_BY_PBX, "it was cut short and is undone")
              : ProviderReply.ACCEPTED);
    }
    return noted.isPresent() || version > 0 ? CommandFate.NEVER_GIVEN : CommandFate.UNKNOWN;
  }

  private static boolean takesIn(Command command) {
    return command instanceof Command.Hold
        || command instanceof Command.BlindTransfer
        || command instanceof Command.Consult;
  }
}
