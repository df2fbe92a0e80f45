package org.jackfield.api.provider;

import java.util.Optional;

/**
 * One key of a driver's configuration.
 *
 * @param name the key: {@code ami.host}
 * @param type what its value must be
 * @param required whether it must be there
 * @param defaultValue what holds when it is not
 * @param text one sentence for a person
 */
public record ConfigKey(
    String name, Type type, boolean required, Optional<String> defaultValue, String text) {
  /** What a value must be. */
  public enum Type {
    TEXT,
    /** Never shown, logged or exported. */
    SECRET,
    INTEGER,
    /** A TCP or UDP port, 1 to 65535. */
    PORT,
    BOOLEAN,
    URL
  }

  /** A key that must be there. */
  public static ConfigKey required(String name, Type type, String text) {
    return new ConfigKey(name, type, true, Optional.empty(), text);
  }

  /** A key that has a default. */
  public static ConfigKey optional(String name, Type type, String defaultValue, String text) {
    return new ConfigKey(name, type, false, Optional.of(defaultValue), text);
  }
}
