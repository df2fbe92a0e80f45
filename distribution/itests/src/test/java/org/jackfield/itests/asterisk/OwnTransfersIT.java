package org.jackfield.itests.asterisk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jackfield.api.event.Event;
import org.jackfield.api.event.Position;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionEvent;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * On a real Asterisk, phones and the operator move calls by themselves, and the core with the
 * driver sees it: who talks with whom, in which conversation, and what became of a transfer of ours
 * that they overtook.
 */
class OwnTransfersIT extends CoreOnLab {
  private List<SessionEvent> told(Position since) {
    List<SessionEvent> told = new ArrayList<>();
    for (Event event : core.events().after(since, Integer.MAX_VALUE).orElseThrow()) {
      if (event instanceof Event.OfSession of) {
        told.add(of.event());
      }
    }
    return told;
  }

  @Test
  void aPhonesOwnBlindTransferStaysOneConversation() {
    alice.dial(Voice.BOB.address());
    Session before = talking(Voice.ALICE, Voice.BOB);
    Position since = core.events().latest();

    bob.refer(Voice.CAROL.address());

    Session after = talking(Voice.ALICE, Voice.CAROL);
    hearEachOther(alice, carol);
    assertThat(after.conversation()).isEqualTo(before.conversation());
    assertThat(now(before)).isEqualTo(after.id());
    assertThat(told(since))
        .as("bob is told as gone, carol as come")
        .anyMatch(
            e ->
                e.session().id().equals(after.id())
                    && party(e.session(), Voice.BOB).isEmpty()
                    && party(e.session(), Voice.CAROL).isPresent());
    Wait.until("one call is left", SOON, () -> core.sessions().count() == 1, this::picture);
  }

  private void endsAs(String outcome, TransferId id) {
    var ended = ended(id).outcome().orElseThrow();
    assertThat(ended.text()).as(story(id)).isEqualTo(outcome);
    assertThat(ended.cause().code()).as(story(id)).isEqualTo(Cause.Code.OVERTAKEN);
    assertThat(ended.evidence().verified()).as(story(id)).isTrue();
  }

  @Test
  void aPhoneThatRefersDuringAConsultationLosesNobody() {
    alice.dial(Voice.BOB.address());
    Session before = talking(Voice.ALICE, Voice.BOB);
    Transfer ours = consult(before, Voice.BOB, "121");
    awaitTarget(ours.id(), Transfer.TargetState.ALERTING);

    bob.refer(Voice.CAROL.address());

    endsAs("recalled", ours.id());
    assertThat(talking(Voice.ALICE, Voice.BOB).conversation()).isEqualTo(before.conversation());
    hearEachOther(alice, bob);
  }

  /** The target goes with whom it was sent to, and stays there; who was on hold is brought back. */
  @Test
  void aPhoneThatRefersTheTargetOfAConsultationLosesNobody() {
    try (var dave = lab.phone(Voice.DAVE)) {
      alice.dial(Voice.BOB.address());
      Session before = talking(Voice.ALICE, Voice.BOB);
      Transfer ours = consult(before, Voice.BOB, Voice.CAROL.address());
      awaitTarget(ours.id(), Transfer.TargetState.ANSWERED);

      bob.refer(Voice.DAVE.address());

      endsAs("recalled", ours.id());
      Session sent = talking(Voice.CAROL, Voice.DAVE);
      Session back = talking(Voice.ALICE, Voice.BOB);
      hearEachOther(carol, dave);
      hearEachOther(alice, bob);
      assertThat(back.conversation()).isEqualTo(before.conversation());
      assertThat(sent.conversation()).isEqualTo(before.conversation());
    }
  }

