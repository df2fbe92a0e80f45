package org.jackfield.pbx.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The PBX as a process of its own. */
@Timeout(180)
class MainTest {

  @TempDir Path home;

  private Process start(String... options) throws IOException {
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    line.addAll(List.of(options));
    return new ProcessBuilder(line).redirectErrorStream(true).start();
  }

  @Test
  void itSaysWhereItIsAndStopsInOrder() throws IOException, InterruptedException {
    Process process =
        start("--home", home.toString(), "--calls", "20", "--profile", "noBlind", "--seed", "1");
    try (BufferedReader out = process.inputReader()) {
      assertThat(out.readLine()).contains("Simulated PBX at 127.0.0.1:", "noBlind", "20 calls");
      Path address = home.resolve("data/pbx.address");
      assertThat(Files.readString(address)).matches("127\\.0\\.0\\.1:\\d+\n");

      ProcessHandle.of(process.pid()).orElseThrow().destroy();

      assertThat(out.readLine()).as("it stops without a complaint").isNull();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(address).doesNotExist();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aWrongOptionIsNamed() throws IOException, InterruptedException {
    Process process = start("--profile", "half");

    try (BufferedReader out = process.inputReader()) {
      assertThat(out.readLine()).contains("no profile half", "heldOrMakeOnly");
    }
    assertThat(process.waitFor()).isEqualTo(2);
  }
}
