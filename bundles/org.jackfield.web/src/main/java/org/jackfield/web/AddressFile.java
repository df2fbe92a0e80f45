package org.jackfield.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** {@code data/http.address}: where the server listens, for scripts that started it. */
final class AddressFile {
  private final Path file;

  AddressFile(Path file) {
    this.file = file;
  }

  void write(String address) throws IOException {
    PrivateFile.writeReadable(file, address);
  }

  void remove() throws IOException {
    Files.deleteIfExists(file);
  }

  /**
   * The address in the endpoints that the HTTP service tells of: the first that names a host and a
   * real port, without the path.
   */
  static Optional<String> of(Iterable<String> endpoints) {
    for (String endpoint : endpoints) {
      if (endpoint.matches("https?://.+:[1-9][0-9]*(/.*)?")) {
        return Optional.of(endpoint.replaceFirst("^(https?://[^/]+).*$", "$1"));
      }
    }
    return Optional.empty();
  }
}