  /** The operator sends the one on hold to another phone, while the target talks or still rings. */
  @ParameterizedTest(name = "the target {0} is {1}")
  @CsvSource({"103, ANSWERED", "121, ALERTING"})
  void theOperatorTakesTheHeldPartyAway(String target, Transfer.TargetState state) {
    try (var dave = lab.phone(Voice.DAVE)) {
      alice.dial(Voice.BOB.address());
      Session before = talking(Voice.ALICE, Voice.BOB);
      Transfer ours = consult(before, Voice.BOB, target);
      awaitTarget(ours.id(), state);

      redirect(Voice.ALICE, Voice.DAVE);

      endsAs("abandoned", ours.id());
      Session sent = talking(Voice.ALICE, Voice.DAVE);
      hearEachOther(alice, dave);
      assertThat(sent.conversation()).isEqualTo(before.conversation());
      if (state == Transfer.TargetState.ANSWERED) {
        talking(Voice.BOB, Voice.CAROL);
        hearEachOther(bob, carol);
      } else {
        Wait.until(
            "nothing rings for nobody", SOON, () -> lab.channels().size() == 2, this::picture);
      }
    }
  }

  /** The transferor is sent away: its consultation is over, and nobody is left on hold. */
  @Test
  void theOperatorTakesTheTransferorAwayWhileItHolds() {
    try (var dave = lab.phone(Voice.DAVE)) {
      alice.dial(Voice.BOB.address());
      Session before = talking(Voice.ALICE, Voice.BOB);
      Transfer ours = consult(before, Voice.BOB, Voice.CAROL.address());
      awaitTarget(ours.id(), Transfer.TargetState.ANSWERED);

      redirect(Voice.BOB, Voice.DAVE);

      var outcome = ended(ours.id()).outcome().orElseThrow();
      assertThat(outcome.text()).as(story(ours.id())).isEqualTo("completed");
      assertThat(outcome.evidence().verified()).isTrue();
      talking(Voice.BOB, Voice.DAVE);
      talking(Voice.ALICE, Voice.CAROL);
      hearEachOther(bob, dave);
      hearEachOther(alice, carol);
    }
  }

  private void redirect(Voice who, Voice to) {
    String answer =
        ami(
            "Redirect",
            "Channel",
            lab.channelsOf(who).getFirst().name(),
            "Context",
            AsteriskLab.CONTEXT,
            "Exten",
            to.address(),
            "Priority",
            "1");
    assertThat(answer).contains("Redirect successful");
  }

  @Test
  void theOperatorJoinsTwoCalls() {
    try (var dave = lab.phone(Voice.DAVE)) {
      alice.dial(Voice.BOB.address());
      Session older = talking(Voice.ALICE, Voice.BOB);
      carol.dial(Voice.DAVE.address());
      Session younger = talking(Voice.CAROL, Voice.DAVE);
      Position since = core.events().latest();

      String answer =
          ami(
              "Bridge",
              "Channel1",
              lab.channelsOf(Voice.ALICE).getFirst().name(),
              "Channel2",
              lab.channelsOf(Voice.CAROL).getFirst().name());
      assertThat(answer).contains("Channels have been bridged");

      Session joined = talking(Voice.ALICE, Voice.CAROL);
      hearEachOther(alice, carol);
      assertThat(joined.conversation()).isEqualTo(older.conversation());
      Wait.until(
          "both have become one",
          SOON,
          () -> now(older).equals(joined.id()) && now(younger).equals(joined.id()),
          this::picture);
      assertThat(told(since))
          .anyMatch(e -> e instanceof SessionEvent.Merged m && m.into().equals(joined.id()));
    }
  }

  /** Asks Asterisk's manager for something, as an operator's desk does. */
  private String ami(String action, String... fields) {
    var text =
        new StringBuilder(
            "Action: Login\r\nUsername: jackfield\r\nSecret: ami-secret\r\nEvents: off\r\n\r\n");
    text.append("Action: ").append(action).append("\r\nActionID: desk\r\n");
    for (int i = 0; i < fields.length; i += 2) {
      text.append(fields[i]).append(": ").append(fields[i + 1]).append("\r\n");
    }
    text.append("\r\nAction: Logoff\r\n\r\n");
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), lab.ami())) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(text.toString().getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new AssertionError(action + " cannot be asked", e);
    }
  }
}
