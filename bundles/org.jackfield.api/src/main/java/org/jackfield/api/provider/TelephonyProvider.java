package org.jackfield.api.provider;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** One PBX, opened through a driver. Called on the provider's serial executor only. */
@ConsumerType
public interface TelephonyProvider extends CallControl {
  /**
   * Asks for a {@link ProviderEvent.Snapshot} among the facts; without a link it comes after it.
   */
  void requestSnapshot();

  /**
   * Exports what another version of the driver needs to go on with the live calls, beyond a
   * snapshot of the PBX. Every command has been acknowledged by then. After it the provider does
   * nothing more of its own accord and leaves the calls alone, also when it is closed, unless it
   * gets back what it gave. It goes on telling facts and pictures, against which the other
   * version's picture is held. One that does not return within 2 s is interrupted and left behind.
   *
   * @return empty where a snapshot of the PBX has it all
   */
  default Optional<Handover> handOver() {
    return Optional.empty();
  }

  /**
   * Goes on with what another version of the driver handed over, or with what it handed over
   * itself. The link is up; a snapshot is asked for right after it, and tells the calls as they are
   * then: all that the other version sees, under the same ids.
   *
   * @throws IllegalArgumentException if it does not know the form; then nothing has changed
   */
  default void takeOver(Handover handover) {
    throw new IllegalArgumentException("this driver takes nothing over: " + handover.format());
  }

  /** Leaves, by rule R10. Idempotent; returns within 2 s. */
  void close();
}
