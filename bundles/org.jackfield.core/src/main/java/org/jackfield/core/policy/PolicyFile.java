package org.jackfield.core.policy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file that is read whole and replaced whole: after a crash it is the old one or the new one. */
final class PolicyFile {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyFile.class);
  private static final int LONGEST = 1 << 20;

  private final Path path;

  PolicyFile(Path path) {
    this.path = path;
  }

  Path path() {
    return path;
  }

  /** What changes when somebody writes the file, or empty if there is none. */
  String mark() {
    try {
      BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
      return now.lastModifiedTime() + " " + now.size() + " " + now.fileKey();
    } catch (NoSuchFileException none) {
      return "";
    } catch (IOException unreadable) {
      return "unreadable: " + unreadable;
    }
  }

  boolean exists() {
    return !mark().isEmpty();
  }

  String read() throws IOException {
    if (Files.size(path) > LONGEST) {
      throw new IOException("it has more than " + LONGEST + " bytes");
    }
    try {
      return Files.readString(path);
    } catch (CharacterCodingException notText) {
      throw new IOException("it is not UTF-8", notText);
    }
  }

  /** Written aside, made durable, renamed; the one before is kept as {@code .previous}. */
  void replace(String text) throws IOException {
    Files.createDirectories(path.toAbsolutePath().getParent());
    Path aside = path.resolveSibling(path.getFileName() + ".new");
    try (FileChannel out =
        FileChannel.open(
            aside,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    keepPermissions(aside);
    Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    makeRenameDurable();
  }

  private void keepPermissions(Path aside) throws IOException {
    PosixFileAttributeView before = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    if (before != null && Files.exists(path)) {
      Files.setPosixFilePermissions(aside, before.readAttributes().permissions());
    }
  }

  /** Keeps what is there now beside it. */
  void keepPrevious() throws IOException {
    if (Files.exists(path)) {
      Files.copy(
          path,
          path.resolveSibling(path.getFileName() + ".previous"),
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private void makeRenameDurable() {
    try (FileChannel folder =
        FileChannel.open(path.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      folder.force(true);
    } catch (IOException notHere) {
      LOG.debug("this system does not make a folder durable by itself", notHere);
    }
  }
}
