package org.jackfield.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.api.journal.Remembered;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.session.ConversationId;
import org.jackfield.api.session.SessionId;
import org.jackfield.journal.FileJournal;
import org.jackfield.journal.JournalFiles;
import org.jackfield.journal.Level;

/**
 * How long a server takes to be what it was: the journal of so many sessions is opened and proved,
 * read, and compared with the picture of a PBX that has them all.
 *
 * <p>Arguments: the folder (on the disk that is meant; empty), sessions (100000), rounds (5).
 */
public final class JournalRecovery {
  private JournalRecovery() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    int sessions = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100_000;
    int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 5;
    write(folder, sessions);
    for (int round = 0; round < rounds; round++) {
      round(folder, sessions);
    }
  }

  private static void write(Path folder, int sessions) throws IOException {
    try (FileJournal journal = FileJournal.open(JournalFiles.in(folder), Level.POWER_SAFE)) {
      CompletionStage<Void> last = CompletableFuture.completedStage(null);
      for (int i = 0; i < sessions; i++) {
        last =
            journal.append(
                new JournalRecord.CallBound(
                    "pbx",
                    new CallId("c" + i),
                    new SessionId(id(i)),
                    new ConversationId(id(i)),
                    Optional.of(new JournalRecord.CallBound.Started(Instant.EPOCH, id(i)))));
      }
      last.toCompletableFuture().join();
    }
  }

  private static long id(int i) {
    return 1_000_000L + i;
  }

  private static void round(Path folder, int sessions) throws IOException {
    PlainPbx pbx = new PlainPbx();
    for (int i = 0; i < sessions; i++) {
      pbx.call("c" + i, String.valueOf(100_000 + i), "0" + i);
    }
    long start = System.nanoTime();
    try (FileJournal journal = FileJournal.open(JournalFiles.in(folder), Level.POWER_SAFE)) {
      long opened = System.nanoTime();
      Remembered.of(journal, Instant.EPOCH);
      long read = System.nanoTime();
      try (CoreAlone core = new CoreAlone(journal, pbx)) {
        long there = System.nanoTime();
        Set<SessionId> all = new HashSet<>(core.all());
        for (int i = 0; i < sessions; i++) {
          if (!all.contains(new SessionId(id(i)))) {
            throw new IllegalStateException("session " + i + " is another one now");
          }
        }
        System.out.printf(
            "%d sessions: opened and proved in %d ms, read in %d ms, read and compared with the"
                + " PBX in %d ms%n",
            sessions,
            (opened - start) / 1_000_000,
            (read - opened) / 1_000_000,
            (there - read) / 1_000_000);
      }
    }
  }
}
