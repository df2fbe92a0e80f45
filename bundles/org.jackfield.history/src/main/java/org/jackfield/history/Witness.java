package org.jackfield.history;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Where the audit's chain ends, kept outside the database, so that whoever can write only there
 * cannot cut the chain, lengthen it or write it anew. Written before and after each transaction: of
 * one that was broken off, either end is the right one.
 */
final class Witness {

  /** The end of a chain: its last row and that row's hash. */
  record Head(long row, String hash) {}

  /** What the file says: where the chain ended, and where it was about to. */
  record Ends(Head committed, Head intended) {
    boolean allows(Head head) {
      return head.equals(committed) || head.equals(intended);
    }
  }

  private final Path folder;

  Witness(Path folder) {
    this.folder = folder;
  }

  private Path file(String chain) {
    return folder.resolve("audit-" + chain.replaceAll("[^0-9a-z]", "") + ".end");
  }

  /** Empty if there is none for this chain, or it is no longer readable. */
  Optional<Ends> read(String chain) throws IOException {
    if (!Files.exists(file(chain))) {
      return Optional.empty();
    }
    String[] words = Files.readString(file(chain)).strip().split("\\s+");
    if (words.length != 4 || !words[0].matches("\\d{1,18}") || !words[2].matches("\\d{1,18}")) {
      return Optional.empty();
    }
    return Optional.of(
        new Ends(
            new Head(Long.parseLong(words[0]), words[1]),
            new Head(Long.parseLong(words[2]), words[3])));
  }

  void write(String chain, Ends ends) throws IOException {
    Files.createDirectories(folder);
    String text =
        "%d %s%n%d %s%n"
            .formatted(
                ends.committed().row(),
                ends.committed().hash(),
                ends.intended().row(),
                ends.intended().hash());
    Path aside = folder.resolve("audit.end.new");
    try (FileChannel channel =
        FileChannel.open(
            aside,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(
        aside, file(chain), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
