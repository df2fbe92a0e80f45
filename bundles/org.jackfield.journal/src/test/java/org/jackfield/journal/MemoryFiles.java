package org.jackfield.journal;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * A folder in memory that knows what would outlive a power cut, counts what is done to it and lets
 * any of it fail.
 */
final class MemoryFiles implements JournalFiles {
  private final Map<String, byte[]> files = new HashMap<>();
  private final Map<String, byte[]> synced = new HashMap<>();
  private final Map<String, String> unsyncedNames = new HashMap<>();
  final List<String> done = new ArrayList<>();
  private IntPredicate fails = operation -> false;
  private String why = "No space left on device";

  /** From now on the operations that the predicate names by their number fail. */
  void fail(String why, IntPredicate which) {
    this.why = why;
    this.fails = which;
  }

  private synchronized void operation(String what) throws IOException {
    int number = done.size();
    done.add(what);
    if (fails.test(number)) {
      throw new IOException(why);
    }
  }

  @Override
  public synchronized List<String> list() {
    return new ArrayList<>(files.keySet());
  }

  @Override
  public synchronized ByteBuffer read(String name) throws IOException {
    byte[] bytes = files.get(name);
    if (bytes == null) {
      throw new FileNotFoundException(name);
    }
    return ByteBuffer.wrap(bytes.clone());
  }

  @Override
  public synchronized Output open(String name) throws IOException {
    operation("open " + name);
    files.putIfAbsent(name, new byte[0]);
    return new MemoryOutput(name);
  }

  private final class MemoryOutput implements Output {
    private String name;

    MemoryOutput(String name) {
      this.name = name;
    }

    @Override
    public void write(ByteBuffer bytes, long at) throws IOException {
      synchronized (MemoryFiles.this) {
        operation("write " + name);
        byte[] before = content();
        int end = (int) at + bytes.remaining();
        byte[] now = Arrays.copyOf(before, Math.max(before.length, end));
        bytes.get(now, (int) at, bytes.remaining());
        files.put(current(), now);
      }
    }

    private String current() {
      return files.containsKey(name) ? name : unsyncedNames.getOrDefault(name, name);
    }

    private byte[] content() {
      return files.getOrDefault(current(), new byte[0]);
    }

    @Override
    public void sync() throws IOException {
      synchronized (MemoryFiles.this) {
        operation("sync " + name);
        synced.put(current(), content());
      }
    }

    @Override
    public void truncate(long length) throws IOException {
      synchronized (MemoryFiles.this) {
        operation("truncate " + name);
        files.put(current(), Arrays.copyOf(content(), (int) length));
      }
    }

    @Override
    public void close() {}
  }

  @Override
  public synchronized void rename(String from, String to) throws IOException {
    operation("rename " + from);
    byte[] bytes = files.remove(from);
    if (bytes == null) {
      throw new FileNotFoundException(from);
    }
    files.put(to, bytes);
    byte[] durable = synced.remove(from);
    if (durable != null) {
      synced.put(to, durable);
    }
    unsyncedNames.put(from, to);
  }

  @Override
  public synchronized void delete(String name) throws IOException {
    operation("delete " + name);
    files.remove(name);
    synced.remove(name);
  }

  @Override
  public synchronized void syncFolder() throws IOException {
    operation("sync folder");
  }

  @Override
  public void close() {}

  /** The folder after a power cut: what was not synced is not there. */
  synchronized MemoryFiles afterPowerCut() {
    MemoryFiles after = new MemoryFiles();
    after.files.putAll(synced);
    after.synced.putAll(synced);
    return after;
  }

  /** The folder after the process was killed. */
  synchronized MemoryFiles afterKill() {
    MemoryFiles after = new MemoryFiles();
    after.files.putAll(files);
    after.synced.putAll(files);
    return after;
  }

  synchronized byte[] bytes(String name) {
    return files.getOrDefault(name, new byte[0]).clone();
  }

  /** The same folder with another content of one file. */
  synchronized MemoryFiles with(String name, byte[] content) {
    MemoryFiles other = afterKill();
    other.files.put(name, content.clone());
    other.synced.put(name, content.clone());
    return other;
  }
}
