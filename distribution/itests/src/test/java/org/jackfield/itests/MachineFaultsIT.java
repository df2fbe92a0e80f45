package org.jackfield.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jackfield.itests.FourPhones.accepted;
import static org.jackfield.itests.FourPhones.assertOutcome;
import static org.jackfield.itests.FourPhones.call;
import static org.jackfield.itests.FourPhones.connected;
import static org.jackfield.itests.FourPhones.consult;
import static org.jackfield.itests.FourPhones.prepare;
import static org.jackfield.itests.FourPhones.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What the machine does to a server, for real: its disk is full, its clock is set, its process is
 * stopped, it gets no more file descriptors. New work is refused with its reason or done, nothing
 * lies, and the server goes on by itself when it is over. Wants root, and a C compiler for the
 * clock.
 */
class MachineFaultsIT {
  private static final boolean LONG = Boolean.getBoolean("jackfield.long");
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String ON_6001 = "1001+6001";

  private final Distribution distribution = Distribution.unpacked();
  private final Path home = distribution.newHome();
  private final Path mounted = home.resolve("data/journal");
  private boolean isMounted;

  @AfterEach
  void unmount() throws Exception {
    if (isMounted) {
      machine("umount", mounted.toString());
    }
  }

  @Test
  void whileTheDiskIsFullNewWorkIsRefusedAndThereafterDone() throws Exception {
    // given a file system of its own for the journal, with room for one of its files
    Files.createDirectories(mounted);
    machine("mount", "-t", "tmpfs", "-o", "size=40m", "jackfield-test", mounted.toString());
    isMounted = true;
    try (RunningProcess pbx = distribution.startPbx(home, "--calls", "0");
        PbxHands hands = new PbxHands(home)) {
      String underWay;
      try (RunningServer server = start(hands)) {
        String call = call(server, hands, "1001");
        // a transfer that awaits a person, and one that is over
        underWay = consult(server, call);
        server.kill();
      }

      // when it is started again and there is no room for the next file
      fill();
      try (RunningServer server = distribution.startServer(home)) {
        hands.act("1002", "call", "1003");
        server.await("another call", SOON, () -> connected(server, "1003").isPresent());
        JsonNode other = connected(server, "1003").orElseThrow();
        HttpResponse<String> refused = transfer(server, other, "1003", "blind");

        // then
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
        assertThat(refused.body()).contains("urn:jackfield:problem:journal-unavailable");
        assertThat(server.json("/api/v1/health").toString())
            .contains("\"degraded\"")
            .contains("the journal cannot be written");
        assertThat(hands.talking()).as("nothing was done").contains("1002+1003");

        // when there is room again
        Files.delete(mounted.resolve("filler"));

        // then, by itself
        server.await(
            "work is taken on again",
            SOON,
            () -> transfer(server, other, "1003", "blind").statusCode() == 202);
        server.await("it is done", SOON, () -> hands.talking().contains("1002+6001"));
        server.await(
            "the one that was under way goes on",
            SOON,
            () ->
                server.post("/api/v1/transfers/" + underWay + "/complete", "{}").statusCode()
                    == 202);
        assertOutcome(server, underWay, "completed");
        server.await("it is done too", SOON, () -> hands.talking().contains(ON_6001));
        server.await(
            "all is well",
            SOON,
            () -> !server.json("/api/v1/health").toString().contains("cannot be written"));
        assertThat(server.stop()).isZero();
      }
      pbx.stop();
    }
  }

