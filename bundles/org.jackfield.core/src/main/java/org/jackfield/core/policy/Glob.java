package org.jackfield.core.policy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A pattern: {@code *} is any run of characters, {@code ?} any one, {@code \} takes the next as it
 * is. To match costs at most the text's length times the pattern's.
 */
final class Glob {
  static final int LONGEST = 63;
  static final int MOST_RUNS = 4;

  private static final char RUN = 0xFFFF;
  private static final char ANY = 0xFFFE;

  /** A character that no pattern names. */
  private static final char OTHER = 0xFFFD;

  /** More steps than any two sane patterns need to be compared. */
  private static final int MOST_LOOKS = 2_000;

  private final char[] tokens;
  private final String start;
  private final long runs;

  private Glob(char[] tokens) {
    this.tokens = tokens;
    int fixed = 0;
    while (fixed < tokens.length && tokens[fixed] < OTHER) {
      fixed++;
    }
    start = new String(tokens, 0, fixed);
    long all = 0;
    for (int i = 0; i < tokens.length; i++) {
      all |= tokens[i] == RUN ? 1L << i : 0;
    }
    runs = all;
  }

  /** Why a text is no pattern, or empty. */
  static Optional<String> wrong(String text) {
    if (text.isEmpty() || text.length() > LONGEST) {
      return Optional.of("must have 1 to " + LONGEST + " characters");
    }
    if (text.chars().anyMatch(c -> Character.isISOControl(c) || c >= OTHER)) {
      return Optional.of("must not have control characters");
    }
    int runs = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        if (++i == text.length()) {
          return Optional.of("ends in \\, which takes the next character as it is");
        }
      } else if (text.charAt(i) == '*') {
        runs++;
      }
    }
    return runs > MOST_RUNS
        ? Optional.of("may have " + MOST_RUNS + " of * at most")
        : Optional.empty();
  }

  static Glob of(String text) {
    StringBuilder tokens = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> tokens.append(text.charAt(++i));
        case '?' -> tokens.append(ANY);
        case '*' -> {
          if (tokens.isEmpty() || tokens.charAt(tokens.length() - 1) != RUN) {
            tokens.append(RUN);
          }
        }
        default -> tokens.append(c);
      }
    }
    return new Glob(tokens.toString().toCharArray());
  }

  boolean matches(String text) {
    return text.startsWith(start) && rest(text, start.length());
  }

  /** Where a run was too short it is made longer; only the last one, so that nothing explodes. */
  private boolean rest(String text, int from) {
    int at = from;
    int token = from;
    int run = -1;
    int runAt = 0;
    while (at < text.length()) {
      if (token < tokens.length && tokens[token] == RUN) {
        run = token++;
        runAt = at;
      } else if (token < tokens.length
          && (tokens[token] == ANY || tokens[token] == text.charAt(at))) {
        token++;
        at++;
      } else if (run >= 0) {
        token = run + 1;
        at = ++runAt;
      } else {
        return false;
      }
    }
    while (token < tokens.length && tokens[token] == RUN) {
      token++;
    }
    return token == tokens.length;
  }

  /** Whether it matches everything. */
  boolean isAll() {
    return tokens.length == 1 && tokens[0] == RUN;
  }

  /** How much comparing patterns may cost in all. */
  static final class Budget {
    private int looks;

    Budget(int looks) {
      this.looks = looks;
    }
  }

  /**
   * Whether it matches whatever another one does. Both are walked at once, as automata over the
   * characters that they name and one that they do not; where the budget is used up, or these two
   * are too odd, the answer is no.
   */
  boolean covers(Glob other, Budget budget) {
    if (other.start.length() == other.tokens.length) {
      return matches(other.start);
    }
    char[] alphabet = alphabet(other);
    long[] mine = alphabetMasks(alphabet);
    long[] its = other.alphabetMasks(alphabet);
    Set<Place> seen = new HashSet<>();
    Deque<Place> open = new ArrayDeque<>();
    add(new Place(closed(1L), other.closed(1L)), seen, open);
    while (!open.isEmpty()) {
      Place place = open.remove();
      if (other.accepts(place.its) && !accepts(place.mine)
          || seen.size() > MOST_LOOKS
          || --budget.looks < 0) {
        return false;
      }
      for (int i = 0; i < alphabet.length; i++) {
        long next = other.after(place.its, its[i]);
        if (next != 0) {
          add(new Place(after(place.mine, mine[i]), next), seen, open);
        }
      }
    }
    return true;
  }

  /** Where both patterns may be: bit i is before token i. */
  private record Place(long mine, long its) {}

  private static void add(Place place, Set<Place> seen, Deque<Place> open) {
    if (seen.add(place)) {
      open.add(place);
    }
  }

  private char[] alphabet(Glob other) {
    StringBuilder named = new StringBuilder().append(OTHER);
    for (char[] some : new char[][] {tokens, other.tokens}) {
      for (char c : some) {
        if (c < OTHER && named.indexOf(String.valueOf(c)) < 0) {
          named.append(c);
        }
      }
    }
    return named.toString().toCharArray();
  }

  /** For each character, the tokens that it passes. */
  private long[] alphabetMasks(char[] alphabet) {
    long[] masks = new long[alphabet.length];
    for (int i = 0; i < alphabet.length; i++) {
      for (int token = 0; token < tokens.length; token++) {
        if (tokens[token] == ANY || tokens[token] == alphabet[i]) {
          masks[i] |= 1L << token;
        }
      }
    }
    return masks;
  }

  private boolean accepts(long places) {
    return (places >>> tokens.length & 1) != 0;
  }

  /** A run may be empty; two never follow each other. */
  private long closed(long places) {
    return places | (places & runs) << 1;
  }

  private long after(long places, long passes) {
    return closed(places & runs | (places & passes) << 1);
  }
}
