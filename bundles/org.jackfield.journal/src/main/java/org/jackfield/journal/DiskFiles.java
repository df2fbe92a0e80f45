package org.jackfield.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A folder of the file system, held by one process at a time. */
final class DiskFiles implements JournalFiles {
  private static final String LOCK = "lock";

  private final Path folder;
  private final FileChannel lockFile;

  DiskFiles(Path folder) throws IOException {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
      lockFile =
          FileChannel.open(
              folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (FileSystemException no) {
      throw new IOException("the journal cannot be kept in " + folder + ": " + no, no.getCause());
    }
    if (lock() == null) {
      lockFile.close();
      throw new IOException("another process has the journal in " + folder);
    }
  }

  private @Nullable FileLock lock() throws IOException {
    try {
      return lockFile.tryLock();
    } catch (OverlappingFileLockException ours) {
      return null;
    }
  }

  @Override
  public List<String> list() throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (!name.equals(LOCK) && Files.isRegularFile(file)) {
          names.add(name);
        }
      }
    } catch (java.nio.file.DirectoryIteratorException broken) {
      throw broken.getCause();
    }
    return names;
  }

  @Override
  public ByteBuffer read(String name) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(folder.resolve(name)));
  }

  @Override
  public Output open(String name) throws IOException {
    FileChannel channel =
        FileChannel.open(folder.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    return new DiskOutput(channel);
  }

  private record DiskOutput(FileChannel channel) implements Output {
    @Override
    public void write(ByteBuffer bytes, long at) throws IOException {
      long place = at;
      while (bytes.hasRemaining()) {
        place += channel.write(bytes, place);
      }
    }

    @Override
    public void sync() throws IOException {
      channel.force(false);
    }

    @Override
    public void truncate(long length) throws IOException {
      channel.truncate(length);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Path target = folder.resolve(to);
    Files.createDirectories(target.toAbsolutePath().getParent());
    Files.move(folder.resolve(from), target, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(folder.resolve(name));
  }

  @Override
  public void syncFolder() throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
