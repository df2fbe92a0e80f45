package org.jackfield.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0* | 030123 | true",
        "0* | 10 | false",
        "1?? | 101 | true",
        "1?? | 1001 | false",
        "*9 | 1999 | true",
        "*ab*ab | abab | true",
        "*ab*ab | ab | false",
        "a*b*c | aXbXbXc | true",
        "\\*97 | *97 | true",
        "\\*97 | 197 | false",
        "\\\\ | \\ | true",
        "*97 | *97 | true",
        "** | anything | true",
        "sip:*@example.org | sip:bob@example.org | true",
        "1001 | 1001 | true",
        "1001 | 10011 | false",
        "1001 | 100 | false"
      })
  void matches(String pattern, String text, boolean expected) {
    assertThat(Glob.wrong(pattern)).isEmpty();
    assertThat(Glob.of(pattern).matches(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "* | 0* | true",
        "0* | * | false",
        "0* | 00* | true",
        "00* | 0* | false",
        "?* | *a | true",
        "?* | * | false",
        "?*? | a* | false",
        "?*? | a*b | true",
        "1?? | 101 | true",
        "1?? | 1*1 | false",
        "1* | 1?? | true",
        "*a*b* | *ab | true",
        "*ab* | *a*b* | false",
        "\\** | \\*97 | true",
        "\\*97 | *97 | false",
        "1001 | 1001 | true",
        "1001 | 1002 | false"
      })
  void covers(String pattern, String other, boolean expected) {
    assertThat(cover(other, pattern)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "* | 1* 0* | false",
        "1? | 1* ?2 | true",
        "?* | a* *a | false",
        "a* | a a?* | true",
        "a* | a a?? a??* | false",
        "a* | a a? a??* | true",
        "ab | a? | true",
      })
  void coverTogether(String pattern, String others, boolean expected) {
    assertThat(cover(pattern, others.split(" "))).isEqualTo(expected);
  }

  private static boolean cover(String pattern, String... others) {
    List<Glob> some = Arrays.stream(others).map(Glob::of).toList();
    return Glob.of(pattern).alongside(some, new Glob.Budget(null, 100_000)).orElseThrow().stream()
        .noneMatch(BitSet::isEmpty);
  }

  @Test
  void beyondTheBudgetThereIsNoAnswer() {
    assertThat(Glob.of("a*").alongside(List.of(Glob.of("b*")), new Glob.Budget(null, 1))).isEmpty();
  }

  @Test
  void isNoPattern() {
    assertThat(Glob.wrong("")).isPresent();
    assertThat(Glob.wrong("x".repeat(64))).isPresent();
    assertThat(Glob.wrong("*a*b*c*d*")).isPresent();
    assertThat(Glob.wrong("abc\\")).isPresent();
    assertThat(Glob.wrong("a\nb")).isPresent();
    assertThat(Glob.wrong("x".repeat(63))).isEmpty();
    assertThat(Glob.wrong("\\*\\*\\*\\*\\*")).isEmpty();
  }

  /** Both answers are compared with those of a plain enumeration of short texts. */
  @Test
  void agreesWithTryingEverything() {
    // given
    Random random = new Random(11);
    List<String> texts = new ArrayList<>(List.of(""));
    for (int from = 0, length = 1; length <= 5; length++) {
      int end = texts.size();
      for (; from < end; from++) {
        for (String c : List.of("a", "b", "z")) {
          texts.add(texts.get(from) + c);
        }
      }
    }
    for (int i = 0; i < 500; i++) {
      String one = pattern(random);
      String two = pattern(random);
      String three = pattern(random);
      // when
      boolean covers = cover(two, one, three);
      // then
      Pattern same = Pattern.compile(two.replace("?", ".").replace("*", ".*"));
      List<String> wrong =
          texts.stream().filter(t -> Glob.of(two).matches(t) != same.matcher(t).matches()).toList();
      boolean all =
          texts.stream()
              .filter(Glob.of(two)::matches)
              .allMatch(t -> Glob.of(one).matches(t) || Glob.of(three).matches(t));
      assertThat(wrong).as(two).isEmpty();
      assertThat(covers).as("%s and %s cover %s", one, three, two).isEqualTo(all);
    }
  }

  private static String pattern(Random random) {
    StringBuilder pattern = new StringBuilder();
    for (int i = random.nextInt(3); i >= 0; i--) {
      pattern.append("ab?*".charAt(random.nextInt(4)));
    }
    return pattern.toString();
  }
}
