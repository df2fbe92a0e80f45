package org.jackfield.api.provider;

import java.util.Map;
import java.util.Optional;

/**
 * The configuration of one PBX: the keys of its driver's schema, with defaults filled in. Its text
 * does not show values, since some are secret.
 *
 * @param provider the PBX's name: {@code demo} in {@code etc/org.jackfield.provider~demo.cfg}
 * @param values the values by key
 */
public record ProviderConfig(String provider, Map<String, String> values) {
  public ProviderConfig {
    values = Map.copyOf(values);
  }

  /** The value of a key, if it has one. */
  public Optional<String> get(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /**
   * The value of a key.
   *
   * @throws IllegalArgumentException if it has none
   */
  public String require(String key) {
    return get(key)
        .orElseThrow(() -> new IllegalArgumentException("the key " + key + " is missing"));
  }

  /**
   * The value of a key as a whole number.
   *
   * @throws IllegalArgumentException if it has none or it is no number
   */
  public int requireInt(String key) {
    try {
      return Integer.parseInt(require(key).strip());
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException("the key " + key + " is not a whole number", notANumber);
    }
  }

  @Override
  public String toString() {
    return "ProviderConfig[" + provider + ", " + values.keySet() + "]";
  }
}
