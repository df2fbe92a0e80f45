package org.jackfield.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.activemq.artemis.api.core.ActiveMQBuffer;
import org.apache.activemq.artemis.core.io.nio.NIOSequentialFileFactory;
import org.apache.activemq.artemis.core.journal.EncodingSupport;
import org.apache.activemq.artemis.core.journal.IOCompletion;
import org.apache.activemq.artemis.core.journal.impl.JournalImpl;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.transfer.TransferId;
import org.jackfield.journal.FileJournal;
import org.jackfield.journal.JournalFiles;
import org.jackfield.journal.Level;
import org.jgroups.protocols.raft.FileBasedLog;
import org.jgroups.protocols.raft.LogEntries;
import org.jgroups.protocols.raft.LogEntry;
import org.jspecify.annotations.Nullable;

/**
 * Durable records a second, by group of records that are made durable together: our journal beside
 * libraries that could be one, and a raw loop of write and sync, in one run on one disk. Records
 * have 256 bytes; ours are real ones of about that size, and it pays for writing them down.
 *
 * <p>Arguments: the folder (on the disk that is meant), seconds for each figure, rounds, in which
 * the stores take turns.
 */
public final class JournalChoice {
  private static final int SIZE = 256;
  private static final List<Integer> GROUPS = List.of(1, 8, 64);

  private JournalChoice() {}

  /** Something that makes records durable. */
  private interface Store extends AutoCloseable {
    /** Writes so many records and returns when all are durable. */
    void commit(int group) throws Exception;

    @Override
    void close() throws Exception;
  }

