package org.jackfield.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.stream.Stream;
import org.jackfield.itests.Distribution.Finished;
import org.junit.jupiter.api.Test;

/** The process from outside: start, state, shell, stop, kill and start again. */
class ServerLifeIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  private final Distribution distribution = Distribution.unpacked();
  private final Path home = distribution.newHome();

  @Test
  void startsTellsItsStateAndStopsInOrder() throws Exception {
    try (RunningProcess server = start()) {
      // given
      Path shell = home.resolve("data/shell.sock");

      // when
      Finished status = distribution.run(home, "status");
      Finished bundles = distribution.run(home, "shell", "felix:lb", "-s");
      Finished unknown = distribution.run(home, "shell", "no-such-command");

      // then
      assertThat(status.output()).contains("running, pid " + server.process().pid());
      assertThat(bundles.output()).contains("org.jackfield.core").contains("Active");
      assertThat(bundles.exitCode()).isZero();
      assertThat(unknown.exitCode()).isEqualTo(1);
      assertThat(Files.getPosixFilePermissions(shell))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));

      // when
      int exitCode = server.stop();

      // then
      assertThat(exitCode).isZero();
      assertThat(home.resolve("data/server.pid")).doesNotExist();
      assertThat(shell).doesNotExist();
      assertThat(distribution.run(home, "status").exitCode()).isEqualTo(3);
    }
  }

  @Test
  void aSecondServerInTheSameHomeIsRefused() throws Exception {
    try (RunningProcess server = start()) {
      // when
      Finished second = distribution.run(home, "run", "--port", "0");

      // then
      assertThat(second.exitCode()).isEqualTo(2);
      assertThat(second.output()).contains("already runs");
      assertThat(server.process().isAlive()).isTrue();
    }
  }

  @Test
  void aKilledServerStartsAgain() throws Exception {
    // given
    try (RunningProcess killed = start()) {
      killed.kill();
    }
    assertThat(distribution.run(home, "status").exitCode()).isEqualTo(3);

    // when
    try (RunningProcess server = start()) {
      server.await("the shell again", SOON, () -> shellAnswers());

      // then
      assertThat(server.stop()).isZero();
    }
  }

  @Test
  void aBundleThatWasReplacedOrRemovedInTheFolderIsSoAfterTheNextStart() throws Exception {
    // given a distribution of its own, as this test changes it
    Distribution mine = distribution.copy();
    Path folder = mine.folder().resolve("bundles/30");
    String name = "org.jackfield.provider.simulated";
    try (RunningProcess server = start(mine)) {
      assertThat(bundles(mine)).contains(name).contains("org.jackfield.provider.asterisk");
      assertThat(server.stop()).isZero();
    }
    Path simulated = jar(folder, name);
    Path asterisk = jar(folder, "org.jackfield.provider.asterisk");
    FileTime time = Files.getLastModifiedTime(simulated);

    // when one is another file of the same time, as reproducible builds make them
    Files.move(asterisk, simulated, StandardCopyOption.REPLACE_EXISTING);
    Files.setLastModifiedTime(simulated, time);

    // then
    try (RunningProcess server = start(mine)) {
      assertThat(bundles(mine)).contains("org.jackfield.provider.asterisk").doesNotContain(name);
      assertThat(server.stop()).isZero();
    }
  }

  @Test
  void aBrokenInstallationIsSaidAndNotStarted() throws Exception {
    // given
    Distribution mine = distribution.copy();
    Files.delete(jar(mine.folder().resolve("bundles/20"), "org.jackfield.api"));

    // when
    Finished run = mine.run(home, "run", "--port", "0");

    // then
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output()).contains("not started").contains("org.jackfield.core");
  }

  @Test
  void aTakenPortIsSaid() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      // when
      Finished run =
          distribution.run(home, "run", "--port", Integer.toString(taken.getLocalPort()));

      // then
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.output()).contains(taken.getLocalPort() + " is in use");
    }
  }

  @Test
  void aWrongPortIsSaid() throws Exception {
    for (String port : new String[] {"x", "-1", "65536", "080808", ""}) {
      assertThat(distribution.run(home, "run", "--port", port).exitCode()).as(port).isEqualTo(64);
    }
  }

  private boolean shellAnswers() throws IOException, InterruptedException {
    return distribution.run(home, "shell", "felix:lb").exitCode() == 0;
  }

  private String bundles(Distribution of) throws IOException, InterruptedException {
    Finished list = of.run(home, "shell", "felix:lb", "-s");
    assertThat(list.exitCode()).as(list.output()).isZero();
    return list.output();
  }

  private static Path jar(Path folder, String name) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> f.getFileName().toString().startsWith(name + "-"))
          .findFirst()
          .orElseThrow();
    }
  }

  private RunningProcess start() throws IOException {
    return start(distribution);
  }

  private RunningProcess start(Distribution distribution) throws IOException {
    RunningProcess server = distribution.start(home, "server", "run", "--port", "0");
    Path pid = home.resolve("data/server.pid");
    server.await("data/server.pid", SOON, () -> said(pid, server));
    Path shell = home.resolve("data/shell.sock");
    server.await("the shell", SOON, () -> Files.exists(shell));
    return server;
  }

  /** A server that was killed has left its own, which the next one removes. */
  private static boolean said(Path pid, RunningProcess server) throws IOException {
    try {
      return Files.readString(pid).strip().equals(Long.toString(server.process().pid()));
    } catch (NoSuchFileException notYet) {
      return false;
    }
  }
}
