package org.jackfield.provider.asterisk;

import static org.assertj.core.api.Assertions.assertThat;

import org.jackfield.api.session.Cause;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The failures that a real Asterisk 22 was seen to report. */
class CausesTest {
  @ParameterizedTest
  @CsvSource({
    "16, 0, NORMAL",
    "17, 486, BUSY",
    "17, 0, BUSY",
    "19, 480, UNAVAILABLE",
    "19, 0, NO_ANSWER",
    "21, 603, REJECT",
    "3, 404, BAD_ADDRESS",
    "3, 0, UNREACHABLE",
    "20, 0, UNAVAILABLE",
    "26, 487, CANCELLED",
    "34, 503, CONGESTION",
    "127, 0, UNKNOWN"
  })
  void asterisks_words_have_one_of_ours(int q850, int sip, Cause.Code code) {
    var cause = Causes.of(q850, sip);

    assertThat(cause.code()).isEqualTo(code);
    assertThat(cause.driver()).contains("Cause " + q850);
  }
}