  private interface Opening {
    Store open(Path folder) throws Exception;
  }

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args.length > 0 ? args[0] : "target/journals").toAbsolutePath();
    int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
    Map<String, Opening> stores = new LinkedHashMap<>();
    stores.put("raw write and fdatasync", Raw::new);
    stores.put("org.jackfield.journal", Own::new);
    stores.put("Artemis journal, NIO", Artemis::new);
    stores.put("jgroups-raft log, fsync", Raft::new);
    stores.put("H2 MVStore, commit and sync", Mv::new);
    stores.put("SQLite, WAL, FULL", Sqlite::new);
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 3;
    Map<String, List<List<Figure>>> figures = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (Map.Entry<String, Opening> store : stores.entrySet()) {
        for (int i = 0; i < GROUPS.size(); i++) {
          delete(folder);
          Files.createDirectories(folder);
          try (Store open = store.getValue().open(folder)) {
            run(open, GROUPS.get(i), 500_000_000L);
            Figure figure = run(open, GROUPS.get(i), seconds * 1_000_000_000L);
            figures
                .computeIfAbsent(
                    store.getKey(),
                    k -> List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>()))
                .get(i)
                .add(figure);
          }
        }
      }
    }
    delete(folder);
    print(figures);
  }

  /**
   * One measurement.
   *
   * @param each records a second
   * @param p50 the median time of a commit, in µs
   * @param p99 of a hundred commits the slowest but one, in µs
   */
  private record Figure(double each, long p50, long p99) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%,.0f (%,d/%,d)", each, p50, p99);
    }
  }

  private static void print(Map<String, List<List<Figure>>> figures) {
    System.out.printf("%-28s", "records/s (p50/p99 µs)");
    GROUPS.forEach(g -> System.out.printf("%28s%28s", "group " + g + ", median", "best"));
    System.out.println();
    for (Map.Entry<String, List<List<Figure>>> store : figures.entrySet()) {
      System.out.printf("%-28s", store.getKey());
      for (List<Figure> rounds : store.getValue()) {
        List<Figure> sorted =
            rounds.stream().sorted(Comparator.comparingDouble(Figure::each)).toList();
        System.out.printf("%28s%28s", sorted.get(sorted.size() / 2), sorted.getLast());
      }
      System.out.println();
    }
  }

  private static Figure run(Store store, int group, long nanos) throws Exception {
    List<Long> times = new ArrayList<>();
    long begin = System.nanoTime();
    long last = begin;
    while (last - begin < nanos) {
      store.commit(group);
      long now = System.nanoTime();
      times.add(now - last);
      last = now;
    }
    long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
    return new Figure(
        times.size() * (double) group / (last - begin) * 1e9,
        sorted[sorted.length / 2] / 1_000,
        sorted[(int) (sorted.length * 0.99)] / 1_000);
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private static byte[] payload() {
    byte[] bytes = new byte[SIZE];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  /** What the disk can do: a file that is there already, written and synced. */
  private static final class Raw implements Store {
    private static final int LENGTH = 64 << 20;
    private final FileChannel file;
    private final ByteBuffer records = ByteBuffer.allocateDirect(64 * SIZE);
    private long position;

    Raw(Path folder) throws IOException {
      file =
          FileChannel.open(
              folder.resolve("raw"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
      for (int at = 0; at < LENGTH; at += zeros.capacity()) {
        file.write(zeros.clear(), at);
      }
      file.force(true);
      byte[] one = payload();
      while (records.hasRemaining()) {
        records.put(one);
      }
    }

    @Override
    public void commit(int group) throws IOException {
      if (position + group * SIZE > LENGTH) {
        position = 0;
      }
      position += file.write(records.clear().limit(group * SIZE), position);
      file.force(false);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /** Ours. */
  private static final class Own implements Store {
    private final FileJournal journal;
    private long ids;

    Own(Path folder) throws IOException {
      journal = FileJournal.open(JournalFiles.in(folder), Level.POWER_SAFE);
    }

    @Override
    public void commit(int group) {
      CompletableFuture<?>[] written = new CompletableFuture<?>[group];
      for (int i = 0; i < group; i++) {
        ids++;
        Command command =
            new Command.Hold(
                new CommandId(ids), new CallId("call-" + ids), new ConnectionId("c-" + ids));
        written[i] =
            journal
                .append(
                    new JournalRecord.CommandIntended(
                        new TransferId(ids), "a PBX", command, Map.of("act", "hold")))
                .toCompletableFuture();
      }
      CompletableFuture.allOf(written).join();
    }

    @Override
    public void close() {
      journal.close();
    }
  }

  private static final class Artemis implements Store, EncodingSupport {
    private final JournalImpl journal;
    private final byte[] one = payload();
    private long ids;

    Artemis(Path folder) throws Exception {
      NIOSequentialFileFactory files = new NIOSequentialFileFactory(folder.toFile(), 4096);
      files.setDatasync(true);
      journal = new JournalImpl(16 << 20, 2, 10, 0, 0, files, "records", "jf", 4096);
      journal.start();
      journal.load(new ArrayList<>(), new ArrayList<>(), null);
    }

    @Override
    public void commit(int group) throws Exception {
      CountDownLatch durable = new CountDownLatch(group);
      AtomicReference<@Nullable String> error = new AtomicReference<>();
      IOCompletion done =
          new IOCompletion() {
            @Override
            public void storeLineUp() {}

            @Override
            public void done() {
              durable.countDown();
            }

            @Override
            public void onError(int code, String message) {
              error.set(message);
              durable.countDown();
            }
          };
      for (int i = 0; i < group; i++) {
        // Only the last one asks for a sync: what was appended before it goes with it.
        journal.appendAddRecord(++ids, (byte) 1, this, i == group - 1, done);
      }
      durable.await();
      if (error.get() != null) {
        throw new IOException(error.get());
      }
    }

    @Override
    public int getEncodeSize() {
      return one.length;
    }

    @Override
    public void encode(ActiveMQBuffer buffer) {
      buffer.writeBytes(one);
    }

    @Override
    public void decode(ActiveMQBuffer buffer) {}

    @Override
    public void close() throws Exception {
      journal.stop();
    }
  }

  private static final class Raft implements Store {
    private final FileBasedLog log = new FileBasedLog();
    private final byte[] one = payload();
    private long index;

    Raft(Path folder) throws Exception {
      log.useFsync(true);
      log.init(folder.resolve("raft").toString(), Map.of());
    }

    @Override
    public void commit(int group) {
      LogEntry[] entries = new LogEntry[group];
      Arrays.setAll(entries, i -> new LogEntry(1, one));
      log.append(index + 1, LogEntries.create(entries));
      index += group;
    }

    @Override
    public void close() {
      log.close();
    }
  }

  private static final class Mv implements Store {
    private final MVStore store;
    private final MVMap<Long, byte[]> map;
    private final byte[] one = payload();
    private long ids;

    Mv(Path folder) {
      store =
          new MVStore.Builder()
              .fileName(folder.resolve("mv").toString())
              .autoCommitDisabled()
              .open();
      map = store.openMap("records");
    }

    @Override
    public void commit(int group) {
      for (int i = 0; i < group; i++) {
        map.put(++ids, one);
      }
      store.commit();
      store.sync();
    }

    @Override
    public void close() {
      store.close();
    }
  }

  private static final class Sqlite implements Store {
    private final Connection connection;
    private final PreparedStatement insert;

    Sqlite(Path folder) throws SQLException {
      connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("records.db"));
      try (Statement set = connection.createStatement()) {
        set.execute("pragma journal_mode=wal");
        set.execute("pragma synchronous=full");
        set.execute("create table records (id integer primary key, record blob)");
      }
      connection.setAutoCommit(false);
      insert = connection.prepareStatement("insert into records (record) values (?)");
      insert.setBytes(1, payload());
    }

    @Override
    public void commit(int group) throws SQLException {
      for (int i = 0; i < group; i++) {
        insert.executeUpdate();
      }
      connection.commit();
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }
}
