package org.jackfield.shell;

import java.util.ArrayList;
import java.util.List;

/** Lines and tables for a terminal. */
final class Text {
  private final List<String[]> rows = new ArrayList<>();

  Text(String... head) {
    rows.add(head);
  }

  void row(String... cells) {
    rows.add(cells);
  }

  /** The rows in columns, the last one as long as it is. */
  @Override
  public String toString() {
    int[] widths = new int[rows.getFirst().length];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        row[i] = plain(row[i]);
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    StringBuilder out = new StringBuilder();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.length; i++) {
        line.append(row[i]).append(" ".repeat(widths[i] - row[i].length() + 2));
      }
      out.append(out.isEmpty() ? "" : "\n").append(line.toString().stripTrailing());
    }
    return out.toString();
  }

  /** What comes from a PBX must not steer the terminal. */
  static String plain(String text) {
    return text.replaceAll("[\\p{Cntrl}\\p{Cf}]", "?");
  }
}
