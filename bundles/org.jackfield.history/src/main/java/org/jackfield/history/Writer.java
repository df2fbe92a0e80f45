package org.jackfield.history;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jackfield.api.history.HistoryStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what is owed into the database, in order, on its own thread. While the database is away it
 * asks again, at first soon, then every few seconds; what one transaction cannot take is tried one
 * by one, and what the database will never take is put into a file.
 */
final class Writer implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Writer.class);

  /**
   * The more come together, the less is written for each: most go to the same pages of the indexes.
   */
  private static final int AT_ONCE = 10_000;

  /** How long more is waited for, unless so many are there already. */
  private static final long GATHER_MS = 100;

  private static final int BEHIND = 5_000;
  private static final long LISTEN_MS = 1_000;
  private static final Duration LAST = Duration.ofSeconds(2);
  private static final long LONGEST_PAUSE_MS = 5_000;
  private static final long FIRST_PAUSE_MS = 100;
  private static final Duration BETWEEN_RETENTIONS = Duration.ofHours(1);

  private final Database database;
  private final Backlog backlog;
  private final AuditTable audit;
  private final Retention retention;
  private final Path refusedFile;
  private final ReentrantLock chain = new ReentrantLock();
  private final Thread thread;
  private final Object pause = new Object();
  private volatile boolean closing;
  private boolean migrated;
  private long pauseMs = FIRST_PAUSE_MS;
  private Instant nextRetention = Instant.MIN;
  private volatile HistoryStatus.State state = HistoryStatus.State.STARTING;
  private volatile String text = "";
  private final AtomicLong stored = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();

  Writer(
      Database database, Backlog backlog, AuditTable audit, Retention retention, Path refusedFile) {
    this.database = database;
    this.backlog = backlog;
    this.audit = audit;
    this.retention = retention;
    this.refusedFile = refusedFile;
    this.thread =
        Thread.ofPlatform().name("jackfield-history-writer").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!closing) {
        step(LISTEN_MS);
      }
      // what is there already, as far as there is time; the rest stays in its files
      long end = System.nanoTime() + LAST.toNanos();
      while (state != HistoryStatus.State.AWAY
          && System.nanoTime() < end
          && !backlog.next(AT_ONCE, 0).isEmpty()) {
        step(0);
      }
    } catch (InterruptedException e) {
      LOG.debug("told to end at once");
    }
  }

  private void step(long waitMs) throws InterruptedException {
    try {
      prepare();
      List<Item> items = backlog.next(AT_ONCE, waitMs);
      if (!items.isEmpty()) {
        store(items);
        backlog.done();
        if (backlog.owed() < AT_ONCE) {
          pause(GATHER_MS);
        }
      }
      if (backlog.untidy()) {
        database.sync();
        backlog.tidy();
      }
      answered();
    } catch (SQLException | IOException | RuntimeException e) {
      away(e);
    }
  }

  private void prepare() throws SQLException, IOException {
    if (!migrated) {
      try (Connection connection = database.connection()) {
        Migrations.run(connection, database.postgresql());
      }
      migrated = true;
    }
    Instant now = Instant.now();
    if (backlog.owed() == 0 && !now.isBefore(nextRetention)) {
      nextRetention = now.plus(BETWEEN_RETENTIONS);
      expire(now);
    }
  }

  private void expire(Instant now) throws SQLException, IOException {
    chain.lock();
    try {
      retention.run(database, audit, now);
    } finally {
      chain.unlock();
    }
  }

  private void answered() {
    pauseMs = FIRST_PAUSE_MS;
    boolean behind = backlog.owed() > BEHIND;
    if (state == HistoryStatus.State.AWAY) {
      LOG.info("the history's database answers again, {} items are owed", backlog.owed());
    }
    state = behind ? HistoryStatus.State.CATCHING_UP : HistoryStatus.State.UP;
    text = backlog.trouble();
  }

  private void away(Exception e) throws InterruptedException {
    String why = why(e);
    if (state != HistoryStatus.State.AWAY || !why.equals(text)) {
      LOG.error("the history's database is away, what happens is kept: {}", why);
      LOG.debug("the database's answer", e);
    }
    state = HistoryStatus.State.AWAY;
    text = why;
    pause(pauseMs);
    pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
  }

  private void pause(long ms) throws InterruptedException {
    long end = System.nanoTime() + ms * 1_000_000;
    synchronized (pause) {
      for (long rest = ms; !closing && rest > 0; rest = (end - System.nanoTime()) / 1_000_000) {
        pause.wait(rest);
      }
    }
  }

  /** The first line of the innermost cause: the pool's own words say only that it has waited. */
  private static String why(Exception e) {
    Throwable innermost = e;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    return String.valueOf(innermost.getMessage()).lines().findFirst().orElse("");
  }

  private void store(List<Item> items) throws SQLException, IOException {
    try {
      transaction(items);
      stored.addAndGet(items.size());
    } catch (SQLException e) {
      if (!forGood(e)) {
        throw e;
      }
      for (Item item : items) {
        storeOrRefuse(item);
      }
    }
  }

  private void storeOrRefuse(Item item) throws SQLException, IOException {
    try {
      transaction(List.of(item));
      stored.incrementAndGet();
    } catch (SQLException e) {
      if (!forGood(e)) {
        throw e;
      }
      refused.incrementAndGet();
      Files.write(
          refusedFile,
          Segment.framed(Codec.bytes(item)),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      LOG.error("the database refuses an item for ever, it is in {}", refusedFile, e);
    }
  }

  /** Whether the values themselves are refused (SQL:2016 classes 22, 23), not the moment. */
  private static boolean forGood(SQLException e) {
    String code = e.getSQLState();
    return code != null && (code.startsWith("22") || code.startsWith("23"));
  }

  private void transaction(List<Item> items) throws SQLException, IOException {
    List<Item.Audited> audited = new ArrayList<>();
    for (Item item : items) {
      if (item instanceof Item.Audited entry && !retention.expired(entry, Instant.now())) {
        audited.add(entry);
      }
    }
    chain.lock();
    try (Connection connection = database.connection()) {
      connection.setAutoCommit(false);
      try {
        Store.write(connection, items);
        if (!audited.isEmpty()) {
          audit.append(connection, audited);
        }
        connection.commit();
      } catch (SQLException | IOException | RuntimeException e) {
        rollBack(connection, e);
        throw e;
      }
      if (!audited.isEmpty()) {
        database.sync(connection); // what is written down outside as there is there
        audit.committed();
      }
    } finally {
      chain.unlock();
    }
  }

  static void rollBack(Connection connection, Exception cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  /** Held while the chain's end moves. */
  ReentrantLock chain() {
    return chain;
  }

  HistoryStatus status() {
    return new HistoryStatus(
        state, text, database.shown(), stored.get(), backlog.owed(), backlog.lost(), refused.get());
  }

  /** Stores what is there, if the database answers and there is time; waits for it for a while. */
  @Override
  public void close() {
    closing = true;
    backlog.wake();
    synchronized (pause) {
      pause.notifyAll();
    }
    try {
      thread.join(Duration.ofSeconds(10));
      if (thread.isAlive()) {
        LOG.warn("the history's database holds the writer up; what is owed stays in its file");
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
