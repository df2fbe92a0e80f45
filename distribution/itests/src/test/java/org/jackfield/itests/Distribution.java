package org.jackfield.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The built archive, unpacked once for all tests, and what can be started from it. Each test takes
 * a home of its own, so that no two share configuration or state.
 */
public final class Distribution {
  private static final class Unpacked {
    static final Distribution ONCE = new Distribution(unpack());
  }

  private static final Duration SOON = Duration.ofMinutes(2);

  private final Path folder;

  private Distribution(Path folder) {
    this.folder = folder;
  }

  public static Distribution unpacked() {
    return Unpacked.ONCE;
  }

  /** The archive that this build has made. */
  public static Path archive() {
    return Path.of(System.getProperty("jackfield.archive")).toAbsolutePath().normalize();
  }

  /** The root of the sources, for tests that look at the repository itself. */
  public static Path sources() {
    return Path.of(System.getProperty("jackfield.root")).toAbsolutePath().normalize();
  }

  private static Path unpack() {
    try {
      Path target = Files.createDirectories(archive().resolveSibling("itests"));
      Path folder = Files.createTempDirectory(target, "unpacked-");
      Process tar =
          new ProcessBuilder("tar", "xzf", archive().toString(), "-C", folder.toString())
              .inheritIO()
              .start();
      if (!tar.waitFor(180, TimeUnit.SECONDS) || tar.exitValue() != 0) {
        throw new IOException("cannot unpack " + archive());
      }
      try (Stream<Path> tops = Files.list(folder)) {
        List<Path> all = tops.toList();
        if (all.size() != 1) {
          throw new IOException("the archive has not one top folder: " + all);
        }
        return all.get(0);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Another unpacked distribution, for a test that changes what is in it. */
  public Distribution copy() {
    return new Distribution(unpack());
  }

  public Path folder() {
    return folder;
  }

  /** A new, empty home beside the unpacked distribution. */
  public Path newHome() {
    try {
      return Files.createTempDirectory(folder.getParent(), "home-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code bin/jackfield --home HOME ARGS}, not yet started. */
  public ProcessBuilder command(Path home, String... args) {
    List<String> words = new ArrayList<>();
    words.add(folder.resolve("bin/jackfield").toString());
    words.add("--home");
    words.add(home.toString());
    words.addAll(List.of(args));
    return new ProcessBuilder(words);
  }

  /** Runs a command to its end and gives what it has printed, both streams in one. */
  public Finished run(Path home, String... args) throws IOException, InterruptedException {
    Path out = Files.createTempFile(home, "command-", ".out");
    Process process =
        command(home, args).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    process.getOutputStream().close();
    if (!process.waitFor(180, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("no end of " + List.of(args) + ": " + Files.readString(out));
    }
    return new Finished(process.exitValue(), Files.readString(out));
  }

  /** How a command has ended, with what it said on both streams. */
  public record Finished(int exitCode, String output) {}

  /** Writes {@code etc/NAME} of a home, for instance a provider's configuration. */
  public void configure(Path home, String name, String text) throws IOException {
    Path etc = home.resolve("etc");
    if (!Files.isDirectory(etc)) {
      Files.createDirectories(etc);
      try (Stream<Path> files = Files.list(folder.resolve("etc"))) {
        for (Path file : files.toList()) {
          Files.copy(file, etc.resolve(file.getFileName()));
        }
      }
    }
    Path part = etc.resolve(name + ".part");
    Files.writeString(part, text);
    Files.move(part, etc.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Starts the server on a free port and waits until it is ready. */
  public RunningServer startServer(Path home) throws IOException {
    return startServer(home, Map.of());
  }

  /** The same, with more in the process's environment. */
  public RunningServer startServer(Path home, Map<String, String> environment) throws IOException {
    RunningServer server = listening(home, environment);
    try {
      server.awaitReady();
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** Starts it and waits until it listens only: it need not be ready. */
  RunningServer listening(Path home, Map<String, String> environment) throws IOException {
    Path address = home.resolve("data/http.address");
    Files.deleteIfExists(address); // of one that was killed
    RunningProcess process = start(home, "server", environment, "run", "--port", "0");
    try {
      process.await("data/http.address", SOON, () -> Files.exists(address));
      return new RunningServer(process, home);
    } catch (RuntimeException e) {
      process.close();
      throw e;
    }
  }

  /** Starts the simulated PBX as a process and waits until {@code data/pbx.address} is there. */
  public RunningProcess startPbx(Path home, String... options) throws IOException {
    List<String> words = new ArrayList<>(List.of("pbx"));
    words.addAll(List.of(options));
    RunningProcess process = start(home, "pbx", words.toArray(String[]::new));
    try {
      Path address = home.resolve("data/pbx.address");
      process.await("data/pbx.address", SOON, () -> Files.exists(address));
      return process;
    } catch (RuntimeException e) {
      process.close();
      throw e;
    }
  }

  /** Starts any command; its output goes to {@code NAME.out} in the home. */
  public RunningProcess start(Path home, String name, String... args) throws IOException {
    return start(home, name, Map.of(), args);
  }

  private RunningProcess start(
      Path home, String name, Map<String, String> environment, String... args) throws IOException {
    Path out = home.resolve(name + ".out");
    ProcessBuilder command =
        command(home, args)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(out.toFile()));
    command.environment().putAll(environment);
    Process process = command.start();
    return new RunningProcess(name, process, out);
  }
}
