package org.jackfield.itests.asterisk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real voices through a real Asterisk: alice has called bob, and the call is moved. Whoever moves
 * it, what must be true afterwards is the same, and is asked of the phones and of the PBX.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TransferScenarios {
  static final Duration LONG = Duration.ofMinutes(5);
  static final Duration SOON = Duration.ofSeconds(60);

  /** For whom nobody answers. */
  static final Duration SHORT = Duration.ofSeconds(3);

  /** The same, where it is to be seen that it rang. */
  static final Duration RINGS = Duration.ofSeconds(8);

  AsteriskLab lab;
  Phone alice;
  Phone bob;
  Phone carol;
  Mover mover;
  String call;

  abstract Mover mover(AsteriskLab lab);

  @BeforeAll
  void upTheLab(@TempDir Path dir) {
    lab = AsteriskLab.start(dir);
    alice = lab.phone(Voice.ALICE);
    bob = lab.phone(Voice.BOB);
    carol = lab.phone(Voice.CAROL);
  }

  @AfterAll
  void downTheLab() {
    lab.close();
  }

  @BeforeEach
  void aliceHasCalledBob() {
    mover = mover(lab);
    alice.dial(Voice.BOB.address());
    call = mover.talking(Voice.ALICE, Voice.BOB);
  }

  @AfterEach
  void nothingIsLeft() {
    mover.close();
    lab.clear();
  }

  void hear(Phone one, Phone... others) {
    var expected = new HashMap<Phone, Set<Voice>>();
    expected.put(one, Set.of());
    Tones.await(expected);
    hearEachOther(others);
  }

  void hearEachOther(Phone... phones) {
    var expected = new HashMap<Phone, Set<Voice>>();
    for (var phone : phones) {
      var others = new java.util.HashSet<Voice>();
      Arrays.stream(phones).filter(p -> p != phone).forEach(p -> others.add(p.voice()));
      expected.put(phone, others);
    }
    Tones.await(expected);
  }

  void isReleased(Voice voice) {
    Wait.until(
        voice + " is released",
        SOON,
        () -> lab.channelsOf(voice).isEmpty(),
        () -> lab.channels().toString());
  }

  /** The channels when each phone's is in its bridge, which is after it has answered. */
  List<AsteriskLab.Channel> settled() {
    Wait.until(
        "the phones are in their bridges",
        SOON,
        () ->
            lab.channels().stream()
                .filter(c -> c.name().startsWith("PJSIP/"))
                .noneMatch(c -> c.bridge().isEmpty()),
        () -> lab.channels().toString());
    return lab.channels();
  }

  /** What stays is in bridges of the PBX's own: no part of it depends on us. */
  void isLeftToThePbx() {
    Wait.until(
        "the call has left the application",
        SOON,
        () -> lab.bridges().stream().noneMatch(b -> b.startsWith("jackfield")),
        () -> lab.bridges() + " " + lab.channels() + "\n" + mover.picture());
  }

  @ParameterizedTest
  @ValueSource(strings = {"BOB", "ALICE"})
  void a_blind_transfer_joins_the_other_with_the_target(Voice transferor) {
    var stays = transferor == Voice.BOB ? alice : bob;

    var move = mover.blind(call, transferor, Voice.CAROL.address(), LONG);

    assertThat(mover.outcome(move)).isEqualTo("completed");
    hearEachOther(stays, carol);
    isReleased(transferor);
    isLeftToThePbx();
    carol.hangUp();
    lab.awaitNothingLeft();
  }

  @Test
  void a_consultation_is_alternated_and_completed() {
    var move = mover.consult(call, Voice.BOB, Voice.CAROL.address(), LONG);
    mover.awaitAnswered(move);
    hearEachOther(bob, carol);
    hear(alice);
    mover.alternate(move);
    hearEachOther(alice, bob);
    hear(carol);
    mover.alternate(move);
    hearEachOther(bob, carol);

    mover.complete(move);

    assertThat(mover.outcome(move)).isEqualTo("completed");
    hearEachOther(alice, carol);
    isReleased(Voice.BOB);
    isLeftToThePbx();
    alice.hangUp();
    lab.awaitNothingLeft();
  }

  @Test
  void a_consultation_is_cancelled() {
    var move = mover.consult(call, Voice.BOB, Voice.CAROL.address(), LONG);
    mover.awaitAnswered(move);

    mover.cancel(move);

    assertThat(mover.outcome(move)).isEqualTo("reverted");
    hearEachOther(alice, bob);
    isReleased(Voice.CAROL);
    isLeftToThePbx();
  }

  @Test
  void a_conference_joins_all_three() {
    var move = mover.consult(call, Voice.BOB, Voice.CAROL.address(), LONG);
    mover.awaitAnswered(move);

    mover.conference(move);

    mover.talking(Voice.ALICE, Voice.BOB, Voice.CAROL);
    hearEachOther(alice, bob, carol);
    bob.hangUp();
    hearEachOther(alice, carol);
    isLeftToThePbx();
    alice.hangUp();
    lab.awaitNothingLeft();
  }

  @ParameterizedTest
  @ValueSource(strings = {"120", "122", "124"})
  void a_blind_transfer_to_a_target_that_fails_is_undone(String target) {
    var move = mover.blind(call, Voice.BOB, target, LONG);

    assertThat(mover.outcome(move)).isEqualTo("reverted");
    hearEachOther(alice, bob);
    isLeftToThePbx();
  }

  @ParameterizedTest
  @ValueSource(strings = {"121", "123"})
  void a_blind_transfer_that_nobody_answers_is_undone_at_the_deadline(String target) {
    var move = mover.blind(call, Voice.BOB, target, SHORT);

    assertThat(mover.outcome(move)).isEqualTo("reverted");
    hearEachOther(alice, bob);
    isLeftToThePbx();
  }

  @Test
  void an_extension_that_does_not_exist_changes_nothing() {
    var before = settled();

    assertThat(mover.refuses(call, Voice.BOB, "999")).isTrue();

    hearEachOther(alice, bob);
    assertThat(lab.channels()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"120", "122", "124"})
  void a_consultation_with_a_target_that_fails_goes_back(String target) {
    var move = mover.consult(call, Voice.BOB, target, LONG);

    assertThat(mover.outcome(move)).isEqualTo("reverted");
    hearEachOther(alice, bob);
    isLeftToThePbx();
  }

  @Test
  void a_consultation_that_nobody_answers_goes_back_at_the_deadline() {
    var move = mover.consult(call, Voice.BOB, "121", RINGS);
    mover.awaitRinging(move);

    assertThat(mover.outcome(move)).isEqualTo("reverted");
    hearEachOther(alice, bob);
    isLeftToThePbx();
  }

  @Test
  void a_held_call_is_silent_for_both_and_is_retrieved() {
    mover.hold(call, Voice.BOB);
    hear(alice);
    hear(bob);

    mover.retrieve(call, Voice.BOB);

    mover.talking(Voice.ALICE, Voice.BOB);
    hearEachOther(alice, bob);
    isLeftToThePbx();
  }

  @Test
  void alice_hangs_up_while_she_is_held_for_a_consultation() {
    var move = mover.consult(call, Voice.BOB, Voice.CAROL.address(), LONG);
    mover.awaitAnswered(move);

    alice.hangUp();

    mover.talking(Voice.BOB, Voice.CAROL);
    hearEachOther(bob, carol);
    isLeftToThePbx();
    bob.hangUp();
    lab.awaitNothingLeft();
  }

  @Test
  void alice_hangs_up_while_the_target_rings() {
    var move = mover.blind(call, Voice.BOB, "121", LONG);
    mover.awaitRinging(move);

    alice.hangUp();

    lab.awaitNothingLeft();
    Wait.until("no call is known", SOON, () -> mover.calls() == 0, mover::picture);
  }

  @Test
  void a_consultation_is_completed_while_carol_rings() {
    try (var slow = lab.phone(Voice.DAVE, false)) {
      var move = mover.consult(call, Voice.BOB, Voice.DAVE.address(), LONG);
      mover.awaitRinging(move);

      mover.complete(move);
      isReleased(Voice.BOB);
      slow.answer();

      assertThat(mover.outcome(move)).isEqualTo("completed");
      hearEachOther(alice, slow);
      isLeftToThePbx();
      alice.hangUp();
      lab.awaitNothingLeft();
    }
  }

  @Test
  void bob_hangs_up_while_the_target_rings_and_is_let_go() {
    try (var slow = lab.phone(Voice.DAVE, false)) {
      var move = mover.blind(call, Voice.BOB, Voice.DAVE.address(), LONG);
      mover.awaitRinging(move);

      bob.hangUp();
      isReleased(Voice.BOB);
      slow.answer();

      assertThat(mover.outcome(move)).isEqualTo("completed");
      hearEachOther(alice, slow);
      isLeftToThePbx();
    }
  }

  @Test
  void alice_hangs_up_while_bob_waits_for_carol() {
    var move = mover.consult(call, Voice.BOB, "121", LONG);
    mover.awaitRinging(move);

    alice.hangUp();
    isReleased(Voice.ALICE);
    mover.giveUp(move);

    lab.awaitNothingLeft();
    Wait.until("no call is known", SOON, () -> mover.calls() == 0, mover::picture);
  }

  @Test
  void alice_hangs_up_while_bob_talks_with_her_again() {
    var move = mover.consult(call, Voice.BOB, Voice.CAROL.address(), LONG);
    mover.awaitAnswered(move);
    mover.alternate(move);

    alice.hangUp();

    mover.talking(Voice.BOB, Voice.CAROL);
    hearEachOther(bob, carol);
    carol.hangUp();
    lab.awaitNothingLeft();
  }

  @Test
  void alice_hangs_up_in_a_conference_and_the_others_talk_on() {
    var move = mover.consult(call, Voice.BOB, Voice.CAROL.address(), LONG);
    mover.awaitAnswered(move);
    mover.conference(move);
    mover.talking(Voice.ALICE, Voice.BOB, Voice.CAROL);

    alice.hangUp();

    hearEachOther(bob, carol);
    isLeftToThePbx();
    carol.hangUp();
    lab.awaitNothingLeft();
  }

  @Test
  void alice_hangs_up_on_hold() {
    mover.hold(call, Voice.BOB);

    alice.hangUp();

    lab.awaitNothingLeft();
  }

  @Test
  void a_call_is_made_for_two_phones() {
    alice.hangUp();
    lab.awaitNothingLeft();

    mover.makeCall(Voice.CAROL, Voice.BOB.address());

    var made = mover.talking(Voice.BOB, Voice.CAROL);
    hearEachOther(bob, carol);
    assertThat(mover.outcome(mover.blind(made, Voice.CAROL, Voice.ALICE.address(), LONG)))
        .isEqualTo("completed");
    hearEachOther(alice, bob);
    alice.hangUp();
    lab.awaitNothingLeft();
  }

  @Test
  void the_call_lives_on_without_us() {
    var move = mover.blind(call, Voice.BOB, Voice.CAROL.address(), LONG);
    assertThat(mover.outcome(move)).isEqualTo("completed");
    isLeftToThePbx();

    mover.vanish();

    hearEachOther(alice, carol);
    alice.hangUp();
    lab.awaitNothingLeft();
  }

  @Test
  void a_call_is_moved_twice() {
    assertThat(mover.outcome(mover.blind(call, Voice.BOB, Voice.CAROL.address(), LONG)))
        .isEqualTo("completed");
    var again = mover.talking(Voice.ALICE, Voice.CAROL);
    assertThat(again).isEqualTo(call);

    var move = mover.consult(again, Voice.CAROL, Voice.BOB.address(), LONG);
    mover.awaitAnswered(move);
    hearEachOther(bob, carol);
    mover.complete(move);

    assertThat(mover.outcome(move)).isEqualTo("completed");
    hearEachOther(alice, bob);
    isReleased(Voice.CAROL);
    alice.hangUp();
    lab.awaitNothingLeft();
  }

  static Map<String, String> config(AsteriskLab lab) {
    return Map.of(
        "ari.url", "http://127.0.0.1:" + lab.http() + "/ari",
        "ari.user", "jackfield",
        "ari.secret", "ari-secret",
        "ami.port", "" + lab.ami(),
        "ami.user", "jackfield",
        "ami.secret", "ami-secret",
        "context", AsteriskLab.CONTEXT);
  }
}
