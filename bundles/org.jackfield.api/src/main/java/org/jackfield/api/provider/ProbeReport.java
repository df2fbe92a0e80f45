package org.jackfield.api.provider;

import java.util.List;
import java.util.Locale;

/**
 * What a probe found.
 *
 * @param findings one line for each thing that was looked at
 */
public record ProbeReport(List<Finding> findings) {
  public ProbeReport {
    findings = List.copyOf(findings);
  }

  /** Whether the PBX can be opened. */
  public boolean usable() {
    return findings.stream().noneMatch(f -> f.level() == Level.FAIL);
  }

  /**
   * One thing that was looked at.
   *
   * @param level how it is
   * @param subject what: {@code AMI permission originate}
   * @param text what was found and, where it is not well, what to do
   */
  public record Finding(Level level, String subject, String text) {}

  /** How a thing is. */
  public enum Level {
    OK,
    /** It works, with less. */
    WARN,
    /** It does not work. */
    FAIL;

    /** The name used in JSON. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
