package org.jackfield.journal;

import java.util.Locale;
import java.util.Optional;

/** What an appended record outlives. */
public enum Level {
  /** A power cut: each group of records is synced to the disk before it is acknowledged. */
  POWER_SAFE,
  /** The death of the process: records are in the operating system's hands. */
  KILL_SAFE,
  /** Nothing: no file is written. */
  NONE;

  /** The name used in the configuration: {@code power-safe}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<Level> of(String text) {
    for (Level level : values()) {
      if (level.text().equals(text)) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }
}
