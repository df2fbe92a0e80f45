package org.jackfield.itests.asterisk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Collectors;
import org.jackfield.itests.Distribution;
import org.jackfield.itests.RunningServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;

/** The whole server, from its archive, on a real Asterisk. */
class RestTransferIT extends TransferScenarios {
  private @Nullable RunningServer server;

  @Override
  Mover mover(AsteriskLab lab) {
    if (server == null || !server.process().isAlive()) {
      server = start(lab);
    }
    return new RestMover(server);
  }

  private static RunningServer start(AsteriskLab lab) {
    Distribution distribution = Distribution.unpacked();
    var home = distribution.newHome();
    String keys =
        config(lab).entrySet().stream()
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

  @AfterAll
  void stopTheServer() {
    if (server != null) {
      server.close();
    }
  }
}