  /** Something else takes whatever is left of the file system. */
  private void fill() throws IOException {
    byte[] much = new byte[1 << 16];
    try (var out = Files.newOutputStream(mounted.resolve("filler"))) {
      for (int i = 0; i < 1_000; i++) {
        out.write(much);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("No space left");
      return;
    }
    throw new AssertionError("the file system is not full");
  }

  @Test
  void aProcessThatWasStoppedGoesOnWithTheTruth() throws Exception {
    long stopped = LONG ? 60 : 5;
    try (RunningProcess pbx = distribution.startPbx(home, "--calls", "0");
        PbxHands hands = new PbxHands(home);
        RunningServer server = start(hands)) {
      // given a consultation that awaits a person, and a transfer on its way
      String waits = consult(server, call(server, hands, "1001"));
      hands.act("1002", "call", "1003");
      server.await("another call", SOON, () -> connected(server, "1003").isPresent());
      String moves =
          accepted(transfer(server, connected(server, "1003").orElseThrow(), "1002", "blind"));

      // when
      machine("kill", "-STOP", String.valueOf(server.process().pid()));
      long pid = server.process().pid();
      CompletableFuture.runAsync(
              () -> {
                try {
                  machine("kill", "-CONT", String.valueOf(pid));
                } catch (Exception no) {
                  throw new IllegalStateException(no);
                }
              },
              CompletableFuture.delayedExecutor(stopped, TimeUnit.SECONDS))
          .get(180, TimeUnit.SECONDS);

      // then
      assertOutcome(server, moves, "completed");
      server.await("the call is moved", SOON, () -> hands.talking().contains("1003+6001"));
      server.await(
          "the person goes on",
          SOON,
          () -> server.post("/api/v1/transfers/" + waits + "/complete", "{}").statusCode() == 202);
      assertOutcome(server, waits, "completed");
      server.await("it is done", SOON, () -> hands.talking().contains(ON_6001));
      assertThat(server.stop()).isZero();
      pbx.stop();
    }
  }

  @Test
  void noFileDescriptorsAreLeft() throws Exception {
    try (RunningProcess pbx = distribution.startPbx(home, "--calls", "0");
        PbxHands hands = new PbxHands(home);
        RunningServer server = start(hands)) {
      // given
      String waits = consult(server, call(server, hands, "1001"));
      String pid = String.valueOf(server.process().pid());
      int open = descriptors(pid);

      // when it gets no further one
      machine("prlimit", "--pid", pid, "--nofile=" + (open - 5) + ":");

      // then what is connected is served: what was taken on can be brought to its end
      HttpResponse<String> done = server.post("/api/v1/transfers/" + waits + "/complete", "{}");
      assertThat(done.statusCode()).as(done.body()).isIn(202, 503);
      if (done.statusCode() == 503) {
        assertThat(done.body()).contains("urn:jackfield:problem:");
      }

      // and when it gets some again
      machine("prlimit", "--pid", pid, "--nofile=4096:");

      // then new ones come in, by themselves, and nothing was lost
      server.await(
          "a new client",
          SOON,
          () -> {
            try { // with connections of its own
              return new RunningServer(server, home).get("/health/ready").statusCode() == 200;
            } catch (IOException notYet) {
              return false;
            }
          });
      if (done.statusCode() == 503) {
        server.await(
            "the transfer goes on",
            SOON,
            () ->
                server.post("/api/v1/transfers/" + waits + "/complete", "{}").statusCode() == 202);
      }
      assertOutcome(server, waits, "completed");
      server.await("it is done", SOON, () -> hands.talking().contains(ON_6001));
      assertThat(server.stop()).isZero();
      pbx.stop();
    }
  }

  private static int descriptors(String pid) throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc", pid, "fd"))) {
      return (int) open.count();
    }
  }

  @Test
  void theClockIsSetForthAndBack() throws Exception {
    Path clock = home.resolve("clock");
    Files.writeString(clock, "0");
    try (RunningProcess pbx = distribution.startPbx(home, "--calls", "0");
        PbxHands hands = new PbxHands(home)) {
      prepare(distribution, home, hands);
      try (RunningServer server = distribution.startServer(home, wallClock(clock))) {
        String waits = consult(server, call(server, hands, "1001"));
        for (String offset : List.of("3600", "-3600", "0")) {
          // when
          Files.writeString(clock, offset);
          Duration shift = Duration.ofSeconds(Integer.parseInt(offset));
          hands.act("1002", "call", "1003");
          server.await("a call", SOON, () -> connected(server, "1003").isPresent());
          String moves =
              accepted(transfer(server, connected(server, "1003").orElseThrow(), "1002", "blind"));

          // then it is moved, and the one that awaits a person still does
          assertOutcome(server, moves, "completed");
          Instant told =
              Instant.parse(server.json("/api/v1/transfers/" + moves).path("acceptedAt").asText());
          assertThat(Duration.between(Instant.now().plus(shift), told).abs())
              .as("the clock was set by " + offset)
              .isLessThan(Duration.ofMinutes(10));
          assertThat(server.json("/api/v1/transfers/" + waits).path("phase").asText())
              .isEqualTo("consulting");
          server.await(
              "they have gone",
              SOON,
              () -> {
                hands.act("1003", "hangUp", "");
                return connected(server, "1003").isEmpty();
              });
        }
        assertThat(server.post("/api/v1/transfers/" + waits + "/complete", "{}").statusCode())
            .isEqualTo(202);
        assertOutcome(server, waits, "completed");
        assertThat(server.stop()).isZero();
      }
      pbx.stop();
    }
  }

  /** The process sees the wall clock that a file says; time as it passes is the machine's. */
  private Map<String, String> wallClock(Path shift) throws IOException, InterruptedException {
    String lab = System.getProperty("jackfield.lab", "lab");
    Path library = home.resolve("clock.so");
    machine(
        "cc",
        "-shared",
        "-fPIC",
        "-o",
        library.toString(),
        Path.of(lab, "clock.c").toAbsolutePath().toString());
    return Map.of("LD_PRELOAD", library.toString(), "WALL_CLOCK_SHIFT", shift.toString());
  }

  private RunningServer start(PbxHands hands) throws Exception {
    prepare(distribution, home, hands);
    RunningServer server = distribution.startServer(home);
    return server;
  }

  /** Runs one of the machine's own commands, which must succeed. */
  private static void machine(String... words) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(words).inheritIO().start();
    if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new AssertionError(List.of(words) + " has failed; this test wants root, and cc");
    }
  }
}
