package org.jackfield.provider.asterisk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is told of calls, event by event; without a PBX. */
class CallsTest {
  private static final String ALICE = "PJSIP/alice-00000001";
  private static final String CAROL = "PJSIP/carol-00000002";

  private final NoPbx pbx = new NoPbx();
  private final Calls calls = pbx.calls;
  private final List<String> told = pbx.told;

  @BeforeEach
  void alice_talks_with_carol() {
    for (var type : List.of("ChannelCreated", "ChannelEnteredBridge")) {
      event(type, "a", ALICE);
      event(type, "c", CAROL);
    }
    pbx.picture.channels().forEach(chan -> chan.introduced = true);
    calls.refresh(Set.of("a", "c"));
    assertThat(told).containsExactlyInAnyOrder("a connected", "c connected");
    told.clear();
  }

  private void event(String type, String id, String name) {
    pbx.event(type, id, name, "Up", "b1");
  }

  /** The channel of a phone may outlive for a moment the one that led to it. */
  @Test
  void who_was_told_as_gone_is_not_told_again_while_its_channel_ends() {
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
  void who_lives_on_after_that_is_told_again() {
    // given
    calls.tell(calls.all().iterator().next(), List.of(), Map.of());
    event("ChannelDestroyed", "a", ALICE);
    calls.refresh(Set.of("a", "c"));
    told.clear();

    // when
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (told.isEmpty() && System.nanoTime() < end) {
      List.copyOf(pbx.later).forEach(Runnable::run);
    }

    // then
    assertThat(told).containsExactly("c connected");
  }
}
