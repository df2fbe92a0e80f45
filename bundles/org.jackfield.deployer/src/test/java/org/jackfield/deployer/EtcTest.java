package org.jackfield.deployer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
  }

  @Test
  void whatIsSaidHolds() throws Exception {
    Etc etc = etc("start.seconds = 3 \nkit = offline\n");

    assertThat(etc.startWithin()).isEqualTo(Duration.ofSeconds(3));
    assertThat(etc.offlineKit()).isTrue();
  }

  @Test
  void whatCannotBeUnderstoodIsRefused() throws Exception {
    Etc etc = etc("start.seconds = soon\nkit = all\n");

    assertThatThrownBy(etc::startWithin)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("start.seconds");
    assertThatThrownBy(etc::offlineKit).isInstanceOf(IOException.class).hasMessageContaining("kit");
  }
}
