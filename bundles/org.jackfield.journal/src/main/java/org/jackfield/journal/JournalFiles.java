package org.jackfield.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * All that the journal does with its folder, so that a test can record writes and syncs, lose what
 * was not synced, and let any of them fail. Any thread; one file is written by one thread at a
 * time.
 */
public interface JournalFiles extends Closeable {
  /** The folder of the machine's own file system; it is made if it is not there. */
  static JournalFiles in(Path folder) throws IOException {
    return new DiskFiles(folder);
  }

  /** The files' names, in any order. */
  List<String> list() throws IOException;

  /** A file's whole content. */
  ByteBuffer read(String name) throws IOException;

  /** A new, empty file, or one that is there, to be written. */
  Output open(String name) throws IOException;

  /** Gives a file another name, at once and whole; the name may be lost until the next sync. */
  void rename(String from, String to) throws IOException;

  /** Deletes a file, if it is there. */
  void delete(String name) throws IOException;

  /** Returns when names that were given, changed and deleted outlive a power cut. */
  void syncFolder() throws IOException;

  @Override
  void close() throws IOException;

  /** A file that is being written. */
  interface Output extends Closeable {
    /** Writes all of it at that place. */
    void write(ByteBuffer bytes, long at) throws IOException;

    /** Returns when what was written outlives a power cut. */
    void sync() throws IOException;

    /** Cuts the file to that length. */
    void truncate(long length) throws IOException;

    @Override
    void close() throws IOException;
  }
}
