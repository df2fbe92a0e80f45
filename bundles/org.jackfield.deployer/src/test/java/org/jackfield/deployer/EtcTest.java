package org.jackfield.deployer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jackfield.api.rollout.Drain;
import org.jackfield.api.rollout.RolloutPlan.OnDeadline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EtcTest {
  @TempDir private Path folder;

  private Etc etc(String text) throws IOException {
    Files.writeString(folder.resolve("org.jackfield.deployer.cfg"), text);
    return new Etc(folder);
  }

  @Test
  void whatIsNotSaidIsAsShipped() throws Exception {
    assertThat(new Etc(folder).startWithin()).isEqualTo(Duration.ofSeconds(20));
    assertThat(new Etc(folder).offlineKit()).isFalse();
    assertThat(new Etc(folder).drain()).isEqualTo(Drain.WAIT);
  }

  @Test
  void whatIsSaidHolds() throws Exception {
    Etc etc = etc("start.seconds = 3 \nkit = offline\ndrain.seconds = 90\ndrain.then = release\n");

    assertThat(etc.startWithin()).isEqualTo(Duration.ofSeconds(3));
    assertThat(etc.offlineKit()).isTrue();
    assertThat(etc.drain())
        .isEqualTo(new Drain(Optional.of(Duration.ofSeconds(90)), OnDeadline.RELEASE));
  }

  @Test
  void whatCannotBeUnderstoodIsRefused() throws Exception {
    Etc etc = etc("start.seconds = soon\nkit = all\n");

    assertThatThrownBy(etc::startWithin)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("start.seconds");
    assertThatThrownBy(etc::offlineKit).isInstanceOf(IOException.class).hasMessageContaining("kit");
    assertThatThrownBy(etc("drain.then = later\n")::drain)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("drain.then");
    assertThatThrownBy(etc("drain.seconds = long\n")::drain)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("drain.seconds");
  }
}
