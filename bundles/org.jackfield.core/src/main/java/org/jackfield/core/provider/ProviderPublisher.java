package org.jackfield.core.provider;

import java.util.Map;
import org.jackfield.api.provider.TelephonyProvider;

/** Makes an opened PBX known to other bundles, described by what it can do. */
@FunctionalInterface
public interface ProviderPublisher {
  /** Nobody is told. */
  ProviderPublisher NONE = (provider, properties) -> () -> {};

  /**
   * @return takes it back
   */
  Runnable publish(TelephonyProvider provider, Map<String, Object> properties);
}
