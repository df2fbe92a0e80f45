package org.jackfield.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jackfield.api.audit.AuditVerification;
import org.jackfield.api.history.HistoryStatus;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionEvent;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL is stopped under load, and nothing is lost: each event and each entry is there. */
class OutageTest {
  private static final long AWAY_SECONDS = Boolean.getBoolean("jackfield.long") ? 30 : 10;

  @TempDir Path folder;
  private final Tape tape = new Tape(7);
  private final AtomicBoolean going = new AtomicBoolean(true);
  private final AtomicInteger entries = new AtomicInteger();
  private volatile Recorder recorder;

  /** Calls that begin, are transferred and end, until told to stop. */
  private void load() {
    Object nobody = new Object();
    for (long n = 0; going.get(); n++) {
      Session session = Calls.session(n, "north", n, "1001", "2001");
      Transfer transfer = Calls.transfer(n, n, n, "6001");
      tape.tell(new SessionEvent.Started(session));
      tape.tell(new TransferEvent.Changed(transfer));
      tape.tell(new SessionEvent.Changed(session));
      tape.tell(new TransferEvent.Ended(Calls.ended(transfer, Calls.outcome(n))));
      tape.tell(new SessionEvent.Ended(session, Cause.NORMAL));
      synchronized (this) {
        recorder.record(Calls.entry(entries.getAndIncrement()));
      }
      synchronized (nobody) {
        try {
          nobody.wait(10);
        } catch (InterruptedException e) {
          return;
        }
      }
    }
  }

  private static void pass(long seconds) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    HistoryTest.await(seconds + " s have passed", () -> System.nanoTime() >= end);
  }

  static boolean postgresqlIsHere() {
    return Databases.here().contains(Databases.POSTGRESQL);
  }

  @Test
  @EnabledIf("postgresqlIsHere")
  void nothingIsLostWhilePostgresqlIsAway() throws Exception {
    try (PostgresServer server = new PostgresServer()) {
      // given
      Settings settings =
          Databases.settings(server.newDatabase(), PostgresServer.USER, PostgresServer.PASSWORD);
      recorder = new Recorder(settings, folder, tape);
      Thread load = Thread.ofPlatform().name("load").start(this::load);
      HistoryTest.await("a thousand are stored", () -> recorder.status().stored() >= 1_000);

      // when it is stopped, our own process is restarted meanwhile, and it comes back
      server.stop();
      HistoryTest.await("it is seen", () -> recorder.status().state() == HistoryStatus.State.AWAY);
      pass(AWAY_SECONDS / 2);
      assertThat(recorder.status().owed()).isPositive();
      synchronized (this) {
        recorder.close();
        recorder = new Recorder(settings, folder, tape);
      }
      pass(AWAY_SECONDS - AWAY_SECONDS / 2);
      HistoryStatus away = recorder.status();
      server.start();
      HistoryTest.await("it is back", () -> recorder.status().state() != HistoryStatus.State.AWAY);
      pass(1);
      going.set(false);
      load.join();
      HistoryTest.await(
          "all is stored", () -> recorder.caughtUp() && recorder.status().owed() == 0);

      // then
      HistoryStatus status = recorder.status();
      System.out.println("while it was away: " + away);
      System.out.println("afterwards: " + status + ", events " + tape.latest().sequence());
      assertThat(away.owed()).isPositive();
      assertThat(status.lost()).isZero();
      assertThat(status.refused()).isZero();
      AuditVerification verified = HistoryTest.found(recorder.verify());
      assertThat(verified.intact()).as(verified.text()).isTrue();
      recorder.close();
      reconcile(settings);
    }
  }

  private void reconcile(Settings settings) throws Exception {
    long calls = tape.latest().sequence() / 5;
    try (Connection connection = Sources.plain(settings).getConnection()) {
      assertThat(longs(connection, "SELECT sequence FROM history_event ORDER BY sequence"))
          .as("every event, once")
          .isEqualTo(LongStream.rangeClosed(1, tape.latest().sequence()).boxed().toList());
      assertThat(longs(connection, "SELECT COUNT(*) FROM history_session WHERE state = 'ended'"))
          .containsExactly(calls);
      assertThat(
              longs(connection, "SELECT COUNT(*) FROM history_transfer WHERE outcome IS NOT NULL"))
          .containsExactly(calls);
      List<String> subjects = new ArrayList<>();
      try (Statement statement = connection.createStatement();
          ResultSet row =
              statement.executeQuery("SELECT subject FROM history_audit ORDER BY number")) {
        while (row.next()) {
          subjects.add(row.getString(1));
        }
      }
      assertThat(subjects)
          .as("every entry, once, in order")
          .isEqualTo(IntStream.range(0, entries.get()).mapToObj(i -> "session/" + i).toList());
    }
  }

  private static List<Long> longs(Connection connection, String sql) throws Exception {
    List<Long> all = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        all.add(row.getLong(1));
      }
    }
    return all;
  }
}
