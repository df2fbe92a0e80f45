package org.jackfield.provider.asterisk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Set;
import org.jackfield.api.session.Cause;
import org.junit.jupiter.api.Test;

class PictureTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final Picture picture = new Picture("jackfield_1");

  private static String channel(String id, String name, String state) {
    return String.format(
        "{\"id\":\"%s\",\"name\":\"%s\",\"state\":\"%s\",\"caller\":{},\"dialplan\":{}}",
        id, name, state);
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private void told(String type, String rest) {
    picture.apply(json("{\"type\":\"" + type + "\"," + rest + "}"));
  }

  private void created(String id, String name, String state) {
    told("ChannelCreated", "\"channel\":" + channel(id, name, state));
  }

  private void entered(String id, String name, String bridge) {
    told(
        "ChannelEnteredBridge",
        "\"channel\":" + channel(id, name, "Up") + ",\"bridge\":{\"id\":\"" + bridge + "\"}");
  }

  @Test
  void the_two_ends_of_a_local_channel_and_their_bridges_are_one_call() {
    created("a", "PJSIP/alice-00000001", "Up");
    created("l1", "Local/103@internal-00000001;1", "Up");
    created("l2", "Local/103@internal-00000001;2", "Up");
    created("c", "PJSIP/carol-00000002", "Up");
    entered("a", "PJSIP/alice-00000001", "b1");
    entered("l1", "Local/103@internal-00000001;1", "b1");
    entered("l2", "Local/103@internal-00000001;2", "b2");
    entered("c", "PJSIP/carol-00000002", "b2");

    assertThat(picture.component("a", Set.of())).containsExactlyInAnyOrder("a", "l1", "l2", "c");
    assertThat(picture.component("c", Set.of("l1"))).containsExactlyInAnyOrder("c", "l2");
  }

  private void dial(String status) {
    told(
        "Dial",
        "\"caller\":"
            + channel("l2", "Local/120@internal-00000001;2", "Up")
            + ",\"peer\":"
            + channel("p", "PJSIP/phone-00000002", "Down")
            + ",\"dialstatus\":\""
            + status
            + "\"");
  }

  private void ended(String id, String name, int cause, int sip) {
    told(
        "ChannelDestroyed",
        "\"channel\":"
            + channel(id, name, "Down")
            + ",\"cause\":"
            + cause
            + ",\"tech_cause\":"
            + sip);
  }

  /**
   * The dialplan behind a Local channel may end in the ordinary way whatever the phone has said.
   */
  @Test
  void a_local_channel_ends_with_the_cause_of_the_phone_behind_it() {
    created("l1", "Local/120@internal-00000001;1", "Down");
    created("l2", "Local/120@internal-00000001;2", "Ring");
    created("p", "PJSIP/phone-00000002", "Down");
    dial("");

    dial("NOANSWER");
    ended("p", "PJSIP/phone-00000002", 21, 603);
    ended("l2", "Local/120@internal-00000001;2", 16, 0);
    ended("l1", "Local/120@internal-00000001;1", 16, 0);

    assertThat(picture.end("l1").code()).isEqualTo(Cause.Code.REJECT);
  }

  @Test
  void a_dialling_that_is_over_tells_a_cause_where_the_phone_has_told_none() {
    created("l1", "Local/120@internal-00000001;1", "Down");
    created("l2", "Local/120@internal-00000001;2", "Ring");
    dial("");

    dial("CHANUNAVAIL");
    ended("l1", "Local/120@internal-00000001;1", 16, 0);

    assertThat(picture.end("l1").code()).isEqualTo(Cause.Code.UNREACHABLE);
  }

  private void hangupRequested(String id, String name, int cause, int sip) {
    told(
        "ChannelHangupRequest",
        "\"channel\":"
            + channel(id, name, "Down")
            + ",\"cause\":"
            + cause
            + ",\"tech_cause\":"
            + sip);
  }

  /** As Asterisk 22 tells it: the phone's channel is the last to be told gone. */
  @Test
  void a_phone_that_declines_is_gone_with_its_own_word_before_its_channel_is_told_gone() {
    created("l1", "Local/120@internal-00000001;1", "Down");
    created("l2", "Local/120@internal-00000001;2", "Ring");
    created("p", "PJSIP/phone-00000002", "Down");
    dial("");
    hangupRequested("p", "PJSIP/phone-00000002", 21, 603);

    dial("NOANSWER");

    assertThat(picture.end("p").code()).isEqualTo(Cause.Code.REJECT);
    ended("l2", "Local/120@internal-00000001;2", 16, 0);
    ended("l1", "Local/120@internal-00000001;1", 16, 0);
    assertThat(picture.end("l1").code()).isEqualTo(Cause.Code.REJECT);
    ended("p", "PJSIP/phone-00000002", 21, 603);
    assertThat(picture.end("p").code()).isEqualTo(Cause.Code.REJECT);
    assertThat(picture.channels()).isEmpty();
  }

  @Test
  void a_phone_that_nobody_dials_any_more_is_no_call_of_its_own_in_a_list_either() {
    created("p", "PJSIP/phone-00000002", "Down");
    created("l2", "Local/120@internal-00000001;2", "Ring");
    dial("");
    dial("BUSY");

    picture.replace(
        json("[" + channel("p", "PJSIP/phone-00000002", "Down") + "]"),
        json("[]"),
        Map.of(),
        Map.of());

    assertThat(picture.alive("p")).isFalse();
  }

  @Test
  void who_was_dialled_and_ends_unanswered_without_a_word_did_not_answer() {
    created("l1", "Local/120@internal-00000001;1", "Down");
    told(
        "Dial",
        "\"peer\":"
            + channel("l1", "Local/120@internal-00000001;1", "Down")
            + ",\"dialstatus\":\"\"");

    ended("l1", "Local/120@internal-00000001;1", 16, 0);

    assertThat(picture.end("l1").code()).isEqualTo(Cause.Code.NO_ANSWER);
  }

  @Test
  void who_gives_up_dialling_has_not_failed() {
    created("l1", "Local/120@internal-00000001;1", "Down");
    created("l2", "Local/120@internal-00000001;2", "Ring");
    created("p", "PJSIP/phone-00000002", "Down");
    dial("RINGING");

    dial("CANCEL");
    ended("l2", "Local/120@internal-00000001;2", 16, 0);

    assertThat(picture.end("p").code()).isEqualTo(Cause.Code.CANCELLED);
    assertThat(picture.end("l2").code()).isEqualTo(Cause.Code.NORMAL);
  }

  @Test
  void who_is_sent_elsewhere_is_forwarded_and_whoever_dialled_has_not_failed() {
    created("l1", "Local/120@internal-00000001;1", "Down");
    created("l2", "Local/120@internal-00000001;2", "Ring");
    created("p", "PJSIP/phone-00000002", "Down");
    dial("RINGING");

    picture.unwanted("p", Cause.Code.FORWARDED);
    dial("CANCEL");
    ended("l2", "Local/120@internal-00000001;2", 16, 0);

    assertThat(picture.end("p").code()).isEqualTo(Cause.Code.FORWARDED);
    assertThat(picture.end("l2").code()).isEqualTo(Cause.Code.NORMAL);
  }

  @Test
  void a_phone_that_failed_is_handed_out_once_for_telling() {
    created("p", "PJSIP/phone-00000002", "Down");
    created("l2", "Local/120@internal-00000001;2", "Ring");
    dial("");

    dial("BUSY");

    assertThat(picture.unanswered()).extracting(c -> c.id).containsExactly("p");
    assertThat(picture.unanswered()).isEmpty();
  }

  @Test
  void what_a_local_channel_was_made_to_dial_does_not_change_when_it_stands_elsewhere() {
    created("l1", "Local/130@internal-00000001;1", "Up");

    picture.channel("l1").exten = "jackfield_1";

    assertThat(picture.channel("l1").localTarget()).isEqualTo("130");
  }

  @Test
  void a_call_that_was_answered_ends_with_its_own_cause() {
    created("l1", "Local/120@internal-00000001;1", "Down");
    created("l2", "Local/120@internal-00000001;2", "Ring");
    created("p", "PJSIP/phone-00000002", "Down");
    dial("");

    dial("ANSWER");
    ended("p", "PJSIP/phone-00000002", 17, 0);
    ended("l1", "Local/120@internal-00000001;1", 16, 0);

    assertThat(picture.end("l1").code()).isEqualTo(Cause.Code.NORMAL);
  }

  @Test
  void a_dial_joins_two_until_the_bridge_does() {
    created("a", "PJSIP/alice-00000001", "Ring");
    created("b", "PJSIP/bob-00000002", "Down");
    told(
        "Dial",
        "\"caller\":"
            + channel("a", "PJSIP/alice-00000001", "Ring")
            + ",\"peer\":"
            + channel("b", "PJSIP/bob-00000002", "Ringing")
            + ",\"dialstatus\":\"\"");
    assertThat(picture.component("b", Set.of())).containsExactlyInAnyOrder("a", "b");

    told(
        "Dial",
        "\"caller\":"
            + channel("a", "PJSIP/alice-00000001", "Ring")
            + ",\"peer\":"
            + channel("b", "PJSIP/bob-00000002", "Ringing")
            + ",\"dialstatus\":\"BUSY\"");

    assertThat(picture.component("a", Set.of())).containsExactly("a");
    assertThat(picture.end("b").code()).isEqualTo(Cause.Code.BUSY);
  }

  @Test
  void leaving_one_bridge_may_be_told_after_entering_the_next() {
    created("a", "PJSIP/alice-00000001", "Up");
    entered("a", "PJSIP/alice-00000001", "b1");
    entered("a", "PJSIP/alice-00000001", "b2");

    told(
        "ChannelLeftBridge",
        "\"channel\":"
            + channel("a", "PJSIP/alice-00000001", "Up")
            + ",\"bridge\":{\"id\":\"b1\"}");

    assertThat(picture.isIn("a", "b2")).isTrue();
  }

  @Test
  void nothing_brings_a_channel_back_that_has_ended() {
    created("a", "PJSIP/alice-00000001", "Up");
    told("ChannelDestroyed", "\"channel\":" + channel("a", "x", "Up") + ",\"cause\":17");

    told("ChannelStateChange", "\"channel\":" + channel("a", "PJSIP/alice-00000001", "Up"));

    assertThat(picture.alive("a")).isFalse();
    assertThat(picture.end("a")).isEqualTo(Causes.of(17, 0));
  }

  @Test
  void the_pbxs_lists_are_the_truth() {
    created("gone", "PJSIP/alice-00000001", "Up");

    picture.replace(
        json("[" + channel("new", "PJSIP/bob-00000002", "Up") + "]"),
        json("[{\"id\":\"b1\",\"channels\":[\"new\"]}]"),
        Map.of("new", "family"),
        Map.of());

    assertThat(picture.alive("gone")).isFalse();
    assertThat(picture.end("gone")).isEqualTo(Causes.UNSEEN);
    assertThat(picture.isIn("new", "b1")).isTrue();
  }

  private void stasis(String type) {
    told(
        type,
        "\"application\":\"jackfield_1\",\"channel\":"
            + channel("a", "PJSIP/alice-00000001", "Up"));
  }

  private Chan alice() {
    return java.util.Objects.requireNonNull(picture.channel("a"));
  }

  @Test
  void who_leaves_our_application_and_dials_has_been_taken_by_somebody_else() {
    created("a", "PJSIP/alice-00000001", "Up");
    stasis("StasisStart");
    assertThat(alice().isTaken()).isFalse();

    stasis("StasisEnd");
    assertThat(alice().isTaken()).as("it may hang up").isFalse();
    assertThat(alice().isBetween()).isTrue();
    told(
        "Dial",
        "\"caller\":"
            + channel("a", "PJSIP/alice-00000001", "Up")
            + ",\"peer\":"
            + channel("d", "PJSIP/dave-00000002", "Down")
            + ",\"dialstatus\":\"\"");

    assertThat(alice().isTaken()).isTrue();
    assertThat(alice().isBetween()).isFalse();
  }

  @Test
  void who_hangs_up_in_our_application_has_not_been_taken() {
    created("a", "PJSIP/alice-00000001", "Up");
    stasis("StasisStart");

    told(
        "ChannelHangupRequest",
        "\"cause\":16,\"channel\":" + channel("a", "PJSIP/alice-00000001", "Up"));
    stasis("StasisEnd");

    assertThat(alice().isBetween()).isTrue();
    assertThat(alice().isTaken()).isFalse();
  }

  @Test
  void who_comes_back_into_our_application_is_ours() {
    created("a", "PJSIP/alice-00000001", "Up");
    stasis("StasisStart");
    stasis("StasisEnd");

    stasis("StasisStart");

    assertThat(alice().isBetween()).isFalse();
    assertThat(alice().isTaken()).isFalse();
  }

  /** Between the request for the lists and their making a call may come, and one may go. */
  @Test
  void a_channel_that_began_while_the_lists_were_made_is_there() {
    var events = new java.util.ArrayList<JsonNode>();
    events.add(
        json(
            "{\"type\":\"ChannelCreated\",\"channel\":"
                + channel("a", "PJSIP/alice-00000001", "Ring")
                + "}"));
    events.forEach(picture::apply);

    picture.replace(json("[]"), json("[]"), Map.of(), Map.of());
    assertThat(picture.alive("a")).isFalse();
    picture.applyAgain(events);

    assertThat(picture.alive("a")).isTrue();
    assertThat(picture.channel("a").introduced).isTrue();
  }
}
