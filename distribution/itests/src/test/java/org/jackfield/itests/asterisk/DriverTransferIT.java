package org.jackfield.itests.asterisk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.Command;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.ReleaseWhen;
import org.jackfield.provider.asterisk.AsteriskDriver;
import org.junit.jupiter.api.Test;

/** The driver alone, on a real Asterisk. */
class DriverTransferIT extends TransferScenarios {
  private static final String ANNOUNCEMENT = "130";

  @Override
  Mover mover(AsteriskLab lab) {
    return new DriverMover(new AsteriskDriver(), config(lab));
  }

  private DriverMover driver() {
    return (DriverMover) mover;
  }

  private ConnectionId idOf(String in, Voice voice) {
    return driver().party(in, voice.address()).orElseThrow().id();
  }

  /** Bob holds Alice and talks with Carol in a call that was made for him. */
  private String beside() {
    mover.hold(call, Voice.BOB);
    mover.makeCall(Voice.BOB, Voice.CAROL.address());
    var other = mover.talking(Voice.BOB, Voice.CAROL);
    hearEachOther(bob, carol);
    hear(alice);
    return other;
  }

  private void complete(String held, String other) {
    driver()
        .accepted(
            new Command.Complete(
                DriverMover.id(),
                new CallId(held),
                new CallId(other),
                idOf(held, Voice.BOB),
                CompleteAs.TRANSFER));
  }

  private void areAloneWithTheirPbx() {
    mover.talking(Voice.ALICE, Voice.CAROL);
    hearEachOther(alice, carol);
    isReleased(Voice.BOB);
    isLeftToThePbx();
    alice.hangUp();
    lab.awaitNothingLeft();
  }

  @Test
  void a_held_call_is_joined_with_a_new_one() {
    var other = beside();

    complete(call, other);

    areAloneWithTheirPbx();
  }

  @Test
  void a_call_is_joined_with_one_that_is_held() {
    var other = beside();
    driver()
        .accepted(
            new Command.Alternate(
                DriverMover.id(), new CallId(call), new CallId(other), idOf(other, Voice.BOB)));
    mover.talking(Voice.ALICE, Voice.BOB);
    hearEachOther(alice, bob);
    hear(carol);

    complete(other, call);

    areAloneWithTheirPbx();
  }

  /** Bob's phone has a second line, on which Carol has called him. */
  @Test
  void a_held_call_is_joined_with_a_call_on_another_line() {
    mover.hold(call, Voice.BOB);
    carol.dial(Voice.BOB.address());
    var other = mover.talking(Voice.BOB, Voice.CAROL);
    assertThat(idOf(other, Voice.BOB)).isNotEqualTo(idOf(call, Voice.BOB));

    complete(call, other);

    areAloneWithTheirPbx();
  }

  /** The other way round, and it is the phone itself that holds. */
  @Test
  void a_call_is_joined_with_one_that_the_phone_holds_on_another_line() {
    bob.hold();
    driver()
        .await(
            "the phone holds its first line",
            () ->
                driver().party(call, Voice.BOB.address()).orElseThrow().state()
                    == ConnectionState.ON_HOLD);
    carol.dial(Voice.BOB.address());
    var other = mover.talking(Voice.BOB, Voice.CAROL);

    complete(other, call);

    areAloneWithTheirPbx();
  }

  /** The last rung of a ladder: an extension that answers by itself and is no phone. */
  @Test
  void a_caller_who_waits_for_nobody_is_given_an_announcement() {
    driver()
        .accepted(
            new Command.BlindTransfer(
                DriverMover.id(),
                new CallId(call),
                idOf(call, Voice.BOB),
                new Address("120"),
                ReleaseWhen.ON_ACCEPT));
    isReleased(Voice.BOB);
    driver().await("alice waits", () -> alice().heldByThem() && offered("120").isEmpty());

    driver()
        .accepted(
            new Command.Recall(
                DriverMover.id(), new CallId(call), alice().id(), new Address(ANNOUNCEMENT)));

    driver()
        .await(
            "alice hears it",
            () ->
                alice().state() == ConnectionState.CONNECTED
                    && !alice().heldByThem()
                    && driver()
                        .party(call, ANNOUNCEMENT)
                        .filter(p -> p.state() == ConnectionState.CONNECTED)
                        .isPresent());
    isLeftToThePbx();
    alice.hangUp();
    lab.awaitNothingLeft();
  }

  private Connection alice() {
    return driver().party(call, Voice.ALICE.address()).orElseThrow();
  }

  @Test
  void a_call_that_rings_at_one_phone_is_sent_to_another() {
    alice.hangUp();
    lab.awaitNothingLeft();
    try (var slow = lab.phone(Voice.DAVE, false)) {
      alice.dial(slow.voice().address());
      driver().await("it rings at the phone", () -> offered(Voice.DAVE.address()).isPresent());

      driver()
          .accepted(
              new Command.Redirect(
                  DriverMover.id(),
                  new CallId(offered(Voice.DAVE.address()).orElseThrow().getKey()),
                  offered(Voice.DAVE.address()).orElseThrow().getValue().id(),
                  new Address(Voice.CAROL.address())));

      mover.talking(Voice.ALICE, Voice.CAROL);
      hearEachOther(alice, carol);
      assertThat(lab.channelsOf(Voice.DAVE)).isEmpty();
      alice.hangUp();
      lab.awaitNothingLeft();
    }
  }

  private Optional<Map.Entry<String, Connection>> offered(String address) {
    return driver().recorder().calls().keySet().stream()
        .flatMap(c -> driver().party(c, address).map(p -> Map.entry(c, p)).stream())
        .filter(e -> e.getValue().state() == ConnectionState.OFFERING)
        .findFirst();
  }
}
