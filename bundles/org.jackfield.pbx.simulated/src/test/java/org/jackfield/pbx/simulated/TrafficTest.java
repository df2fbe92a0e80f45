package org.jackfield.pbx.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** People who call each other, for an hour. */
class TrafficTest {

  @Test
  void aboutSoManyCallsLiveInManyStates() {
    VirtualTime time = new VirtualTime();
    Pbx pbx =
        new Pbx(
            "run",
            Profile.named("full"),
            Pace.natural(),
            time,
            new Random(7),
            Math.max(Directory.ORDINARY, Traffic.phonesFor(500)),
            (client, command, answer, repeated, fault) -> {});
    new Traffic(pbx, 500).start();
    assertThat(pbx.snapshot("x").calls()).hasSize(500);

    time.pass(Duration.ofHours(1));

    assertThat(pbx.snapshot("x").calls()).hasSizeBetween(450, 510);
    Set<ConnectionState> states =
        pbx.snapshot("x").calls().stream()
            .flatMap(call -> call.connections().stream())
            .map(Message.ConnectionView::state)
            .collect(Collectors.toSet());
    assertThat(states).contains(ConnectionState.CONNECTED, ConnectionState.ON_HOLD);
  }

  @Test
  void theSameSeedGivesTheSameDay() {
    assertThat(day(3)).isEqualTo(day(3)).isNotEqualTo(day(4));
  }

  private static String day(long seed) {
    VirtualTime time = new VirtualTime();
    Pbx pbx =
        new Pbx(
            "run",
            Profile.named("full"),
            Pace.natural(),
            time,
            new Random(seed),
            0,
            (client, command, answer, repeated, fault) -> {});
    new Traffic(pbx, 50).start();
    time.pass(Duration.ofMinutes(10));
    return Lines.line(pbx.snapshot("x"));
  }
}
