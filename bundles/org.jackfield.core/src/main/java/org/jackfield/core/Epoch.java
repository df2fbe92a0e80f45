package org.jackfield.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The epoch of a start: its time in milliseconds, but always more than that of the start before.
 */
final class Epoch {
  private Epoch() {}

  /** The epoch of this start, kept in the file for the next one. */
  static long next(Path file, long now) throws IOException {
    long epoch = Math.max(now, last(file) + 1);
    Files.createDirectories(file.toAbsolutePath().getParent());
    Path written = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(written, epoch + "\n");
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return epoch;
  }

  private static long last(Path file) throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    try {
      return Long.parseLong(Files.readString(file).strip());
    } catch (NumberFormatException damaged) {
      throw new IOException(file + " does not hold a number; delete it to go on", damaged);
    }
  }
}
