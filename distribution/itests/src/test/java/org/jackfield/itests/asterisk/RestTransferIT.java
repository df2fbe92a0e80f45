package org.jackfield.itests.asterisk;

import static org.assertj.core.api.Assertions.assertThat;

import org.jackfield.itests.RunningServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  /**
   * A target that is not there, does not want to, or does not answer, in both modes: undone, with
   * its cause.
   */
  @ParameterizedTest(name = "{0} to {1}: {2}")
  @CsvSource({
    "blind, 999, badAddress",
    "blind, 120, busy",
    "blind, 122, reject",
    "blind, 124, unreachable",
    "blind, 121, noAnswer",
    "blind, 123, noAnswer",
    "consultation, 999, badAddress",
    "consultation, 120, busy",
    "consultation, 122, reject",
    "consultation, 124, unreachable",
    "consultation, 121, noAnswer",
    "consultation, 123, noAnswer",
  })
  void the_cause_of_a_failure_is_told(String mode, String target, String cause) {
    var server = (RestMover) mover;
    var move =
        mode.equals("blind")
            ? server.blind(call, Voice.BOB, target, SHORT)
            : server.consult(call, Voice.BOB, target, SHORT);

    assertThat(server.outcome(move)).isEqualTo("reverted");
    assertThat(server.cause(move)).as(server.story(move)).isEqualTo(cause);
    hearEachOther(alice, bob);
    isLeftToThePbx();
  }

  @AfterAll
  void stopTheServer() {
    if (server != null) {
      server.close();
    }
  }
}
