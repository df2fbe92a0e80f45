package org.jackfield.web;

/** Entity tags of the form {@code "epoch-revision"} (RFC 9110 §8.8.3, strong). */
final class ETag {
  private ETag() {}

  static String of(String epoch, long revision) {
    return "\"" + epoch + "-" + revision + "\"";
  }

  /** Whether the value of If-Match or If-None-Match names this tag. */
  static boolean matches(String header, String tag) {
    for (String given : header.split(",", -1)) {
      if (given.strip().equals("*") || given.strip().equals(tag)) {
        return true;
      }
    }
    return false;
  }
}
