package org.jackfield.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The administrator's API token: made at the first start, kept in one file of mode 0600. */
final class AdminToken {
  private static final int SHORTEST = 32;

  private final String token;

  private AdminToken(String token) {
    this.token = token;
  }

  /** Reads the token, or makes one. A file that is too short to be a token is refused. */
  static AdminToken of(Path file) throws IOException {
    if (!Files.exists(file)) {
      PrivateFile.write(file, Secrets.random());
    }
    PrivateFile.restrict(file);
    String token = Files.readString(file).strip();
    if (token.length() < SHORTEST) {
      throw new IOException(
          file
              + " holds no token of at least "
              + SHORTEST
              + " characters; delete it to get a new one");
    }
    return new AdminToken(token);
  }

  boolean is(String given) {
    return Secrets.same(given, token);
  }
}
