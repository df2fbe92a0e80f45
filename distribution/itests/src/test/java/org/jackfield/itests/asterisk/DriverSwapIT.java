package org.jackfield.itests.asterisk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Session;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferStep;
import org.jackfield.provider.asterisk.AsteriskDriver;
import org.junit.jupiter.api.Test;

/**
 * A newer driver takes over from the present one while people talk, and gives back: nobody's voice
 * is touched, and what was half done is completed by the other one.
 */
class DriverSwapIT extends CoreOnLab {
  private void isServedBy(String version) {
    Wait.until(
        "version " + version + " serves",
        SOON,
        () -> {
          var status = core.providers().provider("lab").orElseThrow();
          return status.driverVersion().equals(version) && status.state().text().equals("up");
        },
        () -> core.providers().provider("lab") + picture());
  }

  /** Which channel is in which bridge: as long as that stays, no voice is touched. */
  private Set<String> joined() {
    return lab.channels().stream()
        .map(c -> c.id() + " in " + c.bridge())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private void complete(Transfer transfer) throws Exception {
    var reply =
        core.transfers()
            .step(
                new TransferStep.Complete(
                    new Requester("tester", "core", ""),
                    transfer.id(),
                    OptionalLong.empty(),
                    Optional.empty()))
            .toCompletableFuture()
            .get(60, TimeUnit.SECONDS);
    assertThat(reply).isInstanceOf(TransferReply.Accepted.class);
    var ended = ended(transfer.id());
    assertThat(ended.outcome().orElseThrow().text())
        .as(story(transfer.id()))
        .isEqualTo("completed");
    hearEachOther(alice, carol);
    Wait.until(
        "the call has left the application",
        SOON,
        () -> lab.bridges().stream().noneMatch(b -> b.startsWith("jackfield")),
        () -> lab.bridges() + " " + lab.channels());
  }

  @Test
  void a_consultation_is_carried_over_and_back() throws Exception {
    // given bob has asked carol while alice waits
    alice.dial(Voice.BOB.address());
    Session before = talking(Voice.ALICE, Voice.BOB);
    Transfer first = consult(before, Voice.BOB, Voice.CAROL.address());
    awaitTarget(first.id(), Transfer.TargetState.ANSWERED);
    hearEachOther(bob, carol);
    var joined = joined();
    var newer = new AsteriskDriver();

    // when a newer version comes
    install(newer, "1.1.0");
    isServedBy("1.1.0");

    // then nobody's voice was touched, and it completes what the old one began
    assertThat(joined()).isEqualTo(joined);
    hearEachOther(bob, carol);
    Tones.await(Map.of(alice, Set.of()));
    complete(first);
    Session after = talking(Voice.ALICE, Voice.CAROL);
    assertThat(after.conversation()).isEqualTo(before.conversation());

    // and when, in the next consultation, the newer version is taken away
    Transfer second = consult(after, Voice.CAROL, Voice.BOB.address());
    awaitTarget(second.id(), Transfer.TargetState.ANSWERED);
    hearEachOther(carol, bob);
    joined = joined();
    core.providers().removeDriver(newer).toCompletableFuture().get(60, TimeUnit.SECONDS);
    isServedBy("1.0.0");

    // then the one before goes on
    assertThat(joined()).isEqualTo(joined);
    hearEachOther(carol, bob);
    core.transfers()
        .step(
            new TransferStep.Complete(
                new Requester("tester", "core", ""),
                second.id(),
                OptionalLong.empty(),
                Optional.empty()))
        .toCompletableFuture()
        .get(60, TimeUnit.SECONDS);
    assertThat(ended(second.id()).outcome().orElseThrow().text())
        .as(story(second.id()))
        .isEqualTo("completed");
    hearEachOther(alice, bob);
  }

  /** What rings is told by the new one, and what fails then is undone by it. */
  @Test
  void a_target_that_rings_goes_on_ringing() throws Exception {
    alice.dial(Voice.BOB.address());
    Session before = talking(Voice.ALICE, Voice.BOB);
    Transfer transfer = consult(before, Voice.BOB, "121");
    awaitTarget(transfer.id(), Transfer.TargetState.ALERTING);
    var joined = joined();
    var newer = new AsteriskDriver();

    install(newer, "1.2.0");
    isServedBy("1.2.0");
    assertThat(joined()).isEqualTo(joined);
    core.transfers()
        .step(
            new TransferStep.Cancel(
                new Requester("tester", "core", ""), transfer.id(), OptionalLong.empty()))
        .toCompletableFuture()
        .get(60, TimeUnit.SECONDS);

    assertThat(ended(transfer.id()).outcome().orElseThrow().text())
        .as(story(transfer.id()))
        .isEqualTo("reverted");
    hearEachOther(alice, bob);
    core.providers().removeDriver(newer).toCompletableFuture().get(60, TimeUnit.SECONDS);
    isServedBy("1.0.0");
    hearEachOther(alice, bob);
  }
}
