package org.jackfield.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * The console of the demo in a real browser: in by the one-time link, a live call found and
 * transferred to 6001 by the keyboard, the outcome seen, and every view accessible in both themes.
 */
class ConsoleIT {
  private static final Duration START = Duration.ofSeconds(90);

  private final Distribution distribution = Distribution.unpacked();
  private final Path home = distribution.newHome();

  @Test
  void aLiveCallIsTransferredInTheBrowser() throws Exception {
    // given
    Path link = home.resolve("data/login.link");
    try (RunningProcess demo = distribution.start(home, "demo", "demo", "--port", "0")) {
      demo.await("data/login.link", START, () -> Files.exists(link));

      // when
      Browsed browsed = browse(Files.readString(link).strip());

      // then
      assertThat(browsed.exitCode()).as(browsed.output()).isZero();
      assertThat(browsed.output())
          .contains("the one-time link logs in")
          .contains("the transfer to 6001 is completed, verified")
          .contains("the outcome, light: 0 violations", "the outcome, dark: 0 violations");
    }
  }

  private record Browsed(int exitCode, String output) {}

  private Browsed browse(String link) throws IOException, InterruptedException {
    Path console = Distribution.sources().resolve("admin-ui");
    Path out = home.resolve("browser.out");
    Process process =
        new ProcessBuilder(
                "node",
                console.resolve("src/test/browser/console.mjs").toString(),
                link,
                Distribution.archive().resolveSibling("itests/console").toString())
            .directory(console.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    process.getOutputStream().close();
    boolean ended = process.waitFor(4, TimeUnit.MINUTES);
    if (!ended) {
      process.destroyForcibly();
    }
    String output = Files.readString(out);
    System.out.print(output);
    return new Browsed(ended ? process.exitValue() : -1, output);
  }
}
