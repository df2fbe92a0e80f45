package org.jackfield.provider.asterisk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.api.provider.ProviderEvent;

/**
 * An exchange without a PBX behind it: events are put in by hand, and what is told is kept. What is
 * asked of the PBX fails. Everything runs on the test's thread.
 */
final class NoPbx implements ProviderContext, Link.Owner {
  static final String APPLICATION = "jackfield_1";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The connections that were told: party and state. */
  final List<String> told = new ArrayList<>();

  /** What is to be run later, when the test wants it. */
  final List<Runnable> later = new ArrayList<>();

  final Picture picture = new Picture(APPLICATION);
  final Calls calls;
  final Exchange exchange;

  NoPbx() {
    var settings = Settings.of(new ProviderConfig("lab", SettingsTest.LEAST));
    var turns = new Turns(this::execute);
    var link = new Link(settings, APPLICATION, this, turns, this);
    calls = new Calls(picture, settings, this);
    var steps = new Steps(link, picture, new Facts(this), settings, APPLICATION);
    exchange = new Exchange(calls, picture, steps, this, turns);
  }

  /** An event about a channel and the bridge that it enters or leaves, if it does. */
  void event(String type, String id, String name, String state, String bridge) {
    try {
      picture.apply(
          JSON.readTree(
              ("{\"type\":\"%s\",\"bridge\":{\"id\":\"%s\"},\"cause\":16,\"application\":\"%s\","
                      + "\"channel\":{\"id\":\"%s\",\"name\":\"%s\",\"state\":\"%s\","
                      + "\"caller\":{},\"dialplan\":{}}}")
                  .formatted(type, bridge, APPLICATION, id, name, state)));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public String provider() {
    return "lab";
  }

  @Override
  public void report(ProviderEvent event) {
    if (event instanceof ProviderEvent.ConnectionChanged changed) {
      told.add(changed.connection().id() + " " + changed.connection().state().text());
    }
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    later.add(task);
    return () -> later.remove(task);
  }

  @Override
  public void execute(Runnable task) {
    task.run();
  }

  @Override
  public void linkUp() {}

  @Override
  public void linkDown(String why) {}

  @Override
  public void event(JsonNode event) {}
}
