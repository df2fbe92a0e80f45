package org.jackfield.core.session;

import java.util.Optional;
import java.util.function.Consumer;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandFate;
import org.jackfield.api.provider.ProviderReply;

/** The way from a lane to its opened PBX. Any thread; nothing blocks. */
public interface ProviderLink {
  /**
   * Why no new work is begun on it although its link is up: its driver hangs or does not answer.
   */
  default Optional<String> unwell() {
    return Optional.empty();
  }

  /** Sends a command; {@code done} is called exactly once, on any thread, within 2 s. */
  void send(Command command, Consumer<CommandResult> done);

  /** Asks what became of a command; {@code done} is called once, on any thread, within 2 s. */
  default void ask(Command command, Consumer<CommandFate> done) {
    done.accept(CommandFate.UNKNOWN);
  }

  /** Asks for a snapshot among the facts. */
  void requestSnapshot();

  /** What became of sending a command; never an outcome. */
  sealed interface CommandResult {
    record Replied(ProviderReply reply) implements CommandResult {}

    /** The driver did not answer, or broke: the PBX may or may not have been asked. */
    record FateUnknown(String why) implements CommandResult {}
  }

  /**
   * It tells more than can be heard: what it has told was dropped, and its picture is asked for.
   */
  default void toldTooMuch() {}
}
