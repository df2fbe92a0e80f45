package org.jackfield.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** What a page of the sources tells its reader to type, and how to type it. */
final class Documented {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\\n(.*?)^```$");
  private static final Path ROOT = Distribution.sources();

  private Documented() {}

  /** The page's commands, block by block. */
  static List<String> blocks(String page) throws IOException {
    return BLOCK
        .matcher(Files.readString(ROOT.resolve(page)))
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  /** {@code ./jackfield demo}, on a free port since 8080 may be somebody's; ready to be used. */
  static RunningProcess demo() throws IOException {
    Files.deleteIfExists(ROOT.resolve(".home/demo/data/http.address"));
    Path out = Files.createTempFile("jackfield-demo-", ".out");
    Process process =
        new ProcessBuilder("./jackfield", "demo", "--port", "0")
            .directory(ROOT.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    RunningProcess demo = new RunningProcess("demo", process, out);
    demo.await(
        "the console's address",
        Duration.ofMinutes(8),
        () -> demo.output().contains("Jackfield's console: http://127.0.0.1:"));
    return demo;
  }

  /** Types commands, as one person does in one terminal, and returns what was printed. */
  static String type(String commands, Map<String, String> environment, Duration within)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile("jackfield-typed-", ".out");
    ProcessBuilder bash =
        new ProcessBuilder("bash", "-e", "-o", "pipefail", "-c", commands)
            .directory(ROOT.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    bash.environment().putAll(environment);
    Process shell = bash.start();
    boolean ended = shell.waitFor(within.toSeconds(), TimeUnit.SECONDS);
    if (!ended) {
      shell.descendants().forEach(ProcessHandle::destroy);
      shell.destroy();
    }
    assertThat(ended).as(Files.readString(out)).isTrue();
    assertThat(shell.exitValue()).as(Files.readString(out)).isZero();
    return Files.readString(out);
  }
}
