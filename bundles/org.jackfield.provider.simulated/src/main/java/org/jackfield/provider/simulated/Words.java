package org.jackfield.provider.simulated;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Limits;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.provider.AddressInfo;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.CallSnapshot;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandFate;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Reason;

/** The PBX's words for what the API says, and the API's for what the PBX says. Pure. */
final class Words {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Map<String, ConnectionState> STATES =
      byText(ConnectionState.values(), ConnectionState::text);
  private static final Map<String, Cause.Code> CAUSES =
      byText(Cause.Code.values(), Cause.Code::text);
  private static final Map<String, AddressInfo.State> LAMPS =
      byText(AddressInfo.State.values(), AddressInfo.State::text);

  private Words() {}

  private static <E> Map<String, E> byText(E[] values, Function<E, String> text) {
    return Arrays.stream(values).collect(Collectors.toMap(text, Function.identity()));
  }

  // Down

  /** A command in the PBX's words, if it has any for it. */
  static Optional<String> of(Command command) {
    ObjectNode words = JSON.createObjectNode();
    words.put("id", command.id().toString()).put("call", command.call().value());
    switch (command) {
      case Command.MakeCall c ->
          words.put("do", "makeCall").put("from", c.from().value()).put("to", c.to().value());
      case Command.Hold c -> about(words, "hold", c.party());
      case Command.Retrieve c -> about(words, "retrieve", c.party());
      case Command.Alternate c ->
          about(words, "alternate", c.party())
              .put("call", c.active().value())
              .put("otherCall", c.call().value());
      case Command.BlindTransfer c ->
          about(words, "blindTransfer", c.transferor())
              .put("target", c.target().value())
              .put("release", c.release().text());
      case Command.Consult c -> {
        about(words, "consult", c.transferor()).put("consultCall", c.consultation().value());
        c.target().ifPresent(target -> words.put("target", target.value()));
      }
      case Command.Dial c -> about(words, "dial", c.transferor()).put("target", c.target().value());
      case Command.Complete c ->
          about(words, "complete", c.transferor())
              .put("consultCall", c.consultation().value())
              .put("as", c.as().text());
      case Command.Recall c -> about(words, "recall", c.waiting()).put("target", c.to().value());
      case Command.Redirect c -> about(words, "redirect", c.party()).put("target", c.to().value());
      case Command.Clear c -> about(words, "clear", c.party());
      case Command.ClearAll c -> words.put("do", "clearCall");
      default -> {
        return Optional.empty();
      }
    }
    return Optional.of(words.toString());
  }

  private static ObjectNode about(ObjectNode words, String verb, ConnectionId party) {
    return words.put("do", verb).put("connection", party.value());
  }

  /** A question that has no arguments. */
  static String question(String verb, String id) {
    return JSON.createObjectNode().put("do", verb).put("id", id).toString();
  }

  static String askFate(String about, String id) {
    return JSON.createObjectNode().put("do", "fate").put("id", id).put("about", about).toString();
  }

  // Up

  static CommandFate fate(JsonNode fate) {
    return fate.path("given").asBoolean()
        ? new CommandFate.Given(reply(fate))
        : CommandFate.NEVER_GIVEN;
  }

