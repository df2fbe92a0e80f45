package org.jackfield.history;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jackfield.api.audit.AuditEntry;
import org.jackfield.api.audit.AuditLog;
import org.jackfield.api.audit.AuditQuery;
import org.jackfield.api.audit.AuditRow;
import org.jackfield.api.audit.AuditTrail;
import org.jackfield.api.audit.AuditVerification;
import org.jackfield.api.event.EventLog;
import org.jackfield.api.event.Position;
import org.jackfield.api.history.EventRecord;
import org.jackfield.api.history.HistoryReply;
import org.jackfield.api.history.HistoryService;
import org.jackfield.api.history.HistoryStatus;
import org.jackfield.api.history.SessionHistoryQuery;
import org.jackfield.api.history.SessionRecord;
import org.jackfield.api.history.TransferHistoryQuery;
import org.jackfield.api.history.TransferRecord;
import org.jackfield.api.session.Page;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.transfer.TransferId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** History and audit: in by the event log and {@link #record}, out by pages. */
final class Recorder implements AuditLog, AuditTrail, HistoryService, Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);
  private static final int IN_MEMORY = 20_000;
  private static final int LATEST = 1_000;
  private static final int READERS = 2;
  private static final int QUESTIONS = 64;
  private static final long GUARD_SECONDS = 10;

  private final Path folder;
  private final Database database;
  private final Backlog backlog;
  private final Intake intake;
  private final Witness witness;
  private final Writer writer;
  private final Queries queries;
  private final Deque<AuditEntry> latest = new ArrayDeque<>();
  private final ThreadPoolExecutor readers =
      new ThreadPoolExecutor(
          READERS,
          READERS,
          30,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(QUESTIONS),
          Thread.ofPlatform().name("jackfield-history-reader-", 0).daemon().factory());

  /**
   * @param folder for what is owed and where the audit ends
   * @throws IOException if the folder cannot be used; the database may be away
   */
  Recorder(Settings settings, Path folder, EventLog log) throws IOException {
    this.folder = folder;
    readers.allowCoreThreadTimeOut(true);
    backlog = new Backlog(folder.resolve("owed"), settings.owedBytes(), IN_MEMORY);
    if (backlog.owed() > 0) {
      LOG.info("{} items are owed to the history from before", backlog.owed());
    }
    database = new Database(settings);
    witness = new Witness(folder);
    queries = new Queries(settings.postgresql());
    writer =
        new Writer(
            database,
            backlog,
            new AuditTable(witness),
            new Retention(settings.kept(), settings.auditKept()),
            folder.resolve("refused.jsonl"));
    intake = new Intake(log, backlog, position(), UUID.randomUUID().toString());
    writer.start();
    LOG.info("history and audit are kept in {}", settings.shown());
  }

  private Path positionFile() {
    return folder.resolve("position");
  }

  private Optional<Position> position() throws IOException {
    return Files.exists(positionFile())
        ? Position.parse(Files.readString(positionFile()).strip())
        : Optional.empty();
  }

  @Override
  public void record(AuditEntry entry) {
    synchronized (latest) {
      if (latest.size() == LATEST) {
        latest.removeLast();
      }
      latest.addFirst(entry);
    }
    intake.record(entry);
  }

  @Override
  public List<AuditEntry> latest(int limit) {
    synchronized (latest) {
      return latest.stream().limit(Math.max(0, limit)).toList();
    }
  }

  /** What is asked of a connection. */
  private interface Question<T> {
    T ask(Connection connection) throws SQLException, IOException;
  }

  private <T> CompletionStage<HistoryReply<T>> ask(Question<T> question) {
    CompletableFuture<HistoryReply<T>> reply = new CompletableFuture<>();
    try {
      readers.execute(() -> reply.complete(answer(question)));
    } catch (RejectedExecutionException full) {
      reply.complete(new HistoryReply.Away<>("too many questions wait already"));
    }
    return reply;
  }

  private <T> HistoryReply<T> answer(Question<T> question) {
    if (writer.status().state() == HistoryStatus.State.STARTING) {
      return new HistoryReply.Away<>("the database was not reached yet");
    }
    try (Connection connection = database.connection()) {
      connection.setAutoCommit(false);
      connection.setReadOnly(database.postgresql());
      try {
        return new HistoryReply.Found<>(question.ask(connection));
      } finally {
        connection.rollback();
      }
    } catch (SQLException | IOException | RuntimeException e) {
      LOG.warn("a question to the history had no answer: {}", e.getMessage());
      LOG.debug("the database's answer", e);
      return new HistoryReply.Away<>(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public CompletionStage<HistoryReply<Page<SessionRecord>>> sessions(SessionHistoryQuery query) {
    query.after().ifPresent(Cursor::of);
    return ask(connection -> queries.sessions(connection, query));
  }

  @Override
  public CompletionStage<HistoryReply<Optional<SessionRecord>>> session(SessionId id) {
    return ask(connection -> queries.session(connection, id));
  }

  @Override
  public CompletionStage<HistoryReply<List<EventRecord>>> events(SessionId id) {
    return ask(connection -> queries.events(connection, id));
  }

  @Override
  public CompletionStage<HistoryReply<Page<TransferRecord>>> transfers(TransferHistoryQuery query) {
    query.after().ifPresent(Cursor::of);
    return ask(connection -> queries.transfers(connection, query));
  }

  @Override
  public CompletionStage<HistoryReply<Optional<TransferRecord>>> transfer(TransferId id) {
    return ask(connection -> queries.transfer(connection, id));
  }

  @Override
  public CompletionStage<HistoryReply<Page<AuditRow>>> rows(AuditQuery query) {
    query.after().ifPresent(Queries::number);
    return ask(connection -> queries.auditRows(connection, query));
  }

  @Override
  public CompletionStage<HistoryReply<AuditVerification>> verify() {
    return ask(this::verify);
  }

  private AuditVerification verify(Connection connection) throws SQLException, IOException {
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    try {
      if (!writer.chain().tryLock(GUARD_SECONDS, TimeUnit.SECONDS)) {
        throw new SQLException("the database holds the writer up");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted", e);
    }
    Verifier verifier;
    try {
      verifier = Verifier.begin(connection, witness); // from here on one state of the database
    } finally {
      writer.chain().unlock();
    }
    return verifier.verify();
  }

  /** Whether all that was told until now is in the backlog, at least. */
  boolean caughtUp() {
    return intake.idle();
  }

  @Override
  public HistoryStatus status() {
    return writer.status();
  }

  @Override
  public void close() {
    intake.close();
    writer.close();
    readers.shutdownNow();
    try {
      Files.writeString(positionFile(), intake.read().toString());
      backlog.close();
    } catch (IOException e) {
      LOG.error("the history was not closed in order", e);
    }
    database.close();
  }
}
