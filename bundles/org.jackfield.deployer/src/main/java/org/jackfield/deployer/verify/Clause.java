package org.jackfield.deployer.verify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jackfield.api.rollout.BundleProblem;
import org.osgi.framework.Version;

/**
 * One clause of a manifest header: {@code path; directive:=value; attribute=value} (OSGi Core 8,
 * 3.2.4). Several paths of one clause become one clause each.
 *
 * @param path the package, namespace or class
 * @param attributes with their types: String, Version, Long, Double or a List of them
 */
record Clause(String path, Map<String, Object> attributes, Map<String, String> directives) {
  Clause {
    attributes = Map.copyOf(attributes);
    directives = Map.copyOf(directives);
  }

  boolean optional() {
    return "optional".equals(directives.get("resolution"));
  }

  String attribute(String name) {
    Object value = attributes.get(name);
    return value == null ? "" : value.toString();
  }

  /** Strings of a list attribute, or of one string. */
  List<String> strings(String name) {
    return attributes.get(name) instanceof List<?> many
        ? many.stream().map(String::valueOf).filter(s -> !s.isEmpty()).toList()
        : attribute(name).isEmpty() ? List.of() : List.of(attribute(name));
  }

  /** Reads a header; an absent one has no clauses. */
  static List<Clause> parse(String header, @org.jspecify.annotations.Nullable String text)
      throws Refused {
    List<Clause> clauses = new ArrayList<>();
    if (text == null || text.isBlank()) {
      return clauses;
    }
    try {
      for (String clause : split(text, ',')) {
        clauses.addAll(read(clause));
      }
    } catch (IllegalArgumentException e) {
      throw new Refused(
          BundleProblem.BAD_MANIFEST, header + " cannot be read: " + e.getMessage() + ".");
    }
    return clauses;
  }

  private static List<Clause> read(String text) {
    List<String> paths = new ArrayList<>();
    Map<String, Object> attributes = new LinkedHashMap<>();
    Map<String, String> directives = new HashMap<>();
    for (String part : split(text, ';')) {
      int equals = unquoted(part, '=');
      if (equals < 0) {
        paths.add(part.strip());
      } else if (equals > 0 && part.charAt(equals - 1) == ':') {
        once(directives, part.substring(0, equals - 1).strip(), bare(part.substring(equals + 1)));
      } else {
        attribute(attributes, part.substring(0, equals).strip(), bare(part.substring(equals + 1)));
      }
    }
    if (paths.isEmpty() || paths.contains("")) {
      throw new IllegalArgumentException("a clause names nothing in '" + text.strip() + "'");
    }
    return paths.stream().map(path -> new Clause(path, attributes, directives)).toList();
  }

  private static <V> void once(Map<String, V> map, String name, V value) {
    if (map.put(name, value) != null) {
      throw new IllegalArgumentException("'" + name + "' comes twice");
    }
  }

  private static void attribute(Map<String, Object> attributes, String key, String value) {
    int colon = key.indexOf(':');
    String name = colon < 0 ? key : key.substring(0, colon).strip();
    String type = colon < 0 ? "String" : key.substring(colon + 1).strip();
    if (type.startsWith("List")) {
      String of = type.contains("<") ? type.replaceAll(".*<\\s*|\\s*>.*", "") : "String";
      List<Object> many = new ArrayList<>();
      for (String one : value.split("(?<!\\\\),")) {
        many.add(typed(of, one.replace("\\,", ",").strip()));
      }
      once(attributes, name, List.copyOf(many));
    } else {
      once(attributes, name, typed(type, value));
    }
  }

  private static Object typed(String type, String value) {
    return switch (type) {
      case "String" -> value;
      case "Version" -> Version.parseVersion(value);
      case "Long" -> Long.valueOf(value.strip());
      case "Double" -> Double.valueOf(value.strip());
      default -> throw new IllegalArgumentException("no such type: " + type);
    };
  }

  private static String bare(String value) {
    String text = value.strip();
    boolean quoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
    return quoted ? text.substring(1, text.length() - 1) : text;
  }

  private static int unquoted(String text, char wanted) {
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      quoted ^= c == '"';
      if (!quoted && c == wanted) {
        return i;
      }
    }
    return -1;
  }

  private static List<String> split(String text, char at) {
    List<String> parts = new ArrayList<>();
    String rest = text;
    for (int i = unquoted(rest, at); i >= 0; i = unquoted(rest, at)) {
      parts.add(rest.substring(0, i));
      rest = rest.substring(i + 1);
    }
    if (rest.chars().filter(c -> c == '"').count() % 2 != 0) {
      throw new IllegalArgumentException("a quote is not closed");
    }
    parts.add(rest);
    return parts;
  }
}
