package org.jackfield.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the demo starts it stops, and what it found running it leaves. */
class DemoIT {
  private static final Duration SOON = Duration.ofMinutes(3);

  private final Distribution distribution = Distribution.unpacked();
  private final Path home = distribution.newHome();
  private final Path pbxAddress = home.resolve("data/pbx.address");

  @Test
  void aDemoThatEndsHasStoppedThePbxThatItStarted() throws Exception {
    try (RunningProcess demo = demo()) {
      // given
      long children = demo.process().descendants().filter(ProcessHandle::isAlive).count();
      assertThat(children).isGreaterThanOrEqualTo(2);
      assertThat(pbxAddress).exists();
      RunningServer server = new RunningServer(demo, home);
      server.await(
          "live calls",
          SOON,
          () -> !server.json("/api/v1/sessions?state=connected").path("items").isEmpty());
      var processes = demo.process().descendants().toList();

      // when
      int exitCode = demo.stop();

      // then
      assertThat(exitCode).isZero();
      assertThat(processes).noneMatch(ProcessHandle::isAlive);
      assertThat(pbxAddress).doesNotExist();
    }
  }

  @Test
  void aDemoUsesThePbxThatRunsAndLeavesIt() throws Exception {
    try (RunningProcess pbx = distribution.startPbx(home, "--calls", "2")) {
      String address = Files.readString(pbxAddress);
      try (RunningProcess demo = demo()) {
        // given
        assertThat(distribution.run(home, "status").output()).contains("running, pid");

        // when
        assertThat(distribution.run(home, "stop").exitCode()).isZero();

        // then
        assertThat(demo.waitForEnd()).isZero();
      }
      assertThat(pbx.process().isAlive()).isTrue();
      assertThat(Files.readString(pbxAddress)).isEqualTo(address);
      assertThat(pbx.stop()).isIn(0, 143);
    }
  }

  private RunningProcess demo() throws IOException {
    RunningProcess demo = distribution.start(home, "demo", "demo", "--port", "0");
    demo.await("the console's address", SOON, () -> demo.output().contains("console: http://"));
    return demo;
  }
}
