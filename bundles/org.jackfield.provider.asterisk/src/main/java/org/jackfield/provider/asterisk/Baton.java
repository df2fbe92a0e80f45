package org.jackfield.provider.asterisk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jackfield.api.provider.Handover;

/**
 * What one instance hands to the next, in the form {@code asterisk/1}: JSON.
 *
 * @param channels the channels of each call, by its name
 * @param branched the calls that were told to have come out of another
 * @param kept the calls that are in our application
 */
record Baton(Map<String, Set<String>> channels, Set<String> branched, List<Card> kept) {
  private static final String FORM = "asterisk/1";
  private static final ObjectMapper JSON = new ObjectMapper();

  Handover handover() {
    var json = JSON.createObjectNode();
    var calls = json.putObject("calls");
    channels.forEach(
        (call, its) -> {
          var list = calls.putArray(call);
          its.forEach(list::add);
        });
    var out = json.putArray("branched");
    branched.forEach(out::add);
    var cards = json.putArray("kept");
    kept.forEach(card -> cards.add(card.text()));
    return new Handover(FORM, json.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @throws IllegalArgumentException it is another form, or none
   */
  static Baton of(Handover handover) {
    if (!handover.format().equals(FORM)) {
      throw new IllegalArgumentException("this driver does not know the form " + handover.format());
    }
    try {
      var json = JSON.readTree(handover.state());
      var channels = new LinkedHashMap<String, Set<String>>();
      json.path("calls").properties().forEach(e -> channels.put(e.getKey(), texts(e.getValue())));
      var kept = new ArrayList<Card>();
      for (var text : texts(json.path("kept"))) {
        kept.add(
            Card.of(text)
                .orElseThrow(() -> new IllegalArgumentException("a call cannot be read: " + text)));
      }
      return new Baton(channels, texts(json.path("branched")), kept);
    } catch (IOException e) {
      throw new IllegalArgumentException("what was handed over cannot be read", e);
    }
  }

  private static Set<String> texts(JsonNode list) {
    var texts = new LinkedHashSet<String>();
    list.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
