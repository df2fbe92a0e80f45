package org.jackfield.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jackfield.api.journal.Journal;
import org.jackfield.api.journal.JournalRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal on a disk. What is appended while the disk is busy becomes durable together. When a
 * write or a sync fails, nothing more is written to that segment, all that was in it and was not
 * durable is void, and the next record begins a new one, as soon as that can be made.
 */
public final class FileJournal implements Journal, AutoCloseable {
  /** How long a segment is, in bytes, unless one group of records needs more. */
  static final int SEGMENT = 16 << 20;

  /** So many closed segments are compacted. */
  static final int CLOSED = 4;

  private static final int MOST_WAITING = 200_000;
  private static final int MOST_OF_A_GROUP = 4_096;
  private static final int MOST_BYTES_OF_A_GROUP = 4 << 20;

  /** How often at most it is tried to go on after a failure. */
  private static final Duration AGAIN = Duration.ofMillis(200);

  private static final Logger LOG = LoggerFactory.getLogger(FileJournal.class);

  private final JournalFiles files;
  private final Settings settings;
  private final Executor writer;
  private final Executor compactor;
  private final List<ExecutorService> own;
  private final ConcurrentLinkedQueue<Waiting> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waitingCount = new AtomicInteger();
  private final AtomicBoolean active = new AtomicBoolean();

  /** Files are not deleted while somebody reads them. */
  private final Object reading = new Object();

  private final Object filesLock = new Object();
  private final List<String> closedFiles = new ArrayList<>();
  private final AtomicBoolean compacting = new AtomicBoolean();

  private @Nullable OpenSegment segment;
  private ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
  private long durable;
  private long ordinal;
  private Instant failedAt = Instant.MIN;
  private volatile long compactedBytes;
  private volatile String trouble = "";
  private volatile boolean closed;

  /**
   * How it works.
   *
   * @param level what records outlive
   * @param segment how long a segment is, in bytes
   * @param clock for what may be forgotten
   */
  record Settings(Level level, int segment, InstantSource clock) {}

  private record Waiting(JournalRecord entry, CompletableFuture<Void> written) {}

  /** The segment that is written to. */
  private static final class OpenSegment {
    final Segment segment;
    final JournalFiles.Output out;
    long position;

    OpenSegment(Segment segment, JournalFiles.Output out) {
      this.segment = segment;
      this.out = out;
      this.position = segment.begin();
    }

    long room() {
      return segment.size() - position - Frame.HEAD;
    }
  }

  private FileJournal(
      JournalFiles files,
      Settings settings,
      Executor writer,
      Executor compactor,
      List<ExecutorService> own) {
    this.files = files;
    this.settings = settings;
    this.writer = writer;
    this.compactor = compactor;
    this.own = own;
  }

  /**
   * Opens a journal with a thread of its own.
   *
   * @throws org.jackfield.api.journal.JournalDamaged if what it kept is damaged
   */
  public static FileJournal open(JournalFiles files, Level level) throws IOException {
    ExecutorService writer = thread("jackfield-journal");
    ExecutorService compactor = thread("jackfield-journal-compaction");
    List<ExecutorService> own = List.of(writer, compactor);
    try {
      return open(
          files, new Settings(level, SEGMENT, InstantSource.system()), writer, compactor, own);
    } catch (IOException | RuntimeException failed) {
      own.forEach(ExecutorService::shutdown);
      throw failed;
    }
  }

  private static ExecutorService thread(String name) {
    return Executors.newSingleThreadExecutor(
        task -> Thread.ofPlatform().daemon().name(name).unstarted(task));
  }

  /** Opens a journal that writes and compacts where it is told to. */
  static FileJournal open(
      JournalFiles files, Settings settings, Executor writer, Executor compactor)
      throws IOException {
    return open(files, settings, writer, compactor, List.of());
  }

  private static FileJournal open(
      JournalFiles files,
      Settings settings,
      Executor writer,
      Executor compactor,
      List<ExecutorService> own)
      throws IOException {
    FileJournal journal = new FileJournal(files, settings, writer, compactor, own);
    Layout layout = Layout.read(files, Compaction::decode);
    journal.durable = layout.last();
    journal.ordinal = layout.ordinal();
    journal.closedFiles.addAll(layout.names());
    journal.begin(layout);
    return journal;
  }

