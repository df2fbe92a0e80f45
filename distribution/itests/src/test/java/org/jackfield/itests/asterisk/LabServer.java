package org.jackfield.itests.asterisk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.stream.Collectors;
import org.jackfield.itests.Distribution;
import org.jackfield.itests.RunningServer;

/** A server from the archive whose one PBX, {@code lab}, is the laboratory's Asterisk. */
final class LabServer {
  private LabServer() {}

  static RunningServer start(Map<String, String> config) {
    Distribution distribution = Distribution.unpacked();
    var home = distribution.newHome();
    String keys =
        config.entrySet().stream()
            .map(e -> e.getKey() + " = " + e.getValue())
            .collect(Collectors.joining("\n"));
    try {
      distribution.configure(
          home, "org.jackfield.provider~lab.cfg", "driver = asterisk\n" + keys + "\n");
      return distribution.startServer(home);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
