package org.jackfield.history;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;

/** How the rows of the audit are bound to one another. */
final class Chain {
  private Chain() {}

  /**
   * A row as it stands in the database.
   *
   * @param hash SHA-256 over {@code previous} and everything else
   */
  record Row(
      long number,
      String entry,
      OffsetDateTime at,
      String principal,
      String via,
      String origin,
      String action,
      String subject,
      String result,
      String detail,
      String previous,
      String hash) {

    /** What the hash should be. */
    String expected() {
      MessageDigest digest = sha256();
      add(digest, previous);
      add(digest, Long.toString(number));
      add(digest, entry);
      add(digest, at.toInstant().toString());
      add(digest, at.getOffset().getId());
      add(digest, principal);
      add(digest, via);
      add(digest, origin);
      add(digest, action);
      add(digest, subject);
      add(digest, result);
      add(digest, detail);
      return HexFormat.of().formatHex(digest.digest());
    }

    Row hashed() {
      return new Row(
          number,
          entry,
          at,
          principal,
          via,
          origin,
          action,
          subject,
          result,
          detail,
          previous,
          expected());
    }
  }

  /** What the first row's previous hash is. */
  static String origin(String chain) {
    MessageDigest digest = sha256();
    add(digest, "jackfield audit");
    add(digest, chain);
    return HexFormat.of().formatHex(digest.digest());
  }

  /** As exact as every database keeps it. */
  static Instant kept(Instant at) {
    return at.truncatedTo(ChronoUnit.MICROS);
  }

  /** Each text with its length before it, so that no two contents read alike. */
  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(4).putInt(0, bytes.length).array());
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
