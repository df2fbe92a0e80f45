package org.jackfield.provider.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Reason;
import org.jackfield.pbx.simulated.Control.What;
import org.junit.jupiter.api.Test;

/** What the driver does when the line or the PBX does not behave; under virtual time. */
class SimulatedProviderTest {

  private static final List<String> RINGS =
      List.of("1500 dialtone", "1500 dialing", "1500 proceeding", "6003 offering", "1500 ringback");

  private final Joined joined = new Joined();

  private static ProviderReply now(CompletableFuture<ProviderReply> reply) {
    assertThat(reply).isDone();
    return reply.join();
  }

  @Test
  void factsAreToldOnceAlthoughTheLineRepeatsThem() {
    joined.fault(What.DUPLICATE, null, 3, 0);

    joined.makeCall("a");
    joined.pass(100);

    assertThat(joined.connections()).isEqualTo(RINGS);
  }

  @Test
  void factsAreToldInOrderAlthoughTheLineTurnsThemRound() {
    joined.fault(What.REORDER, null, 2, 0);

    joined.makeCall("a");
    joined.pass(2000);

    assertThat(joined.connections()).isEqualTo(RINGS);
    assertThat(joined.count(ProviderEvent.LinkDown.class)).isZero();
  }

  @Test
  void aCommandThatIsNotAnsweredIsSentAgainAndDoneOnce() {
    joined.fault(What.NO_ANSWER, "makeCall", 1, 0);

    CompletableFuture<ProviderReply> reply = joined.makeCall("a").toCompletableFuture();
    joined.pass(1000);

    assertThat(now(reply)).isEqualTo(ProviderReply.ACCEPTED);
    assertThat(joined.connections()).isEqualTo(RINGS);
    assertThat(joined.witnessedCalls("repeated")).isEqualTo(1);
  }

  @Test
  void aCommandThatWasLostIsSentAgain() {
    joined.fault(What.LOST, "makeCall", 1, 0);

    CompletableFuture<ProviderReply> reply = joined.makeCall("a").toCompletableFuture();
    joined.pass(1000);

    assertThat(now(reply)).isEqualTo(ProviderReply.ACCEPTED);
    assertThat(joined.connections()).isEqualTo(RINGS);
  }

  @Test
  void aPbxThatDoesNotAnswerIsGivenUpAndNothingIsClaimed() {
    joined.fault(What.LOST, "makeCall", 2, 0);

    CompletableFuture<ProviderReply> reply = joined.makeCall("a").toCompletableFuture();
    joined.pass(1900);

    assertThat(reply).isCompletedExceptionally();
    assertThat(joined.count(ProviderEvent.LinkDown.class)).isEqualTo(1);
    joined.pass(1000);
    assertThat(joined.count(ProviderEvent.LinkUp.class)).isEqualTo(2);
  }

  @Test
  void aLostLinkIsToldOnceAndTriedLessAndLessOften() {
    joined.fault(What.DROP_LINK, null, 1, 30_000);

    joined.pass(30_000);
    assertThat(joined.count(ProviderEvent.LinkDown.class)).isEqualTo(1);
    assertThat(joined.attempts).isBetween(6, 12);
    assertThat(now(joined.makeCall("a").toCompletableFuture()))
        .isEqualTo(ProviderReply.Refused.of(Reason.PROVIDER_DOWN, "the PBX is away"));

    joined.pass(5_000);
    assertThat(joined.count(ProviderEvent.LinkUp.class)).isEqualTo(2);
    ProviderEvent.LinkDown down =
        (ProviderEvent.LinkDown)
            joined.facts.stream()
                .filter(ProviderEvent.LinkDown.class::isInstance)
                .findFirst()
                .orElseThrow();
    assertThat(down.cause().code()).isEqualTo(Cause.Code.PROVIDER_LOST);
  }

  @Test
  void aSnapshotThatIsAskedForWithoutALinkComesAfterIt() {
    joined.fault(What.DROP_LINK, null, 1, 1000);
    joined.pass(10);

    joined.provider.requestSnapshot();
    joined.pass(3000);

    assertThat(joined.facts.subList(joined.facts.size() - 2, joined.facts.size()))
        .hasExactlyElementsOfTypes(ProviderEvent.LinkUp.class, ProviderEvent.Snapshot.class);
  }

  @Test
  void aSnapshotHasItsPlaceAmongTheFacts() {
    joined.fault(What.DELAY, null, 1, 300);

    joined.makeCall("a");
    joined.pass(35);
    joined.provider.requestSnapshot();
    joined.pass(1000);

    int snapshot =
        joined.facts.indexOf(
            joined.facts.stream()
                .filter(ProviderEvent.Snapshot.class::isInstance)
                .findFirst()
                .orElseThrow());
    ProviderEvent.Snapshot told = (ProviderEvent.Snapshot) joined.facts.get(snapshot);
    ProviderEvent before = joined.facts.get(snapshot - 1);
    assertThat(told.calls()).hasSize(1);
    assertThat(told.calls().getFirst().connections())
        .contains(((ProviderEvent.ConnectionChanged) before).connection());
  }

  @Test
  void nothingIsLeftAfterTheClose() {
    joined.makeCall("a");
    joined.pass(10);

    joined.provider.close();
    int told = joined.facts.size();
    joined.pass(10_000);

    assertThat(joined.facts).hasSize(told);
    assertThat(joined.time.waiting()).isZero();
    assertThat(joined.pbx.snapshot("x").calls()).as("the call lives on").hasSize(1);
  }

  @Test
  void nothingIsLeftWhenItIsClosedWhileTheLinkIsAway() {
    joined.fault(What.DROP_LINK, null, 1, 60_000);
    joined.pass(1000);

    joined.provider.close();

    joined.pass(5);
    assertThat(joined.time.waiting()).isZero();
  }
}
