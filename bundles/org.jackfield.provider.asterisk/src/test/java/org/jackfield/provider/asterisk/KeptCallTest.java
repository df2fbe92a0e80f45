package org.jackfield.provider.asterisk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandFate;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.provider.asterisk.CallState.Mode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pieces of a call that the driver keeps, without a PBX. */
class KeptCallTest {
  private static final String ALICE = "PJSIP/alice-00000001";
  private static final String CAROL = "PJSIP/carol-00000002";
  private static final String BOB = "PJSIP/bob-00000003";
  private static final CommandId FIRST = new CommandId(1);

  private final NoPbx pbx = new NoPbx();
  private final Call call = pbx.calls.named(new CallId("a"));
  private final Parties parties = new Parties(call, "a", "c", pbx.exchange);
  private final CallState state =
      new CallState(call, parties, new Bridges("talk", "music", pbx.exchange), pbx.exchange);
  private final Notes notes = new Notes(state, pbx.exchange);
  private final Report report = new Report(state, notes, pbx.exchange);

  @BeforeEach
  void alice_talks_with_carol_in_our_application() {
    arrives("a", ALICE, "Up", "talk");
    arrives("c", CAROL, "Up", "talk");
    parties.learnAll();
    report.tell();
    assertThat(pbx.told).containsExactly("a connected", "c connected");
    pbx.told.clear();
  }

  private void arrives(String id, String name, String state, String bridge) {
    pbx.event("ChannelCreated", id, name, state, "");
    pbx.event("StasisStart", id, name, state, "");
    pbx.event("ChannelEnteredBridge", id, name, state, bridge);
    var chan = pbx.picture.channel(id);
    assertThat(chan).isNotNull();
    chan.introduced = true;
  }

  private void consults(String bobs) {
    state.mode = Mode.CONSULT;
    state.pending = true;
    pbx.event("ChannelEnteredBridge", "c", CAROL, "Up", "music");
    state.consultation.open(pbx.calls.named(new CallId("k")));
    parties.target = "b";
    parties.dialled = true;
    arrives("b", BOB, bobs, "talk");
    parties.learnAll();
  }

  // ---- what is told ----

  @Test
  void that_a_party_waits_is_told_when_the_pbx_has_it_there_and_not_before() {
    // when it is only wanted
    state.mode = Mode.HOLD;
    report.tell();
    assertThat(pbx.told).isEmpty();

    // when it is so
    pbx.event("ChannelEnteredBridge", "c", CAROL, "Up", "music");
    report.tell();

    // then
    assertThat(pbx.told).containsExactly("a onHold", "c connected");
    assertThat(call.told.values())
        .filteredOn(c -> c.id().value().equals("c"))
        .allMatch(c -> c.heldByThem());
  }

  @Test
  void a_consultation_is_told_as_a_call_of_its_own() {
    // when the target rings
    consults("Ringing");
    report.tell();

    // then
    assertThat(pbx.told)
        .containsExactly("a onHoldPendingTransfer", "c connected", "a ringback", "b offering");
    pbx.told.clear();

    // and when it answers
    pbx.event("ChannelStateChange", "b", BOB, "Up", "");
    report.tell();
    assertThat(pbx.told).containsExactly("a connected", "b connected");
  }

  @Test
  void who_has_left_our_application_just_now_is_told_when_it_is_known_where_it_is() {
    // given
    state.mode = Mode.HOLD;
    pbx.event("ChannelEnteredBridge", "c", CAROL, "Up", "music");

    // when
    pbx.event("ChannelLeftBridge", "a", ALICE, "Up", "talk");
    pbx.event("StasisEnd", "a", ALICE, "Up", "");
    report.tell();

    // then
    assertThat(pbx.told).isEmpty();
  }

  // ---- the parties ----

  @Test
  void a_target_that_had_failed_keeps_its_cause_when_it_is_cleared() {
    // given a target behind a channel that leads to it, declined by the phone
    consults("Ringing");
    parties.target = "way";
    parties.remember(Map.of("way", List.of("b")));
    pbx.event("ChannelDestroyed", "b", BOB, "Ringing", "");
    assertThat(parties.targetIsEnding()).isTrue();

    // when
    parties.cancelled("way");

    // then
    assertThat(parties.failureOf("way").code()).isNotEqualTo(Cause.Code.CANCELLED);
  }

  @Test
  void who_was_taken_from_us_is_none_of_ours_and_is_told_as_overtaken() {
    // when
    parties.lose("a", Cause.of(Cause.Code.OVERTAKEN));

    // then
    assertThat(parties.handles()).containsExactly("c");
    assertThat(parties.transferorAlive()).isFalse();
    assertThat(parties.why().get("a")).isEqualTo(Cause.of(Cause.Code.OVERTAKEN));
  }

  // ---- what is written down ----

  private Command hold(CommandId id) {
    return new Command.Hold(id, call.id, new ConnectionId("a"));
  }

  @Test
  void only_a_call_that_has_been_written_down_can_tell_that_a_command_was_not_begun() {
    // given
    var unwritten = new Notes(state, pbx.exchange);
    assertThat(unwritten.fate(hold(FIRST))).isEqualTo(CommandFate.UNKNOWN);

    // when
    unwritten.begun(FIRST);
    unwritten.write();

    // then
    assertThat(unwritten.fate(hold(FIRST)))
        .isEqualTo(new CommandFate.Given(ProviderReply.ACCEPTED));
    assertThat(unwritten.fate(hold(new CommandId(2)))).isEqualTo(CommandFate.NEVER_GIVEN);
  }

  @Test
  void a_command_that_was_cut_short_while_the_two_were_taken_in_is_told_as_refused() {
    // given what an instance that is gone has written
    notes.begun(FIRST);
    var card = notes.card();

    // when another goes on with it
    var next = new Notes(state, pbx.exchange);
    next.resume(card);

    // then
    assertThat(next.fate(hold(FIRST)))
        .isInstanceOfSatisfying(
            CommandFate.Given.class,
            given -> assertThat(given.reply()).isInstanceOf(ProviderReply.Refused.class));
  }
}
