package org.jackfield.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
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
    Path data = ROOT.resolve(".home/demo/data");

    // when
    try (RunningProcess demo = Documented.demo()) {
      awaitACall(demo, data);
      String said = Documented.type(blocks.get(1), Map.of(), Duration.ofSeconds(60));

      // then: the plan is told, and the call is moved
      System.out.println(said);
      assertThat(said).contains("\"mode\":").contains("\"reasons\":").contains("\"phase\":");
      awaitCompleted(demo, data);
    }
  }

  /** A newcomer looks at the page before typing on; a call is up by then. */
  private static void awaitACall(RunningProcess demo, Path data) {
    demo.await(
        "a call to move",
        Duration.ofSeconds(60),
        () -> !get(data, "/sessions?state=connected&limit=1").at("/items/0/id").isMissingNode());
  }

  private static void awaitCompleted(RunningProcess demo, Path data) {
    demo.await(
        "the transfer's outcome",
        Duration.ofSeconds(60),
        () -> {
          JsonNode outcome = get(data, "/transfers?limit=1").at("/items/0/outcome");
          return outcome.path("type").asText().equals("completed")
              && outcome.path("evidence").asText().equals("verified");
        });
  }

  private static JsonNode get(Path data, String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    Files.readString(data.resolve("http.address")).strip() + "/api/v1" + path))
            .header(
                "Authorization", "Bearer " + Files.readString(data.resolve("admin.token")).strip())
            .timeout(Duration.ofSeconds(20))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return new ObjectMapper().readTree(client.send(request, BodyHandlers.ofString()).body());
    }
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