  /** A disk that cannot be written now may be able to later. */
  private void begin(Layout layout) {
    try {
      roll(0);
      if (layout.open().isPresent()) {
        seal(layout.open().get());
      }
      maybeCompact();
    } catch (IOException failed) {
      failed(failed);
    }
  }

  /** The segment that was open when the process died is closed now, its torn end cut. */
  private void seal(Layout.Unsealed unsealed) throws IOException {
    try (JournalFiles.Output out = files.open(unsealed.name())) {
      seal(out, unsealed.end(), unsealed.lastRecord());
    }
  }

  private static void seal(JournalFiles.Output out, long at, long last) throws IOException {
    ByteBuffer trailer = ByteBuffer.allocate(Frame.HEAD);
    Frame.write(trailer, last, last, Frame.Kind.TRAILER, Segment.VERSION, new byte[0]);
    out.write(trailer.flip(), at);
    out.sync();
    out.truncate(at + Frame.HEAD);
  }

  // Reading.

  @Override
  public void replay(Consumer<JournalRecord> reader) {
    synchronized (reading) {
      try {
        Layout.read(files, frame -> reader.accept(Compaction.decode(frame)));
      } catch (IOException failed) {
        throw new java.io.UncheckedIOException(failed);
      }
    }
  }

  @Override
  public Optional<String> trouble() {
    return trouble.isEmpty() ? Optional.empty() : Optional.of(trouble);
  }

  // Writing.

  @Override
  public CompletionStage<Void> append(JournalRecord journalRecord) {
    CompletableFuture<Void> written = new CompletableFuture<>();
    if (closed) {
      written.completeExceptionally(new IOException("the journal is closed"));
    } else if (waitingCount.incrementAndGet() > MOST_WAITING) {
      waitingCount.decrementAndGet();
      written.completeExceptionally(new IOException("too much waits for the disk"));
    } else {
      waiting.add(new Waiting(journalRecord, written));
      wake();
    }
    return written;
  }

  private void wake() {
    if (active.compareAndSet(false, true)) {
      writer.execute(this::drain);
    }
  }

  /** One at a time: whoever finds the flag down raises it. */
  private void drain() {
    try {
      List<Waiting> group = new ArrayList<>();
      while (fill(group)) {
        write(group);
        group.clear();
        buffer.clear();
      }
    } finally {
      active.set(false);
    }
    if (!waiting.isEmpty()) {
      wake();
    }
  }

  /** Takes what waits, and writes it down in the buffer. */
  private boolean fill(List<Waiting> group) {
    buffer.clear();
    while (group.size() < MOST_OF_A_GROUP && buffer.position() < MOST_BYTES_OF_A_GROUP) {
      Waiting next = waiting.poll();
      if (next == null) {
        break;
      }
      waitingCount.decrementAndGet();
      try {
        byte[] payload = RecordText.write(next.entry);
        if (payload.length > Frame.MOST_PAYLOAD) {
          throw new IllegalArgumentException("a record of " + payload.length + " bytes");
        }
        room(Frame.HEAD + payload.length);
        Frame.write(
            buffer,
            durable + group.size() + 1,
            durable,
            Frame.Kind.RECORD,
            RecordText.VERSION,
            payload);
        group.add(next);
      } catch (RuntimeException bug) {
        LOG.error("a record cannot be written: {}", next.entry, bug);
        next.written.completeExceptionally(bug);
      }
    }
    return !group.isEmpty();
  }

  private void room(int bytes) {
    if (buffer.remaining() < bytes) {
      int needed = buffer.position() + bytes;
      ByteBuffer larger = ByteBuffer.allocateDirect(Math.max(2 * buffer.capacity(), needed));
      larger.put(buffer.flip());
      buffer = larger;
    }
  }

  private void write(List<Waiting> group) {
    buffer.flip();
    if (isTooSoon()) {
      IOException still = new IOException(trouble);
      group.forEach(one -> one.written.completeExceptionally(still));
      return;
    }
    try {
      OpenSegment open = segment(buffer.remaining());
      int length = buffer.remaining();
      open.out.write(buffer, open.position);
      if (settings.level == Level.POWER_SAFE) {
        open.out.sync();
      }
      open.position += length;
      durable += group.size();
    } catch (IOException | RuntimeException failed) {
      failed(failed);
      group.forEach(one -> one.written.completeExceptionally(failed));
      return;
    }
    if (!trouble.isEmpty()) {
      LOG.info("the journal can be written again");
      trouble = "";
    }
    group.forEach(one -> one.written.complete(null));
  }

