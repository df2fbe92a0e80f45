package org.jackfield.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.jackfield.itests.Distribution.Finished;
import org.junit.jupiter.api.Test;

/** The journal of the archive: its configuration, its commands, and what cannot be used. */
class JournalIT {
  private static final int FIRST_RECORD = 150;

  private final Distribution distribution = Distribution.unpacked();
  private final Path home = distribution.newHome();
  private final Path folder = home.resolve("data/journal");

  @Test
  void aDamagedJournalIsRefusedAndRepaired() throws Exception {
    // given a server that has promised something, and was killed
    try (RunningProcess pbx = distribution.startPbx(home, "--calls", "0");
        PbxHands hands = new PbxHands(home)) {
      FourPhones.prepare(distribution, home, hands);
      try (RunningServer server = distribution.startServer(home)) {
        FourPhones.call(server, hands, "1001");
        // what is durable is followed by what was written later
        JsonNode session = FourPhones.connected(server, "1001").orElseThrow();
        FourPhones.accepted(FourPhones.transfer(server, session, "1000", "blind"));
        assertThat(server.json("/api/v1/health").toString())
            .contains("{\"name\":\"journal\",\"status\":\"up\",\"text\":\"\"}");
        assertThat(distribution.run(home, "journal", "verify").exitCode())
            .as("not beside the server")
            .isEqualTo(3);
        server.kill();
      }
      assertVerify(0, "whole");

      // when bytes in its midst are turned
      damage();

      // then nothing is guessed
      assertVerify(1, "damaged");
      Finished refused = distribution.run(home, "run", "--port", "0");
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.output())
          .contains("the journal is damaged")
          .contains("bin/jackfield journal repair");

      // when
      Finished repaired = distribution.run(home, "journal", "repair");

      // then
      assertThat(repaired.exitCode()).as(repaired.output()).isZero();
      assertThat(repaired.output()).contains("records are kept").contains("repair-");
      assertVerify(0, "whole");
      try (RunningServer again = distribution.startServer(home)) {
        assertThat(again.stop()).isZero();
      }
      pbx.stop();
    }
  }

  @Test
  void aFolderThatCannotBeUsedIsSaidAndThereIsNoServer() throws Exception {
    // given a file where the folder should be
    Files.createDirectories(folder.getParent());
    Files.writeString(folder, "");

    // when
    Finished run = distribution.run(home, "run", "--port", "0");

    // then
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output()).contains("the journal cannot be kept in " + folder);
    assertThat(distribution.run(home, "journal", "verify").exitCode()).isEqualTo(2);
  }

  @Test
  void anotherProcessHasIt() throws Exception {
    Files.createDirectories(folder);
    try (FileChannel lock =
            FileChannel.open(
                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var held = lock.lock()) {
      // when
      Finished run = distribution.run(home, "run", "--port", "0");

      // then
      assertThat(held.isValid()).isTrue();
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.output()).contains("another process has the journal in " + folder);
    }
  }

  @Test
  void theLevelIsConfigured() throws Exception {
    // given none: no file is written
    distribution.configure(home, "org.jackfield.journal.cfg", "level = none\n");
    try (RunningServer server = distribution.startServer(home)) {
      assertThat(server.stop()).isZero();
    }
    assertThat(folder).doesNotExist();

    // given one that outlives the process
    distribution.configure(home, "org.jackfield.journal.cfg", "level = kill-safe\n");
    try (RunningServer server = distribution.startServer(home)) {
      assertThat(server.stop()).isZero();
    }
    assertVerify(0, "whole");
    assertThat(segments()).isNotEmpty();

    // given a word that is no level
    distribution.configure(home, "org.jackfield.journal.cfg", "level = sometimes\n");
    Finished run = distribution.run(home, "run", "--port", "0");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output()).contains("level is power-safe, kill-safe or none");
  }

  @Test
  void theCommandSaysWhatItKnows() throws Exception {
    assertThat(distribution.run(home, "journal").exitCode()).isEqualTo(64);
    assertThat(distribution.run(home, "journal", "mend").exitCode()).isEqualTo(64);
  }

  private void assertVerify(int exitCode, String word) throws Exception {
    Finished verified = distribution.run(home, "journal", "verify");
    assertThat(verified.output()).contains(word);
    assertThat(verified.exitCode()).isEqualTo(exitCode);
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".segment")).sorted().toList();
    }
  }

  /** In the first record. */
  private void damage() throws IOException {
    try (FileChannel file =
        FileChannel.open(
            segments().getFirst(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.allocate(8);
      file.read(bytes, FIRST_RECORD);
      for (int i = 0; i < bytes.position(); i++) {
        bytes.put(i, (byte) ~bytes.get(i));
      }
      file.write(bytes.flip(), FIRST_RECORD);
    }
  }
}
