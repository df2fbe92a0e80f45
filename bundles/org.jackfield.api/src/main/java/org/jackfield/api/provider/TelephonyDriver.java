package org.jackfield.api.provider;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What a driver bundle registers as a service, described by {@link DriverName}. Its version is its
 * bundle's.
 */
@ConsumerType
public interface TelephonyDriver {
  /** The keys that its configuration may have, in the order in which to show them. */
  List<ConfigKey> schema();

  /**
   * Looks at a PBX without changing anything, by rule R2. May block, up to 10 s; runs on a thread
   * of its own.
   */
  ProbeReport probe(ProviderConfig config);

  /**
   * Opens a PBX and returns at once.
   *
   * @param config checked against the schema
   * @param context the only way back in
   * @param handover what an older version of the driver left, if this takes over from one
   * @throws IllegalArgumentException if the configuration cannot be used; the message says why
   */
  TelephonyProvider open(
      ProviderConfig config, ProviderContext context, Optional<Handover> handover);
}