  /**
   * Reads a text of the PBX.
   *
   * @throws IllegalArgumentException if it is no JSON
   */
  static JsonNode read(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException notJson) {
      throw new IllegalArgumentException("the PBX does not speak JSON", notJson);
    }
  }

  static ProviderReply reply(JsonNode answer) {
    if (answer.path("accepted").asBoolean()) {
      return ProviderReply.ACCEPTED;
    }
    String words = answer.path("reason").asText();
    Reason reason =
        switch (words) {
          case "invalidCallState" -> Reason.NOT_PERMITTED_NOW;
          case "operationUnavailable" -> Reason.NOT_SUPPORTED;
          case "invalidAddress" -> Reason.INVALID_ADDRESS;
          case "resourceUnavailable" -> Reason.LIMIT_REACHED;
          case "invalidCallHandle" -> Reason.NO_SUCH_SESSION;
          case "noSuchConnection" -> Reason.NO_SUCH_PARTY;
          default -> Reason.REFUSED_BY_PBX;
        };
    return ProviderReply.Refused.of(reason, words);
  }

  static ProviderEvent.LinkUp linkUp(JsonNode hello) {
    List<Operation> operations = new ArrayList<>();
    hello.path("operations").forEach(o -> Operation.named(o.asText()).ifPresent(operations::add));
    List<Trait> traits = new ArrayList<>();
    hello.path("traits").forEach(t -> Trait.named(t.asText()).ifPresent(traits::add));
    JsonNode limits = hello.path("limits");
    Map<Operation, String> absent = new EnumMap<>(Operation.class);
    for (Operation operation : Operation.values()) {
      if (!operations.contains(operation)) {
        absent.put(
            operation,
            "the PBX's profile " + hello.path("profile").asText() + " has no " + operation.text());
      }
    }
    return new ProviderEvent.LinkUp(
        Capabilities.of(operations, traits)
            .withLimits(
                new Limits(
                    limits.path("onHold").asInt(),
                    limits.path("onHoldPending").asInt(),
                    limits.path("conference").asInt())),
        absent);
  }

  /** A call's present parties; those who only hear a tone at the end of it are no longer in it. */
  static ProviderEvent.Snapshot snapshot(JsonNode snapshot) {
    List<CallSnapshot> calls = new ArrayList<>();
    for (JsonNode call : snapshot.path("calls")) {
      List<Connection> parties = new ArrayList<>();
      call.path("connections").forEach(c -> parties.add(connection(c)));
      parties.removeIf(c -> c.state().isOver());
      if (!parties.isEmpty()) {
        calls.add(new CallSnapshot(new CallId(call.path("call").asText()), parties));
      }
    }
    return new ProviderEvent.Snapshot(calls);
  }

  static CallId call(JsonNode connection) {
    return new CallId(connection.path("call").asText());
  }

  static Connection connection(JsonNode c) {
    ConnectionState state = STATES.getOrDefault(c.path("state").asText(), ConnectionState.UNKNOWN);
    Connection connection =
        Connection.of(
                new ConnectionId(c.path("connection").asText()),
                new Address(c.path("address").asText()),
                c.path("name").asText(),
                state)
            .heldByThem(c.path("heldByThem").asBoolean());
    Cause.Code cause = CAUSES.getOrDefault(c.path("cause").asText(), Cause.Code.UNKNOWN);
    return state.isOver() ? connection.left(Cause.of(cause, c.path("cause").asText())) : connection;
  }

  static ProviderEvent.CallsMerged merged(JsonNode event) {
    return new ProviderEvent.CallsMerged(
        new CallId(event.path("from").asText()), new CallId(event.path("into").asText()));
  }

  static ProviderEvent.CallBranched branched(JsonNode event) {
    return new ProviderEvent.CallBranched(
        new CallId(event.path("from").asText()), new CallId(event.path("into").asText()), false);
  }

  /** Which call a party holds while it consults in this one, if it does. */
  static Optional<ProviderEvent.CallBranched> consults(JsonNode connection) {
    return connection.hasNonNull("consults")
        ? Optional.of(
            new ProviderEvent.CallBranched(
                new CallId(connection.path("consults").asText()), call(connection), true))
        : Optional.empty();
  }

  /** All consultations of a snapshot. */
  static List<ProviderEvent.CallBranched> consultations(JsonNode snapshot) {
    List<ProviderEvent.CallBranched> all = new ArrayList<>();
    for (JsonNode call : snapshot.path("calls")) {
      call.path("connections").forEach(c -> consults(c).ifPresent(all::add));
    }
    return all;
  }

  static ProviderEvent.AddressChanged address(JsonNode a) {
    return new ProviderEvent.AddressChanged(
        new AddressInfo(
            new Address(a.path("address").asText()),
            a.path("name").asText(),
            LAMPS.getOrDefault(a.path("lamp").asText(), AddressInfo.State.UNKNOWN)));
  }
}
