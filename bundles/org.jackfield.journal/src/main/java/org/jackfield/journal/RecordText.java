package org.jackfield.journal;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.api.journal.JournalRecord.TransferEnded;
import org.jackfield.api.transfer.TransferId;
import org.jspecify.annotations.Nullable;

/**
 * Records of the API as JSON and back, by their components' names.
 *
 * <p>A record is an object of its components; one of a sealed family names itself in {@code type};
 * one with a single component, outside such a family, is that component. What is empty is left out,
 * and what is not there is empty where it may be. Names of components that are not known are not
 * looked at, so that an older server reads what a newer one wrote as long as the version is the
 * same.
 */
final class RecordText {
  /** Grows when a reader of the version before could misunderstand. */
  static final int VERSION = 1;

  private static final String TYPE = "type";
  private static final SerializableString TYPE_NAME = new SerializedString(TYPE);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonFactory FACTORY = JSON.getFactory();

  private RecordText() {}

  static byte[] write(JournalRecord journalRecord) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    try (JsonGenerator json = FACTORY.createGenerator(out, JsonEncoding.UTF8)) {
      write(json, journalRecord);
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
    return out.toByteArray();
  }

  private static void write(JsonGenerator json, Object value) throws IOException {
    switch (value) {
      case String text -> json.writeString(text);
      case Integer number -> json.writeNumber(number);
      case Long number -> json.writeNumber(number);
      case Boolean flag -> json.writeBoolean(flag);
      case Enum<?> constant -> json.writeString(constant.name());
      case Instant at -> json.writeString(at.toString());
      case Duration time -> json.writeString(time.toString());
      case Optional<?> some -> write(json, some.orElseThrow());
      case OptionalLong some -> json.writeNumber(some.orElseThrow());
      case Collection<?> many -> writeAll(json, many);
      case Map<?, ?> map -> writeMap(json, map);
      case Record one -> writeRecord(json, one);
      default -> throw new IllegalArgumentException("cannot write a " + value.getClass());
    }
  }

  private static void writeAll(JsonGenerator json, Collection<?> many) throws IOException {
    json.writeStartArray();
    for (Object one : many) {
      write(json, one);
    }
    json.writeEndArray();
  }

