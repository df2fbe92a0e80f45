package org.jackfield.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README tells a newcomer to type, typed; all but the command that runs this test. */
class ReadmeIT {
  private static final Path ROOT = Distribution.sources();

  @Test
  void itsCommandsDoWhatItSays() throws Exception {
    // given
    List<String> blocks = Documented.blocks("README.md");
    assertThat(blocks).hasSize(3);
    assertThat(blocks.get(0)).isEqualTo("./jackfield demo\n");
    assertThat(blocks.get(2)).isEqualTo("./jackfield test\n");
    Path home = Files.createDirectories(ROOT.resolve(".home/demo"));
    Files.deleteIfExists(home.resolve("data/pbx.address"));

    // when
    try (RunningProcess pbx = Distribution.unpacked().startPbx(home, "--calls", "0");
        RunningProcess demo = Documented.demo()) {
      // a newcomer looks at the page before typing on; a call is up by then, and lasts
      RunningServer server = new RunningServer(demo, home);
      ConsoleIT.callThatNobodyEnds(server);
      String said = Documented.type(blocks.get(1), Map.of(), Duration.ofMinutes(2));

      // then: the plan is told, and the call is moved
      System.out.println(said);
      assertThat(said).contains("\"mode\":").contains("\"reasons\":").contains("\"phase\":");
      server.await("the transfer's outcome", Duration.ofMinutes(2), () -> completed(server));
      assertThat(pbx.process().isAlive()).isTrue();
    }
  }

  private static boolean completed(RunningServer server) throws Exception {
    JsonNode outcome = server.json("/api/v1/transfers?limit=1").at("/items/0/outcome");
    return outcome.path("type").asText().equals("completed")
        && outcome.path("evidence").asText().equals("verified");
  }

  /** Every page that the README points at is there. */
  @Test
  void itsLinksLeadSomewhere() throws IOException {
    List<String> targets =
        Pattern.compile("\\]\\(([^)#]+)\\)")
            .matcher(Files.readString(ROOT.resolve("README.md")))
            .results()
            .map((MatchResult r) -> r.group(1))
            .filter(t -> !t.startsWith("http"))
            .toList();

    assertThat(targets).isNotEmpty().allSatisfy(t -> assertThat(ROOT.resolve(t)).exists());
  }
}
