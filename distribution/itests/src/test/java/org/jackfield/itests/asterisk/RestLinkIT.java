package org.jackfield.itests.asterisk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jackfield.itests.RunningServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole server loses its PBX, or the PBX dies, under live calls: afterwards the server's
 * picture is the PBX's, and each transfer that was under way has one truthful outcome.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestLinkIT {
  private static final Duration CUT = Duration.ofSeconds(5);
  private static final Duration SOON = Duration.ofSeconds(60);

  private AsteriskLab lab;
  private Relay ari;
  private Relay ami;
  private Phone alice;
  private Phone bob;
  private Phone carol;
  private RunningServer server;
  private RestMover mover;

  @BeforeAll
  void up(@TempDir Path dir) {
    lab = AsteriskLab.start(dir);
    ari = Relay.to(lab.http());
    ami = Relay.to(lab.ami());
    alice = lab.phone(Voice.ALICE);
    bob = lab.phone(Voice.BOB);
    carol = lab.phone(Voice.CAROL);
    var config = new HashMap<>(TransferScenarios.config(lab));
    config.put("ari.url", "http://127.0.0.1:" + ari.port() + "/ari");
    config.put("ami.port", "" + ami.port());
    server = LabServer.start(config);
    mover = new RestMover(server);
  }

  @AfterAll
  void down() {
    server.close();
    ari.close();
    ami.close();
    lab.close();
  }

  @AfterEach
  void clear() {
    mend();
    lab.clear();
    Wait.until("no call is known", SOON, () -> mover.calls() == 0, mover::picture);
  }

  private void cut() {
    ari.cut();
    ami.cut();
    Wait.until("the server says that the link is lost", SOON, () -> !mover.linked());
  }

  private void mend() {
    ari.mend();
    ami.mend();
    Wait.until("the server is connected again", SOON, mover::linked, mover::picture);
  }

  /** The phones that are in calls, as the PBX shows them and as the server does. */
  private void pictureIsThePbxs() {
    Wait.until(
        "the server's picture is the PBX's",
        SOON,
        () -> mover.addresses().equals(phonesInCalls()),
        () -> phonesInCalls() + mover.picture());
  }

  private List<String> phonesInCalls() {
    return lab.channels().stream()
        .filter(c -> !c.isLocal())
        .map(c -> Voice.valueOf(c.endpoint().toUpperCase(java.util.Locale.ROOT)).address())
        .sorted()
        .toList();
  }

  @Test
  void callsChangeWhileTheLinkIsCut() {
    alice.dial(Voice.BOB.address());
    mover.talking(Voice.ALICE, Voice.BOB);

    long start = System.nanoTime();
    cut();
    alice.hangUp();
    lab.awaitNothingLeft();
    carol.dial(Voice.BOB.address());
    Tones.await(Map.of(carol, Set.of(Voice.BOB)));
    Wait.until(
        "the link was cut for 5 s",
        CUT.plusSeconds(30),
        () -> System.nanoTime() - start > CUT.toNanos());
    mend();

    mover.talking(Voice.BOB, Voice.CAROL);
    pictureIsThePbxs();
  }

  @Test
  void aTransferGoesOnAfterACut() {
    try (var slow = lab.phone(Voice.DAVE, false)) {
      alice.dial(Voice.BOB.address());
      var call = mover.talking(Voice.ALICE, Voice.BOB);
      var move = mover.blind(call, Voice.BOB, Voice.DAVE.address(), TransferScenarios.LONG);
      mover.awaitRinging(move);

      cut();
      slow.answer();
      Wait.until(
          "dave has answered",
          SOON,
          () -> lab.channelsOf(Voice.DAVE).stream().anyMatch(c -> c.state().equals("Up")));
      mend();

      assertThat(mover.outcome(move)).isEqualTo("completed");
      Tones.await(Map.of(alice, Set.of(Voice.DAVE), slow, Set.of(Voice.ALICE)));
      pictureIsThePbxs();
    }
  }

  @Test
  void asteriskIsKilledAndStartedAgainUnderATransfer() {
    alice.dial(Voice.BOB.address());
    var call = mover.talking(Voice.ALICE, Voice.BOB);
    var move = mover.consult(call, Voice.BOB, "121", TransferScenarios.LONG);
    mover.awaitRinging(move);

    lab.kill();
    Wait.until("the server says that the link is lost", SOON, () -> !mover.linked());
    lab.startAgain();
    Wait.until("the server is connected again", SOON, mover::linked, mover::picture);

    assertThat(mover.outcome(move))
        .as("alice is gone, and what was started")
        .isEqualTo("abandoned");
    Wait.until("no call is known", SOON, () -> mover.calls() == 0, mover::picture);
    alice.hangUp();
    bob.hangUp();
    carol.dial(Voice.BOB.address());
    mover.talking(Voice.BOB, Voice.CAROL);
    pictureIsThePbxs();
  }
}
