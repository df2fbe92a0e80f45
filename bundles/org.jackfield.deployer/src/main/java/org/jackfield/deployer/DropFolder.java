package org.jackfield.deployer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks into {@code deploy/}. A JAR is read once its size and time have not changed between two
 * looks and its end is the end of a ZIP; a copy under way has neither. Of one thread.
 */
final class DropFolder {
  private static final Logger LOG = LoggerFactory.getLogger(DropFolder.class);
  private static final int END_SIZE = 22;
  private static final int END = 0x06054b50;
  private static final int TOLD_AFTER_LOOKS = 40;

  private record Look(long size, FileTime time) {}

  private static final class Seen {
    Look look;
    boolean taken;
    int looks;

    Seen(Look look) {
      this.look = look;
    }
  }

  private final Path folder;
  private final Pipeline pipeline;
  private final Withdrawals withdrawals;
  private final Map<String, Seen> seen = new HashMap<>();

  DropFolder(Path folder, Pipeline pipeline, Withdrawals withdrawals) {
    this.folder = folder;
    this.pipeline = pipeline;
    this.withdrawals = withdrawals;
  }

  /** Whether a file of that name is gone. */
  boolean gone(String file) {
    return !Files.exists(folder.resolve(file));
  }

  /** Looks once; to be called about twice a second. */
  void look() {
    try {
      Set<String> there = new HashSet<>();
      for (Path file : jars()) {
        String name = file.getFileName().toString();
        there.add(name);
        look(name, file);
      }
      for (String name : List.copyOf(seen.keySet())) {
        if (!there.contains(name)) {
          seen.remove(name);
          withdrawals.withdrawFile(name);
        }
      }
    } catch (IOException | RuntimeException e) {
      LOG.error("{} cannot be looked into", folder, e);
    }
  }

  private List<Path> jars() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> f.toString().endsWith(".jar"))
          .filter(f -> !f.getFileName().toString().startsWith("."))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    }
  }

  private void look(String name, Path file) throws IOException {
    Look now = look(file);
    Seen before = seen.get(name);
    if (before == null) {
      seen.put(name, new Seen(now));
      return;
    }
    if (!before.look.equals(now)) {
      before.look = now;
      before.taken = false;
      before.looks = 0;
      return;
    }
    if (!before.taken) {
      take(name, file, before);
    }
  }

  private static Look look(Path file) throws IOException {
    BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
    return new Look(now.size(), now.lastModifiedTime());
  }

  private void take(String name, Path file, Seen one) throws IOException {
    if (!isWhole(file)) {
      if (++one.looks == TOLD_AFTER_LOOKS) {
        LOG.warn("{} is no whole JAR yet; it is read when it is", file);
      }
      return;
    }
    byte[] jar = Files.readAllBytes(file);
    if (jar.length != one.look.size() || !look(file).equals(one.look)) {
      return; // changed while it was read: looked at again
    }
    one.taken = true;
    var unused = pipeline.submit(new Pipeline.Sender("deploy", "folder", name), jar, false);
  }

  private static boolean isWhole(Path file) throws IOException {
    try (FileChannel in = FileChannel.open(file)) {
      long size = in.size();
      ByteBuffer end = ByteBuffer.allocate(END_SIZE).order(ByteOrder.LITTLE_ENDIAN);
      if (size < END_SIZE) {
        return false;
      }
      while (end.hasRemaining() && in.read(end, size - END_SIZE + end.position()) > 0) {
        continue;
      }
      return !end.hasRemaining()
          && end.getInt(0) == END
          && Integer.toUnsignedLong(end.getInt(12)) + Integer.toUnsignedLong(end.getInt(16))
              == size - END_SIZE;
    }
  }
}
