package org.jackfield.api.provider;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** The drivers that are there and the PBXs that are configured. Any thread; nothing blocks. */
@ProviderType
public interface ProviderService {
  /** The drivers, by name and version. */
  List<DriverInfo> drivers();

  /** The configured PBXs, by name. */
  List<ProviderStatus> providers();

  /** One configured PBX. */
  Optional<ProviderStatus> provider(String name);

  /**
   * Addresses of a PBX whose address or name begins with the prefix, whatever the case; at most
   * {@code limit}, 1 to 500. An empty prefix is any.
   */
  List<AddressInfo> addresses(String provider, String prefix, int limit);

  /**
   * How the open PBXs move to a driver that has just come, if their configuration lets them.
   *
   * @param bundle the symbolic name of its bundle
   * @param version its bundle's version
   * @return completes when each of them has moved to it or goes on with the version before; without
   *     those that had nothing open
   */
  CompletionStage<List<DriverMove>> moves(String bundle, String version);

  /** Whether everything that was configured at the start has been opened or has failed. */
  boolean ready();
}
