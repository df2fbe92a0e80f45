package org.jackfield.itests.asterisk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lab itself: a PBX of the right age, and phones that hear each other through it. */
class LabIT {
  @TempDir Path dir;

  @Test
  void alice_calls_bob_and_each_hears_the_other() {
    try (var lab = AsteriskLab.start(dir)) {
      assertThat(lab.version()).matches("Asterisk (2[2-9]|[3-9]\\d)\\..*");
      var alice = lab.phone(Voice.ALICE);
      var bob = lab.phone(Voice.BOB, false);

      alice.dial(Voice.BOB.address());
      Wait.until(
          "bob rings",
          Duration.ofSeconds(60),
          () -> lab.channelsOf(Voice.BOB).stream().anyMatch(c -> c.state().equals("Ringing")));
      bob.answer();

      Tones.await(Map.of(alice, Set.of(Voice.BOB), bob, Set.of(Voice.ALICE)));
      alice.hangUp();
      lab.awaitNothingLeft();
      Tones.await(Map.of(alice, Set.of(), bob, Set.of()));
    }
  }
}
