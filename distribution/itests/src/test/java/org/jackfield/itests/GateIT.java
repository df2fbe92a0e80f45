package org.jackfield.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jackfield.itests.Distribution.Finished;
import org.jackfield.itests.odd.OddBundle;
import org.junit.jupiter.api.Test;

/** In the server as it is delivered: a bundle that comes past the deployer. */
class GateIT {
  private static final String ODD = "org.jackfield.itests.odd";
  private static final Duration SOON = Duration.ofSeconds(60);

  private final Distribution distribution = Distribution.unpacked();
  private final Path home = distribution.newHome();

  private RunningProcess start() throws IOException {
    RunningProcess server = distribution.start(home, "server", "run", "--port", "0");
    Path shell = home.resolve("data/shell.sock");
    server.await("the shell", SOON, () -> Files.exists(shell));
    return server;
  }

  private String shell(String... words) throws Exception {
    String[] all = new String[words.length + 1];
    all[0] = "shell";
    System.arraycopy(words, 0, all, 1, words.length);
    return distribution.run(home, all).output();
  }

  /** The bundles by number and name, however far they have come. */
  private static List<String> names(List<String> lines) {
    return lines.stream().map(line -> line.replaceAll("\\|[A-Za-z]+ *\\|", "|")).toList();
  }

  private List<String> bundles() throws Exception {
    Finished list = distribution.run(home, "shell", "felix:lb", "-s");
    assertThat(list.exitCode()).as(list.output()).isZero();
    return list.output().lines().filter(line -> line.contains("|")).toList();
  }

  @Test
  void doesNotResolveSaysSoAndIsGoneAfterTheNextStart() throws Exception {
    // given
    Path jar = home.resolve("odd.jar");
    try (InputStream in = OddBundle.of("1.0.0")) {
      Files.copy(in, jar);
    }
    List<String> before;
    try (RunningProcess server = start()) {
      before = bundles();

      // when
      String installed = shell("felix:install", jar.toUri().toString());
      Matcher id = Pattern.compile("\\d+").matcher(installed);
      assertThat(id.find()).as(installed).isTrue();
      shell("felix:start", id.group());

      // then
      assertThat(bundles())
          .filteredOn(line -> line.contains(ODD))
          .singleElement()
          .asString()
          .contains("Installed");
      assertThat(Files.readString(home.resolve("data/log/jackfield.log")))
          .contains(ODD + " 1.0.0")
          .contains("installed past the deployer");
      assertThat(server.stop()).isZero();
    }

    // when
    try (RunningProcess server = start()) {
      // then all others are what they were, and not installed anew
      assertThat(names(bundles())).isEqualTo(names(before));
      assertThat(server.stop()).isZero();
    }
  }
}
