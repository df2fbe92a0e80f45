package org.jackfield.provider.asterisk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.api.provider.ProviderEvent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is told of calls, event by event; without a PBX. */
class CallsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ALICE = "PJSIP/alice-00000001";
  private static final String CAROL = "PJSIP/carol-00000002";

  private final List<String> told = new ArrayList<>();
  private final List<Runnable> later = new ArrayList<>();
  private final Picture picture = new Picture("jackfield_1");
  private Calls calls;

  private final class Context implements ProviderContext {
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
  }

  @BeforeEach
  void alice_talks_with_carol() throws Exception {
    calls =
        new Calls(
            picture, Settings.of(new ProviderConfig("lab", SettingsTest.LEAST)), new Context());
    for (var type : List.of("ChannelCreated", "ChannelEnteredBridge")) {
      event(type, "a", ALICE);
      event(type, "c", CAROL);
    }
    picture.channels().forEach(chan -> chan.introduced = true);
    calls.refresh(Set.of("a", "c"));
    assertThat(told).containsExactlyInAnyOrder("a connected", "c connected");
    told.clear();
  }

  private void event(String type, String id, String name) throws Exception {
    picture.apply(
        JSON.readTree(
            ("{\"type\":\"%s\",\"bridge\":{\"id\":\"b1\"},\"cause\":16,\"channel\":"
                    + "{\"id\":\"%s\",\"name\":\"%s\",\"state\":\"Up\",\"caller\":{},\"dialplan\":{}}}")
                .formatted(type, id, name)));
  }

  /** The channel of a phone may outlive for a moment the one that led to it. */
  @Test
  void who_was_told_as_gone_is_not_told_again_while_its_channel_ends() throws Exception {
    // given that both are told as gone when the last that leads to them is
    calls.tell(calls.all().iterator().next(), List.of(), Map.of());
    event("ChannelDestroyed", "a", ALICE);
    calls.refresh(Set.of("a", "c"));

    // then
    assertThat(told).containsExactlyInAnyOrder("a disconnected", "c disconnected");
    assertThat(calls.snapshot()).isEmpty();

    // and when it ends
    event("ChannelDestroyed", "c", CAROL);
    calls.refresh(Set.of("c"));
    assertThat(told).hasSize(2);
    assertThat(calls.all()).isEmpty();
  }

  @Test
  void who_lives_on_after_that_is_told_again() throws Exception {
    // given
    calls.tell(calls.all().iterator().next(), List.of(), Map.of());
    event("ChannelDestroyed", "a", ALICE);
    calls.refresh(Set.of("a", "c"));
    told.clear();

    // when
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (told.isEmpty() && System.nanoTime() < end) {
      List.copyOf(later).forEach(Runnable::run);
    }

    // then
    assertThat(told).containsExactly("c connected");
  }
}
