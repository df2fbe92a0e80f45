package org.jackfield.provider.asterisk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.session.Address;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.ReleaseWhen;

/**
 * What must be known of a call that the driver keeps to go on with it, beyond what the PBX shows.
 * It is kept at the PBX, as a variable of each channel that we have of the call: so it is there for
 * whoever comes after us, and goes when the channels go.
 *
 * @param version grows with each one of a call
 * @param owner the application of the instance that keeps the call
 * @param transferor the handle of the party who acts; empty where there is none
 * @param held the handle of the other
 * @param target the handle of whom we dial, or have dialled
 * @param goesWith with whom the held party is on its way to a bridge of the PBX's own
 * @param completing what a completion under way makes
 * @param parties the phones behind each handle
 * @param given the last commands that were begun
 */
record Card(
    long version,
    String owner,
    CallId call,
    Optional<CallId> consultation,
    CallState.Mode mode,
    boolean pending,
    String transferor,
    String held,
    Optional<String> target,
    Optional<Address> targetAddress,
    ReleaseWhen release,
    boolean dialled,
    Optional<String> goesWith,
    Optional<CompleteAs> completing,
    String talk,
    String music,
    Map<String, List<String>> parties,
    List<CommandId> given) {

  /** The channel variable that holds it. */
  static final String VARIABLE = "JACKFIELD_CALL";

  /** Another one is not understood, and is as if it were not there. */
  private static final int FORMAT = 1;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The channels that we have of the call. */
  List<String> handles() {
    var all = new ArrayList<>(List.of(transferor, held));
    target.ifPresent(all::add);
    return all;
  }

  /** Whether it says the same, whichever was written later. */
  boolean saysTheSame(Optional<Card> other) {
    return other.isPresent() && equals(other.get().withVersion(version));
  }

  private Card withVersion(long other) {
    return new Card(
        other,
        owner,
        call,
        consultation,
        mode,
        pending,
        transferor,
        held,
        target,
        targetAddress,
        release,
        dialled,
        goesWith,
        completing,
        talk,
        music,
        parties,
        given);
  }

  String text() {
    ObjectNode json = JSON.createObjectNode().put("format", FORMAT).put("version", version);
    json.put("owner", owner).put("call", call.value());
    consultation.ifPresent(c -> json.put("consultation", c.value()));
    json.put("mode", mode.name()).put("pending", pending);
    json.put("transferor", transferor).put("held", held);
    target.ifPresent(t -> json.put("target", t));
    targetAddress.ifPresent(a -> json.put("address", a.value()));
    json.put("release", release.name()).put("dialled", dialled);
    goesWith.ifPresent(g -> json.put("with", g));
    completing.ifPresent(as -> json.put("completing", as.name()));
    json.put("talk", talk).put("music", music);
    ObjectNode behind = json.putObject("parties");
    parties.forEach(
        (handle, phones) -> {
          var list = behind.putArray(handle);
          phones.forEach(list::add);
        });
    var commands = json.putArray("given");
    given.forEach(id -> commands.add(id.value()));
    return json.toString();
  }

  /** Empty where it is none, or one that only another version of the driver understands. */
  static Optional<Card> of(String text) {
    try {
      var json = JSON.readTree(text);
      return json != null && json.path("format").asInt() == FORMAT
          ? Optional.of(of(json))
          : Optional.empty();
    } catch (JsonProcessingException | IllegalArgumentException foreign) {
      return Optional.empty();
    }
  }

  private static Card of(JsonNode json) {
    var parties = new LinkedHashMap<String, List<String>>();
    json.path("parties")
        .properties()
        .forEach(
            e -> {
              var phones = new ArrayList<String>();
              e.getValue().forEach(phone -> phones.add(phone.asText()));
              parties.put(e.getKey(), phones);
            });
    var given = new ArrayList<CommandId>();
    json.path("given").forEach(id -> given.add(new CommandId(id.asLong())));
    return new Card(
        json.path("version").asLong(),
        json.path("owner").asText(),
        new CallId(json.path("call").asText()),
        text(json, "consultation").map(CallId::new),
        CallState.Mode.valueOf(json.path("mode").asText()),
        json.path("pending").asBoolean(),
        json.path("transferor").asText(),
        json.path("held").asText(),
        text(json, "target"),
        text(json, "address").map(Address::new),
        ReleaseWhen.valueOf(json.path("release").asText()),
        json.path("dialled").asBoolean(),
        text(json, "with"),
        text(json, "completing").map(CompleteAs::valueOf),
        json.path("talk").asText(),
        json.path("music").asText(),
        parties,
        given);
  }

  private static Optional<String> text(JsonNode json, String name) {
    return json.hasNonNull(name) ? Optional.of(json.path(name).asText()) : Optional.empty();
  }
}
