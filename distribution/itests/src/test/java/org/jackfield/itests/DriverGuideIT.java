package org.jackfield.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stranger writes a driver: what docs/driver-guide.md tells them to type, typed. */
class DriverGuideIT {
  private static final Path ROOT = Distribution.sources();

  @TempDir Path stranger;

  @Test
  void aStrangerHasADriverBuiltProvenDeployedReplacedAndTakenOut() throws Exception {
    // given
    List<String> blocks = Documented.blocks("docs/driver-guide.md");
    assertThat(blocks).hasSize(6);
    assertThat(blocks.get(0)).isEqualTo("./jackfield demo\n");
    forgetEarlierRuns(ROOT.resolve(".home/demo/data/deploy"));
    Path configured = ROOT.resolve(".home/demo/etc/org.jackfield.provider~acme.cfg");

    try (RunningProcess demo = Documented.demo()) {
      // when: all in one terminal, in a home where nothing is yet
      String said =
          Documented.type(
              String.join("", blocks.subList(1, blocks.size())),
              Map.of("HOME", stranger.toString()),
              Duration.ofMinutes(10));
      System.out.println(said);

      // then
      assertThat(said)
          .contains("# driver.acme.AcmeDriver conforms")
          .containsPattern("\\d+ passed\\. 0 broken\\. 0 kit fault\\.")
          .containsPattern("\"driver\": \"acme\",\\s+\"version\": \"1.0.0\",\\s+\"state\": \"up\"")
          .containsPattern("\"symbolicName\": \"driver.acme\",\\s+\"version\": \"1.1.0\"")
          .contains("\"removed\"");
      assertThat(demo.process().isAlive()).isTrue();
    } finally {
      Files.deleteIfExists(configured);
    }
  }

  /** A stranger's server has never seen this driver: an older version would be a downgrade. */
  private static void forgetEarlierRuns(Path deployed) throws IOException {
    if (Files.isDirectory(deployed)) {
      try (Stream<Path> files = Files.walk(deployed)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  @Test
  void theExampleHasAtMostEightyLinesOfCode() throws IOException {
    Path template = ROOT.resolve("bundles/org.jackfield.tck/src/template/src/main/java");
    long lines = 0;
    for (String file : List.of("Driver.java", "Provider.java")) {
      try (Stream<String> all = Files.lines(template.resolve(file))) {
        lines += all.map(String::strip).filter(DriverGuideIT::isCode).count();
      }
    }

    assertThat(lines).isBetween(40L, 80L);
  }

  /** Neither blank nor a comment, nor what names the package and what is imported. */
  private static boolean isCode(String line) {
    return !line.isEmpty()
        && !line.startsWith("//")
        && !line.startsWith("/**")
        && !line.startsWith("*")
        && !line.startsWith("package ")
        && !line.startsWith("import ");
  }
}
