package org.jackfield.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jackfield.api.session.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemTypeTest {
  private static final Pattern ROW =
      Pattern.compile(
          "^\\| `([a-z-]+)` \\| (\\d{3}) \\| .+ \\| .+ \\| (.+) \\|$", Pattern.MULTILINE);

  @ParameterizedTest
  @EnumSource
  void everyRefusalOfAServiceHasItsProblem(Reason reason) {
    assertThat(ProblemType.of(reason).code()).isEqualTo(reason.text());
  }

  @Test
  void everyProblemHasItsRowInTheDocumentation() throws IOException {
    // given
    TreeMap<String, String> types = new TreeMap<>();
    for (ProblemType type : ProblemType.values()) {
      types.put(type.code(), type.status() + " " + tapi(type));
    }
    // when
    String page = Files.readString(Path.of("../../docs/api-problems.md"));
    TreeMap<String, String> rows = new TreeMap<>();
    for (Matcher row = ROW.matcher(page); row.find(); ) {
      rows.put(row.group(1), row.group(2) + " " + row.group(3));
    }
    // then
    assertThat(rows).isEqualTo(types);
  }

  /** TAPI's error, where a service's refusal has one; the others have none. */
  private static String tapi(ProblemType type) {
    for (Reason reason : Reason.values()) {
      if (ProblemType.of(reason) == type) {
        return "LINEERR_" + reason.tapiError();
      }
    }
    return "–";
  }
}
