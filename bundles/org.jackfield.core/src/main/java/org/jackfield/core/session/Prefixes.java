package org.jackfield.core.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions have an address or a name that begins so: a tree by letters, each beginning with
 * its list in the order of starting. A beginning that few have is not divided further; those few
 * are looked at. Writers wait for each other; readers need no lock.
 */
final class Prefixes {
  /** More than so many with the same beginning are divided by their next letter. */
  private static final int FEW = 256;

  /** Fewer than so many are no longer kept divided. */
  private static final int VERY_FEW = 64;

  /** As long as what may be asked for. */
  private static final int LONGEST = 64;

  private final Node root = new Node();

  Prefixes() {
    root.children = new ConcurrentHashMap<>();
  }

  private static final class Node {
    final StartOrder sessions = new StartOrder();
    volatile @Nullable Map<Character, Node> children;
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** Each once; they are a handful. */
  private static List<String> texts(Ends ends) {
    List<String> texts = new ArrayList<>();
    for (String text : ends.lookedUpBy()) {
      String lower = lower(text);
      if (!text.isEmpty() && !texts.contains(lower)) {
        texts.add(lower);
      }
    }
    return texts;
  }

  static boolean matches(Ends ends, String prefix) {
    for (String text : ends.lookedUpBy()) {
      if (lower(text).startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  /** Whether one of them begins with as many letters of a text. */
  private static boolean begins(List<String> texts, String as, int letters) {
    for (String text : texts) {
      if (text.regionMatches(0, as, 0, letters)) {
        return true;
      }
    }
    return false;
  }

  void add(LiveSession session, Ends ends) {
    List<String> texts = texts(ends);
    synchronized (root) {
      texts.forEach(text -> add(session, text));
    }
  }

  /** The session is called differently now. */
  void change(LiveSession session, Ends before, Ends now) {
    List<String> old = texts(before);
    List<String> there = texts(now);
    synchronized (root) {
      for (String text : there) {
        if (!old.contains(text)) {
          add(session, text);
        }
      }
      for (String text : old) {
        if (!there.contains(text)) {
          remove(session, text, there);
        }
      }
    }
  }

  void remove(LiveSession session, Ends ends) {
    List<String> texts = texts(ends);
    synchronized (root) {
      texts.forEach(text -> remove(session, text, List.of()));
    }
  }

  private void add(LiveSession session, String text) {
    Node node = root;
    for (int i = 0; i < Math.min(LONGEST, text.length()); i++) {
      Map<Character, Node> children = node.children;
      if (children == null) {
        return;
      }
      node = children.computeIfAbsent(text.charAt(i), c -> new Node());
      node.sessions.add(session);
      if (node.children == null && node.sessions.size() > FEW) {
        divide(node, text.substring(0, i + 1));
      }
    }
  }

  private static void divide(Node node, String prefix) {
    Map<Character, Node> children = new ConcurrentHashMap<>();
    int next = prefix.length();
    node.sessions.after(
        StartOrder.BEGIN,
        session -> {
          session
              .snapshot()
              .ifPresent(
                  snapshot -> {
                    for (String text : texts(snapshot)) {
                      if (text.length() > next && next < LONGEST && text.startsWith(prefix)) {
                        children
                            .computeIfAbsent(text.charAt(next), c -> new Node())
                            .sessions
                            .add(session);
                      }
                    }
                  });
          return true;
        });
    // Those that all go on alike are divided when the next of them comes.
    node.children = children;
  }

  private void remove(LiveSession session, String text, List<String> kept) {
    Node node = root;
    List<Node> way = new ArrayList<>();
    way.add(root);
    for (int i = 0; i < Math.min(LONGEST, text.length()); i++) {
      Map<Character, Node> children = node.children;
      Node child = children == null ? null : children.get(text.charAt(i));
      if (child == null) {
        break;
      }
      node = child;
      way.add(node);
      if (!begins(kept, text, i + 1)) {
        node.sessions.remove(session);
      }
    }
    for (int i = way.size() - 1; i > 0; i--) {
      tidy(way.get(i - 1), text.charAt(i - 1), way.get(i));
    }
  }

  private static void tidy(Node parent, char letter, Node node) {
    if (node.sessions.size() < VERY_FEW) {
      node.children = null;
    }
    Map<Character, Node> siblings = parent.children;
    if (node.sessions.size() == 0 && siblings != null) {
      siblings.remove(letter);
    }
  }

  /**
   * What is known of a beginning.
   *
   * @param sessions those that may have it, in the order of starting
   * @param exact whether each of them has; else they are few
   */
  record Found(StartOrder sessions, boolean exact) {}

  /** The list of a beginning in lower case, or empty if nobody has it. */
  Optional<Found> find(String prefix) {
    Node node = root;
    for (int i = 0; i < prefix.length(); i++) {
      Map<Character, Node> children = node.children;
      if (children == null) {
        return Optional.of(new Found(node.sessions, false));
      }
      Node child = children.get(prefix.charAt(i));
      if (child == null) {
        return Optional.empty();
      }
      node = child;
    }
    return Optional.of(new Found(node.sessions, true));
  }

  boolean isEmpty() {
    Map<Character, Node> children = root.children;
    return children == null || children.isEmpty();
  }
}
