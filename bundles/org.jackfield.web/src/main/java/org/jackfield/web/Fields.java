package org.jackfield.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members of one JSON object strictly: each wrong type, over-long text, value that is not
 * allowed and unknown member is refused by its name. {@link #end} must be called last.
 */
final class Fields {
  private final ObjectNode object;
  private final String prefix;
  private final Set<String> known = new HashSet<>();

  private Fields(ObjectNode object, String prefix) {
    this.object = object;
    this.prefix = prefix;
  }

  static Fields of(JsonNode body) {
    if (body instanceof ObjectNode object) {
      return new Fields(object, "");
    }
    throw Problem.of(ProblemType.WRONG_TYPE, "The body must be an object.").refused();
  }

  /** A text of 1 to {@code longest} UTF-16 units without control characters. */
  Optional<String> text(String name, int longest) {
    return Optional.ofNullable(member(name)).map(node -> textOf(node, prefix + name, longest));
  }

  String requiredText(String name, int longest) {
    return text(name, longest).orElseThrow(() -> missing(name));
  }

  <T> Optional<T> choice(String name, Map<String, T> choices) {
    return Optional.ofNullable(member(name)).map(node -> choiceOf(node, prefix + name, choices));
  }

  <T> T requiredChoice(String name, Map<String, T> choices) {
    return choice(name, choices).orElseThrow(() -> missing(name));
  }

  <T> List<T> choices(String name, Map<String, T> choices) {
    List<T> chosen = new ArrayList<>();
    for (JsonNode node : list(name, choices.size())) {
      chosen.add(choiceOf(node, prefix + name + "[" + chosen.size() + "]", choices));
    }
    return chosen;
  }

  List<String> texts(String name, int most, int longest) {
    List<String> texts = new ArrayList<>();
    for (JsonNode node : list(name, most)) {
      texts.add(textOf(node, prefix + name + "[" + texts.size() + "]", longest));
    }
    return texts;
  }

  OptionalLong whole(String name, long least, long most) {
    JsonNode node = member(name);
    return node == null
        ? OptionalLong.empty()
        : OptionalLong.of(wholeOf(node, prefix + name, least, most));
  }

  List<Long> wholes(String name, int most, long least, long greatest) {
    List<Long> numbers = new ArrayList<>();
    for (JsonNode node : list(name, most)) {
      numbers.add(wholeOf(node, prefix + name + "[" + numbers.size() + "]", least, greatest));
    }
    return numbers;
  }

  private static long wholeOf(JsonNode node, String field, long least, long most) {
    if (!node.isIntegralNumber()) {
      throw wrong(ProblemType.WRONG_TYPE, field, "must be a whole number");
    }
    if (!node.canConvertToLong() || node.longValue() < least || node.longValue() > most) {
      throw wrong(ProblemType.INVALID_VALUE, field, "must be from " + least + " to " + most);
    }
    return node.longValue();
  }

  /** The object of this name; an absent one has no members. */
  Fields object(String name) {
    JsonNode node = member(name);
    return new Fields(
        node == null ? Json.object() : objectOf(node, prefix + name), prefix + name + ".");
  }

  List<Fields> objects(String name, int most) {
    List<Fields> objects = new ArrayList<>();
    for (JsonNode node : list(name, most)) {
      String at = prefix + name + "[" + objects.size() + "]";
      objects.add(new Fields(objectOf(node, at), at + "."));
    }
    return objects;
  }

  /** Refuses the first member that nobody has asked for. */
  void end() {
    for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        throw wrong(ProblemType.UNKNOWN_FIELD, prefix + shortened(name), "is not known here");
      }
    }
  }

  Refused missing(String name) {
    return wrong(ProblemType.MISSING_FIELD, prefix + name, "is missing");
  }

  static Refused wrong(ProblemType reason, String field, String what) {
    return Problem.of(reason, field + " " + what + ".").with("field", field).refused();
  }

  /** A text from outside, in a body or in a query. */
  static String checked(String text, String field, int longest) {
    if (text.isEmpty()) {
      throw wrong(ProblemType.INVALID_VALUE, field, "must not be empty");
    }
    if (text.length() > longest) {
      throw wrong(ProblemType.FIELD_TOO_LONG, field, "may have " + longest + " characters at most");
    }
    if (text.codePoints().anyMatch(Fields::hostile)) {
      throw wrong(ProblemType.INVALID_VALUE, field, "has a control character");
    }
    return text;
  }

  /** What could end a line at a PBX, or turn the direction of what a person reads. */
  private static boolean hostile(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }

  private @Nullable JsonNode member(String name) {
    known.add(name);
    return object.get(name);
  }

  private List<JsonNode> list(String name, int most) {
    JsonNode node = member(name);
    if (node == null) {
      return List.of();
    }
    if (!node.isArray()) {
      throw wrong(ProblemType.WRONG_TYPE, prefix + name, "must be a list");
    }
    if (node.size() > most) {
      throw wrong(ProblemType.FIELD_TOO_LONG, prefix + name, "may have " + most + " items at most");
    }
    List<JsonNode> nodes = new ArrayList<>();
    node.forEach(nodes::add);
    return nodes;
  }

  private static String textOf(JsonNode node, String field, int longest) {
    if (!node.isTextual()) {
      throw wrong(ProblemType.WRONG_TYPE, field, "must be a text");
    }
    return checked(node.textValue(), field, longest);
  }

  private static <T> T choiceOf(JsonNode node, String field, Map<String, T> choices) {
    if (!node.isTextual()) {
      throw wrong(ProblemType.WRONG_TYPE, field, "must be a text");
    }
    T chosen = choices.get(node.textValue());
    if (chosen == null) {
      throw wrong(
          ProblemType.INVALID_VALUE,
          field,
          "must be one of " + choices.keySet().stream().sorted().toList());
    }
    return chosen;
  }

  private static ObjectNode objectOf(JsonNode node, String field) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw wrong(ProblemType.WRONG_TYPE, field, "must be an object");
  }

  private static String shortened(String name) {
    return name.length() <= 64 ? name : name.substring(0, 64) + "…";
  }
}
