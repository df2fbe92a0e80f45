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
   * Exports what a newer version of the driver needs to go on with the live calls, beyond a
   * snapshot of the PBX. After it the provider does nothing more of its own accord, until it is
   * closed.
   */
  default Optional<Handover> handOver() {
    return Optional.empty();
  }

  /** Leaves, by rule R10. Idempotent; returns within 2 s. */
  void close();
}