  private static void writeMap(JsonGenerator json, Map<?, ?> map) throws IOException {
    json.writeStartObject();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      json.writeFieldName((String) entry.getKey());
      write(json, entry.getValue());
    }
    json.writeEndObject();
  }

  private static void writeRecord(JsonGenerator json, Record value) throws IOException {
    Shape shape = Shape.of(value.getClass());
    if (shape.isBare()) {
      write(json, part(shape, 0, value));
      return;
    }
    json.writeStartObject();
    if (shape.isTagged()) {
      json.writeFieldName(TYPE_NAME);
      json.writeString(shape.name());
    }
    for (int i = 0; i < shape.names().size(); i++) {
      Object part = part(shape, i, value);
      if (!isEmpty(part)) {
        json.writeFieldName(shape.names().get(i));
        write(json, part);
      }
    }
    json.writeEndObject();
  }

  private static boolean isEmpty(Object part) {
    return switch (part) {
      case Optional<?> some -> some.isEmpty();
      case OptionalLong some -> some.isEmpty();
      case Collection<?> many -> many.isEmpty();
      case Map<?, ?> map -> map.isEmpty();
      default -> false;
    };
  }

  private static Object part(Shape shape, int index, Record value) {
    try {
      return shape.accessors().get(index).invoke(value);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * Reads a record back.
   *
   * @throws IllegalArgumentException if it is none
   */
  static JournalRecord read(byte[] text) {
    try {
      return (JournalRecord) read(JSON.readTree(text), JournalRecord.class);
    } catch (IOException notJson) {
      throw new IllegalArgumentException("this is no JSON", notJson);
    }
  }

  /**
   * Whose a record is, where it is one of a transfer's.
   *
   * @param last whether it is the transfer's outcome
   */
  record OfTransfer(TransferId transfer, boolean last) {}

  /** Looks into a record no further than to see whose it is; empty if it is no transfer's. */
  static Optional<OfTransfer> ofTransfer(byte[] text) {
    try (JsonParser json = FACTORY.createParser(text)) {
      json.nextToken();
      if (!TYPE.equals(json.nextFieldName()) || !isOfTransfer(json.nextTextValue())) {
        return Optional.empty();
      }
      boolean last = json.getText().equals(TransferEnded.class.getSimpleName());
      return toField(json, "transfer")
              && (json.nextToken() != JsonToken.START_OBJECT
                  || toField(json, "id") && json.nextToken() != null)
          ? Optional.of(new OfTransfer(new TransferId(json.getLongValue()), last))
          : Optional.empty();
    } catch (IOException notThat) {
      return Optional.empty(); // whoever reads the whole of it says what is wrong
    }
  }

  private static boolean isOfTransfer(@Nullable String type) {
    return type != null && (type.startsWith("Transfer") || type.startsWith("Command"));
  }

  /** Goes to the value of that field of the object that is being read, if it is there. */
  private static boolean toField(JsonParser json, String name) throws IOException {
    for (String next = json.nextFieldName(); next != null; next = json.nextFieldName()) {
      if (next.equals(name)) {
        return true;
      }
      json.nextToken();
      json.skipChildren();
    }
    return false;
  }

  private static Object read(@Nullable JsonNode node, Type type) {
    if (type instanceof ParameterizedType generic) {
      return readGeneric(node, generic);
    }
    Class<?> plain = (Class<?>) type;
    if (plain == OptionalLong.class) {
      return node == null ? OptionalLong.empty() : OptionalLong.of(node.longValue());
    }
    if (node == null) {
      throw new IllegalArgumentException("a " + plain.getSimpleName() + " is missing");
    }
    if (plain.isRecord()) {
      return readRecord(node, plain);
    }
    return plain.isSealed() ? readRecord(node, member(plain, node)) : readPlain(node, plain);
  }

  private static Object readPlain(JsonNode node, Class<?> type) {
    if (type == String.class) {
      return node.textValue();
    }
    if (type == long.class || type == Long.class) {
      return node.longValue();
    }
    if (type == int.class || type == Integer.class) {
      return node.intValue();
    }
    if (type == boolean.class || type == Boolean.class) {
      return node.booleanValue();
    }
    if (type == Instant.class) {
      return Instant.parse(node.textValue());
    }
    if (type == Duration.class) {
      return Duration.parse(node.textValue());
    }
    if (type.isEnum()) {
      for (Object constant : type.getEnumConstants()) {
        if (((Enum<?>) constant).name().equals(node.textValue())) {
          return constant;
        }
      }
    }
    throw new IllegalArgumentException("cannot read " + node + " as a " + type.getSimpleName());
  }

  private static Object readGeneric(@Nullable JsonNode node, ParameterizedType type) {
    Type[] of = type.getActualTypeArguments();
    Class<?> raw = (Class<?>) type.getRawType();
    if (raw == Optional.class) {
      return node == null ? Optional.empty() : Optional.of(read(node, of[0]));
    }
    if (raw == Map.class) {
      Map<String, Object> map = new LinkedHashMap<>();
      if (node != null) {
        node.properties().forEach(e -> map.put(e.getKey(), read(e.getValue(), of[1])));
      }
      return map;
    }
    Collection<Object> many = raw == Set.class ? new LinkedHashSet<>() : new ArrayList<>();
    if (node != null) {
      node.forEach(one -> many.add(read(one, of[0])));
    }
    return many;
  }

  private static Class<?> member(Class<?> family, JsonNode node) {
    String name = node.path(TYPE).asText();
    for (Class<?> one : family.getPermittedSubclasses()) {
      if (one.isSealed()) {
        for (Class<?> inner : one.getPermittedSubclasses()) {
          if (inner.getSimpleName().equals(name)) {
            return inner;
          }
        }
      } else if (one.getSimpleName().equals(name)) {
        return one;
      }
    }
    throw new IllegalArgumentException("there is no " + family.getSimpleName() + " " + name);
  }

  private static Object readRecord(JsonNode node, Class<?> type) {
    Shape shape = Shape.of(type);
    Object[] parts = new Object[shape.names().size()];
    for (int i = 0; i < parts.length; i++) {
      JsonNode part = shape.isBare() ? node : node.get(shape.names().get(i).getValue());
      parts[i] = read(part, shape.types().get(i));
    }
    try {
      return shape.constructor().newInstance(parts);
    } catch (ReflectiveOperationException refused) {
      throw new IllegalArgumentException("cannot make a " + type.getSimpleName(), refused);
    }
  }
}
