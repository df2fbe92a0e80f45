package org.jackfield.itests.asterisk;

import org.jackfield.itests.RunningServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;

/** The whole server, from its archive, on a real Asterisk. */
class RestTransferIT extends TransferScenarios {
  private @Nullable RunningServer server;

  @Override
  Mover mover(AsteriskLab lab) {
    if (server == null || !server.process().isAlive()) {
      server = LabServer.start(config(lab));
    }
    return new RestMover(server);
  }

  @AfterAll
  void stopTheServer() {
    if (server != null) {
      server.close();
    }
  }
}
