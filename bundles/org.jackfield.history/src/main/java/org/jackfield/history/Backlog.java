package org.jackfield.history;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.jackfield.api.audit.AuditEntry;
import org.jackfield.api.security.Requester;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the database is owed, in order, in files, so that it outlives the process: a queue with one
 * reader. Nothing here throws at whoever adds. Where the file cannot be written the newest wait in
 * memory; what exceeds the bounds is lost, counted, and told of by an audit entry as soon as there
 * is room. A reader that ends between reading and {@link #done} is given the same again.
 */
final class Backlog implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Backlog.class);
  private static final int SEGMENT_BYTES = 4 << 20;
  private static final int TIDY_BYTES = 1 << 20;
  private static final int AT_ONCE = 1_000;
  private static final String SUFFIX = ".jsonl";

  private final Path folder;
  private final long mostBytes;
  private final int mostInMemory;
  private final Deque<Segment> segments = new ArrayDeque<>();
  private final Deque<Item> unsaved = new ArrayDeque<>();
  private final List<Item> window = new ArrayList<>();
  private boolean windowFromMemory;

  /** Whether there was no room, and nothing has been done with since: nothing is tried then. */
  private boolean full;

  private long nextName;
  private long owed;
  private long damaged;
  private long lost;
  private long untold;
  private @Nullable Instant lostSince;
  private String trouble = "";
  private boolean woken;

  /**
   * @param mostBytes how large the files together may become
   * @param mostInMemory how many items may wait while no file can be written
   */
  Backlog(Path folder, long mostBytes, int mostInMemory) throws IOException {
    this.folder = folder;
    this.mostBytes = mostBytes;
    this.mostInMemory = mostInMemory;
    Files.createDirectories(folder);
    List<Path> found;
    try (Stream<Path> files = Files.list(folder)) {
      found = files.filter(f -> f.toString().endsWith(SUFFIX)).sorted().toList();
    }
    for (Path file : found) {
      Segment segment = Segment.open(file);
      owed += segment.lines();
      segments.add(segment);
      String name = file.getFileName().toString();
      nextName = Long.parseLong(name.substring(0, name.length() - SUFFIX.length())) + 1;
    }
  }

  synchronized void add(List<Item> items) {
    Item gap = untold > 0 ? gap() : null;
    List<Item> more = new ArrayList<>(items.size() + 1);
    if (gap != null) {
      more.add(gap);
    }
    more.addAll(items);
    if (!saveUnsaved() || !save(more)) {
      keep(items);
    } else if (gap != null) {
      untold = 0;
      lostSince = null;
    }
    notifyAll();
  }

  private Item gap() {
    Instant since = lostSince == null ? Instant.now() : lostSince;
    return new Item.Audited(
        "lost-" + since + "-" + lost,
        new AuditEntry(
            Instant.now(),
            Requester.CORE,
            "history.lost",
            "history",
            "lost",
            untold + " events and audit entries since " + since + ": more was owed than may be"));
  }

  private boolean saveUnsaved() {
    if (unsaved.isEmpty() || windowFromMemory) {
      return unsaved.isEmpty();
    }
    while (!unsaved.isEmpty()) {
      List<Item> oldest = unsaved.stream().limit(AT_ONCE).toList();
      if (!save(oldest)) {
        return false;
      }
      owed -= oldest.size();
      oldest.forEach(item -> unsaved.removeFirst());
    }
    return true;
  }

  private boolean save(List<Item> items) {
    if (items.isEmpty()) {
      return true;
    }
    if (full) {
      return false;
    }
    ByteArrayOutputStream lines = new ByteArrayOutputStream(items.size() * 512);
    items.forEach(item -> lines.writeBytes(Segment.framed(Codec.bytes(item))));
    full = bytes() + lines.size() > mostBytes;
    if (full) {
      return tell("its files have reached their bound of " + (mostBytes >> 20) + " MB");
    }
    try {
      writing().append(lines.toByteArray(), items.size());
      owed += items.size();
      if (unsaved.size() <= items.size()) { // else some wait in memory still
        trouble = "";
      }
      return true;
    } catch (IOException e) {
      return tell("data/ cannot be written: " + e.getMessage());
    }
  }

  private boolean tell(String what) {
    if (!trouble.equals(what)) {
      LOG.error("the history's backlog: {}; {} items wait", what, owed);
      trouble = what;
    }
    return false;
  }

  private Segment writing() throws IOException {
    Segment last = segments.peekLast();
    if (last == null || last.bytes() > SEGMENT_BYTES) {
      last = Segment.open(folder.resolve(String.format("%012d", nextName) + SUFFIX));
      nextName++;
      segments.add(last);
    }
    return last;
  }

  private void keep(List<Item> items) {
    for (Item item : items) {
      if (unsaved.size() < mostInMemory) {
        unsaved.add(item);
        owed++;
      } else {
        if (lostSince == null) {
          lostSince = item.at();
          LOG.error("history and audit lose entries: {} wait already, and {}", owed, trouble);
        }
        lost++;
        untold++;
      }
    }
  }

  /** So many were lost before they came here. */
  synchronized void missed(long count, Instant since) {
    lost += count;
    untold += count;
    lostSince = lostSince == null ? since : lostSince;
  }

  /**
   * The oldest items, the same again until {@link #done}. It waits for one for a while.
   *
   * @return at most so many; empty if none has come
   */
  synchronized List<Item> next(int most, long waitMs) throws InterruptedException {
    long end = System.nanoTime() + waitMs * 1_000_000;
    while (true) {
      if (window.isEmpty()) {
        fill(most);
      }
      long rest = (end - System.nanoTime()) / 1_000_000;
      if (!window.isEmpty() || rest <= 0 || woken) {
        return List.copyOf(window);
      }
      wait(rest);
    }
  }

  private void fill(int most) {
    try {
      for (Segment segment : segments) {
        while (window.size() < most) {
          byte[] line = segment.line();
          if (line == null) {
            break;
          }
          read(line);
        }
      }
    } catch (IOException e) {
      var unused = tell("its files cannot be read: " + e.getMessage());
      return;
    }
    if (window.isEmpty() && !unsaved.isEmpty()) {
      unsaved.stream().limit(most).forEach(window::add);
      windowFromMemory = true;
    }
  }

  private void read(byte[] line) {
    byte[] json = Segment.json(line);
    try {
      if (json == null) {
        throw new IOException("its checksum is wrong");
      }
      window.add(Codec.item(json));
    } catch (IOException e) {
      owed--;
      damaged++;
      LOG.error("a line of the history's backlog is damaged and passed over: {}", e.getMessage());
    }
  }

  /** What {@link #next} gave is in the database. */
  synchronized void done() {
    if (windowFromMemory) {
      for (int i = 0; i < window.size(); i++) {
        unsaved.removeFirst();
      }
      windowFromMemory = false;
    }
    owed -= window.size();
    window.clear();
    full = false;
  }

  /** Whether {@link #tidy} would remove a file. */
  synchronized boolean untidy() {
    Segment first = segments.peekFirst();
    return first != null
        && window.isEmpty()
        && first.drained()
        && (segments.size() > 1 || first.bytes() > TIDY_BYTES);
  }

  /** Removes the files that are done with. */
  synchronized void tidy() {
    try {
      while (untidy()) {
        segments.removeFirst().delete();
        full = false;
      }
    } catch (IOException e) {
      LOG.warn("a file of the history's backlog cannot be removed: {}", e.getMessage());
    }
  }

  private long bytes() {
    return segments.stream().mapToLong(Segment::bytes).sum();
  }

  synchronized long owed() {
    return owed;
  }

  synchronized long lost() {
    return lost + damaged;
  }

  /** What hinders the files; empty if nothing does. */
  synchronized String trouble() {
    return trouble;
  }

  /** Nobody waits from now on. */
  synchronized void wake() {
    woken = true;
    notifyAll();
  }

  /** What is still owed stays in the files. */
  @Override
  public synchronized void close() throws IOException {
    window.clear();
    windowFromMemory = false;
    if (!saveUnsaved()) {
      LOG.error("{} items for the history could not be kept in a file", unsaved.size());
    }
    for (Segment segment : segments) {
      if (owed == 0) {
        segment.delete();
      } else {
        segment.close();
      }
    }
    segments.clear();
  }
}
