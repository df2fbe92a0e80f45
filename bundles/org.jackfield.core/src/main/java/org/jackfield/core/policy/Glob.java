package org.jackfield.core.policy;

import java.nio.LongBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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

  /** Matches everything. */
  static final Glob ALL = of("*");

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

  /** How much comparing patterns may cost, as a part of what it may cost in all. */
  static final class Budget {
    private final @Nullable Budget whole;
    private int looks;

    Budget(@Nullable Budget whole, int looks) {
      this.whole = whole;
      this.looks = looks;
    }

    /** Whether there is as much left. */
    boolean take(int some) {
      looks -= some;
      return looks >= 0 && (whole == null || whole.take(some));
    }
  }

  /**
   * For all the texts that it matches, which of some other patterns match them too: each different
   * answer once, or empty where the budget is used up. All are walked at once, as automata over the
   * characters that they name and one that they do not.
   */
  Optional<Set<BitSet>> alongside(List<Glob> others, Budget budget) {
    Set<BitSet> answers = new HashSet<>();
    if (start.length() == tokens.length) {
      answers.add(which(others, other -> other.matches(start)));
      return Optional.of(answers);
    }
    List<Glob> all = new ArrayList<>(others);
    all.addFirst(this);
    char[] alphabet = alphabet(all);
    long[][] passes = all.stream().map(glob -> glob.passes(alphabet)).toArray(long[][]::new);
    Set<LongBuffer> seen = new HashSet<>();
    Deque<LongBuffer> open = new ArrayDeque<>();
    LongBuffer first = LongBuffer.allocate(all.size());
    for (int i = 0; i < all.size(); i++) {
      first.put(i, all.get(i).closed(1L));
    }
    seen.add(first);
    open.add(first);
    while (!open.isEmpty()) {
      LongBuffer places = open.remove();
      if (accepts(places.get(0))) {
        BitSet answer = new BitSet();
        for (int i = 1; i < all.size(); i++) {
          answer.set(i - 1, all.get(i).accepts(places.get(i)));
        }
        answers.add(answer);
      }
      if (!budget.take(all.size())) {
        return Optional.empty();
      }
      for (int c = 0; c < alphabet.length; c++) {
        LongBuffer next = LongBuffer.allocate(all.size());
        for (int i = 0; i < all.size(); i++) {
          next.put(i, all.get(i).after(places.get(i), passes[i][c]));
        }
        if (next.get(0) != 0 && seen.add(next)) {
          open.add(next);
        }
      }
    }
    return Optional.of(answers);
  }

  static BitSet which(List<Glob> globs, Predicate<Glob> those) {
    BitSet which = new BitSet();
    for (int i = 0; i < globs.size(); i++) {
      which.set(i, those.test(globs.get(i)));
    }
    return which;
  }

  private static char[] alphabet(List<Glob> globs) {
    StringBuilder named = new StringBuilder().append(OTHER);
    for (Glob glob : globs) {
      for (char c : glob.tokens) {
        if (c < OTHER && named.indexOf(String.valueOf(c)) < 0) {
          named.append(c);
        }
      }
    }
    return named.toString().toCharArray();
  }

  /** For each character, the tokens that it passes. */
  private long[] passes(char[] alphabet) {
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
