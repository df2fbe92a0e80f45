package org.jackfield.api.provider;

import java.util.List;
import org.jackfield.api.capability.Capabilities;

/**
 * A driver that is there, for display.
 *
 * @param name its name
 * @param version its bundle's version
 * @param bundle its bundle's symbolic name
 * @param schema the keys of its configuration
 * @param declared the most that it can ever do
 */
public record DriverInfo(
    String name, String version, String bundle, List<ConfigKey> schema, Capabilities declared) {
  public DriverInfo {
    schema = List.copyOf(schema);
  }
}