  /**
   * Whether the last try has only just failed. To refuse for that is no new failure: else the disk
   * would never be tried again while records keep coming.
   */
  private boolean isTooSoon() {
    Instant now = settings.clock.instant();
    return segment == null && !now.isBefore(failedAt) && now.isBefore(failedAt.plus(AGAIN));
  }

  private void failed(Exception why) {
    failedAt = settings.clock.instant();
    if (trouble.isEmpty()) {
      LOG.error("the journal cannot be written: {}", why.toString());
    }
    trouble = "the journal cannot be written: " + why.getMessage();
    OpenSegment broken = segment;
    segment = null;
    if (broken != null) {
      synchronized (filesLock) {
        closedFiles.add(broken.segment.name());
      }
      close(broken.out);
    }
  }

  private static void close(JournalFiles.Output out) {
    try {
      out.close();
    } catch (IOException failed) {
      LOG.warn("a segment of the journal could not be closed", failed);
    }
  }

  /** The segment to write to, with room for so many bytes. */
  private OpenSegment segment(int bytes) throws IOException {
    OpenSegment open = segment;
    if (open == null || open.room() < bytes) {
      open = roll(bytes);
      maybeCompact();
    }
    return open;
  }

  /** Begins a segment and closes the one before. */
  private OpenSegment roll(int bytes) throws IOException {
    long size = Math.max(settings.segment, bytes + 1_024L);
    Segment next = Segment.of(ordinal + 1, durable + 1, 0, size, false);
    next.create(files, next::zeros);
    ordinal++;
    OpenSegment begun = new OpenSegment(next, files.open(next.name()));
    OpenSegment before = segment;
    segment = begun;
    if (before != null) {
      try {
        seal(before.out, before.position, durable);
      } catch (IOException unsealed) {
        // The next one's header says where it ends.
        LOG.warn("a segment of the journal was left without its end: {}", unsealed.toString());
      }
      close(before.out);
      synchronized (filesLock) {
        closedFiles.add(before.segment.name());
      }
    }
    return begun;
  }

  /** Once there are enough closed segments; what is written meanwhile is not concerned. */
  private void maybeCompact() {
    OpenSegment open = segment;
    List<String> names;
    synchronized (filesLock) {
      names = List.copyOf(closedFiles);
    }
    long segments = names.stream().filter(name -> !Segment.isCompacted(name)).count();
    boolean isWorthIt = segments >= Math.max(CLOSED, compactedBytes / settings.segment);
    if (open != null && isWorthIt && compacting.compareAndSet(false, true)) {
      compactor.execute(() -> compact(names, open.segment.first()));
    }
  }

  private void compact(List<String> names, long limit) {
    synchronized (reading) {
      try {
        Segment compacted = Compaction.compact(files, names, limit, settings.clock.instant());
        compactedBytes = compacted.size();
        synchronized (filesLock) {
          closedFiles.removeAll(names);
          closedFiles.addFirst(compacted.name());
        }
        for (String name : names) {
          files.delete(name);
        }
        files.syncFolder();
      } catch (IOException | RuntimeException failed) {
        LOG.warn("the journal could not be compacted; it grows until it can", failed);
      } finally {
        compacting.set(false);
      }
    }
  }

  /** How many bytes its files have. */
  long bytesOnDisk() throws IOException {
    synchronized (reading) {
      long bytes = 0;
      for (String name : files.list()) {
        bytes += files.read(name).remaining();
      }
      return bytes;
    }
  }

  /** Closes in order: what was appended before is written. */
  @Override
  public void close() {
    closed = true;
    CompletableFuture<Void> last = new CompletableFuture<>();
    writer.execute(
        () -> {
          drain();
          OpenSegment open = segment;
          segment = null;
          if (open != null) {
            try {
              seal(open.out, open.position, durable);
            } catch (IOException failed) {
              LOG.warn("the journal was left without its end: {}", failed.toString());
            }
            close(open.out);
          }
          last.complete(null);
        });
    own.forEach(ExecutorService::shutdown);
    try {
      for (ExecutorService thread : own) {
        if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
          LOG.warn("the journal's disk did not answer in 5 s");
        }
      }
      if (!own.isEmpty()) {
        files.close();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (IOException failed) {
      LOG.warn("the journal's folder could not be closed", failed);
    }
  }
}
