package org.jackfield.web;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Lines of RFC 4180. A cell that a spreadsheet would take for a formula begins with an apostrophe,
 * as OWASP advises: what callers and phones have written is in these cells.
 */
final class Csv {
  private Csv() {}

  static String line(List<String> cells) {
    return cells.stream().map(Csv::cell).collect(Collectors.joining(",", "", "\r\n"));
  }

  static String cell(String text) {
    String safe =
        text.isEmpty() || "=+-@\t\r\n＝＋－＠".indexOf(text.charAt(0)) < 0 ? text : "'" + text;
    boolean quoted =
        safe.chars()
            .anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n' || c == ';' || c == '\'');
    return quoted ? "\"" + safe.replace("\"", "\"\"") + "\"" : safe;
  }
}
