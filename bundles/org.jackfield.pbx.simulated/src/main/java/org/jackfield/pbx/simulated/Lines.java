package org.jackfield.pbx.simulated;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The wire: one JSON object a line. */
public final class Lines {

  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
  private static final Map<Class<?>, Set<String>> OPTIONAL =
      Map.of(
          Command.Consult.class, Set.of("target"),
          Control.Handset.class, Set.of("target"),
          Control.Operator.class, Set.of("otherCall", "connection", "target"),
          Control.Script.class, Set.of("ringMs"),
          Control.Fault.class, Set.of("verb", "reason", "count", "ms", "address"));
  private static final Map<Class<?>, String> VERBS =
      Arrays.stream(Command.class.getAnnotation(JsonSubTypes.class).value())
          .collect(Collectors.toMap(JsonSubTypes.Type::value, JsonSubTypes.Type::name));

  private Lines() {}

  /** A line that is no command. */
  public static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;
    private final @Nullable String id;

    Malformed(@Nullable String id, String message) {
      super(message);
      this.id = id;
    }

    /** The command's id, if at least that could be read. */
    public @Nullable String id() {
      return id;
    }
  }

  /** A command's name on the wire. */
  static String verb(Command command) {
    String verb = VERBS.get(command.getClass());
    if (verb == null) {
      throw new IllegalStateException("no verb for " + command);
    }
    return verb;
  }

  /** Reads a client's line. */
  public static Command command(String line) throws Malformed {
    String id = null;
    try {
      JsonNode tree = JSON.readTree(line);
      id = tree.path("id").textValue();
      Command command = JSON.treeToValue(tree, Command.class);
      if (command == null || !isWhole(command)) {
        throw new Malformed(id, "something is missing");
      }
      return command;
    } catch (JsonProcessingException notACommand) {
      throw new Malformed(id, notACommand.getOriginalMessage());
    }
  }

  /** Every component that may not be absent is there. */
  private static boolean isWhole(Command command) {
    Set<String> optional = OPTIONAL.getOrDefault(command.getClass(), Set.of());
    for (RecordComponent part : command.getClass().getRecordComponents()) {
      try {
        if (!optional.contains(part.getName()) && part.getAccessor().invoke(command) == null) {
          return false;
        }
      } catch (ReflectiveOperationException bug) {
        throw new IllegalStateException(bug);
      }
    }
    return true;
  }

  /** Any of this package's records as a line, without its end. */
  public static String line(Object message) {
    try {
      return JSON.writeValueAsString(message);
    } catch (JsonProcessingException bug) {
      throw new IllegalStateException(bug);
    }
  }

  /** Reads a message back; for clients in Java. */
  public static Message message(String line) throws Malformed {
    try {
      return JSON.readValue(line, Message.class);
    } catch (JsonProcessingException notAMessage) {
      throw new Malformed(null, notAMessage.getOriginalMessage());
    }
  }
}
