package org.jackfield.api.provider;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/** What the server asks of an opened PBX. Called on the provider's serial executor only. */
@ConsumerType
public interface CallControl {
  /**
   * Asks the PBX to do something.
   *
   * @return completes within 2 s, on any thread, with an acknowledgement; exceptionally only for a
   *     bug of the driver, which the server takes for a refusal that may have had an effect
   */
  CompletionStage<ProviderReply> execute(Command command);

  /**
   * Asks the PBX whether it was given a command, perhaps by an earlier life of the server. Nothing
   * is done by asking. A driver whose PBX keeps no command ids leaves this as it is.
   *
   * @return completes within 2 s, on any thread
   */
  default CompletionStage<CommandFate> fate(Command command) {
    return CompletableFuture.completedStage(CommandFate.UNKNOWN);
  }
}
