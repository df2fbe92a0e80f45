package org.jackfield.web;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Entity tags of the form {@code "epoch-revision"} (RFC 9110 §8.8.3, strong). */
final class ETag {
  private static final Pattern FORM = Pattern.compile("\"([0-9]{1,20})-([0-9]{1,18})\"");

  private ETag() {}

  static String of(String epoch, long revision) {
    return "\"" + epoch + "-" + revision + "\"";
  }

  /** The revision that a tag of this epoch names; empty for any other tag. */
  static OptionalLong revision(String tag, String epoch) {
    Matcher matcher = FORM.matcher(tag.strip());
    return matcher.matches() && matcher.group(1).equals(epoch)
        ? OptionalLong.of(Long.parseLong(matcher.group(2)))
        : OptionalLong.empty();
  }

  /** Whether the value of If-None-Match names this tag. */
  static boolean matches(String header, String tag) {
    for (String given : header.split(",", -1)) {
      if (given.strip().equals("*") || given.strip().equals(tag)) {
        return true;
      }
    }
    return false;
  }
}
