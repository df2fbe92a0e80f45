package org.jackfield.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jackfield.core.FakeDriver.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.CallSnapshot;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.core.FakeDriver;
import org.junit.jupiter.api.Test;

/**
 * Two links of one lane: each serves its share of the calls; or one is asked for the picture with
 * which it takes over, and the other one's is held against it.
 */
class SessionLaneSharesTest extends LaneAndLinks {
  private static final CallId SECOND = new CallId("c2");
  private static final Connection CAROL = connection("carol", ConnectionState.CONNECTED);
  private static final Command OF_SECOND = new Command.ClearAll(new CommandId(8), SECOND);

  private final List<ProviderLink.CommandResult> back = new ArrayList<>();

  /** The first link has its call; what is new is the second one's. Both were asked for pictures. */
  private void shared() {
    live();
    on(() -> lane.share(other, 100));
  }

  /** And each has told its picture; there is a call of carol, which is the second one's. */
  private void sharedWithOneCallEach() {
    shared();
    picture(link, ALICE, BOB);
    picture(other, ALICE, BOB);
    second(other, CAROL);
    told.clear();
  }

  private void second(Link by, Connection connection) {
    lane.fact(by, new ProviderEvent.ConnectionChanged(SECOND, connection));
    time.settle();
  }

  private void end() {
    on(() -> lane.shareNoMore(() -> told.add("shared no more")));
  }

  private boolean isMissing(Connection party, Connection... inThePicture) {
    List<CallSnapshot> calls = List.of(new CallSnapshot(CALL, List.of(inThePicture)));
    return lane.missingIn(new ProviderEvent.Snapshot(calls))
        .contains(new Seen.Presence(CALL, party.id()));
  }

  @Test
  void bothAreAskedForTheirPicturesAndOneAloneAnswersNobody() {
    shared();

    assertThat(link.snapshots).isEqualTo(2);
    assertThat(other.snapshots).isEqualTo(1);
    picture(link, ALICE, BOB);
    assertThat(heard()).containsExactly("opener: picture by first");
    picture(other, ALICE, BOB);
    assertThat(heard()).containsExactly("opener: picture by second", "picture for ticket 2");
    picture(other, ALICE, BOB);
    assertThat(heard()).as("nobody has asked").containsExactly("opener: picture by second");
  }

  @Test
  void eachIsHeardAndAskedOfItsOwnCallsOnly() {
    shared();
    told.clear();

    // when
    second(link, CAROL);
    assertThat(heard()).as("it is not the first one's").isEmpty();
    second(other, CAROL);
    lane.fact(other, new ProviderEvent.ConnectionChanged(CALL, ALICE.in(ConnectionState.ON_HOLD)));
    on(() -> lane.send(OF_SECOND, back::add));
    on(() -> lane.send(COMMAND, back::add));
    on(() -> lane.ask(OF_SECOND, fate -> {}));

    // then
    assertThat(heard()).containsExactly("carol connected");
    assertThat(other.sent).containsExactly(OF_SECOND);
    assertThat(other.asked).containsExactly(OF_SECOND);
    assertThat(link.sent).containsExactly(COMMAND);
    assertThat(link.asked).isEmpty();
    assertThat(back).hasSize(2);
    assertThat(lane.progress())
        .hasValueSatisfying(
            p -> {
              assertThat(p.commands()).isEqualTo(1);
              assertThat(p.failed()).isZero();
              assertThat(p.newer()).isEqualTo(1);
              assertThat(p.older()).isEqualTo(1);
            });

    // and a picture is only of the calls of who tells it
    picture(link, ALICE, BOB);
    assertThat(heard()).containsExactly("opener: picture by first");
    assertThat(lane.calls().find(SECOND)).isPresent();
  }

  @Test
  void aNewShareIsForWhatIsNewAndMovesNoCall() {
    sharedWithOneCallEach();

    on(() -> lane.share(other, 0));
    second(other, CAROL.in(ConnectionState.ON_HOLD));

    assertThat(heard()).containsExactly("carol onHold");
    assertThat(lane.progress()).hasValueSatisfying(p -> assertThat(p.percent()).isZero());
  }

  @Test
  void withoutALinkThereIsNothingToShare() {
    on(() -> lane.share(other, 50));

    assertThat(lane.progress()).isEmpty();
    assertThat(other.snapshots).isZero();
  }

  @Test
  void aCallThatIsJoinedWithOneOfTheOtherLinkFollowsItAndIsAskedFor() {
    sharedWithOneCallEach();
    int pictures = link.snapshots;

    on(() -> lane.send(OF_SECOND, back::add));
    assertThat(link.snapshots).as("nothing is joined").isEqualTo(pictures);
    on(
        () ->
            lane.send(
                new Command.Complete(new CommandId(9), CALL, SECOND, BOB.id(), CompleteAs.TRANSFER),
                back::add));

    assertThat(link.sent).hasSize(1);
    assertThat(link.snapshots).isEqualTo(pictures + 1);
    second(link, CAROL.in(ConnectionState.ON_HOLD));
    assertThat(heard()).containsExactly("carol onHold");
  }

  @Test
  void theFirstServesAllCallsAgainByItsNextPicture() {
    sharedWithOneCallEach();
    on(lane::holdBack);
    on(() -> lane.send(COMMAND, back::add));

    // when
    end();
    picture(other);
    assertThat(heard()).as("it is the first one's picture that counts").isEmpty();
    picture(link, ALICE, BOB);

    // then
    assertThat(heard())
        .containsSubsequence("carol disconnected", "c2 ended, unknown", "shared no more");
    assertThat(lane.progress()).isEmpty();
    assertThat(lane.calls().find(CALL)).isPresent();
    assertThat(link.sent).as("what was held back goes on").containsExactly(COMMAND);

    // and it has ended once
    on(() -> lane.share(other, 100));
    time.pass(Duration.ofMinutes(1));
    assertThat(heard()).doesNotContain("shared no more");
    assertThat(lane.progress()).isPresent();
  }

  @Test
  void aPictureThatOnlyTheOtherLinkStillOwesIsNotWaitedFor() {
    shared();
    picture(link, ALICE, BOB);

    end();

    assertThat(link.snapshots).as("asked anew, at once").isEqualTo(3);
    assertThat(other.snapshots).isEqualTo(1);
    picture(link, ALICE, BOB);
    assertThat(heard()).contains("shared no more", "picture for ticket 3");
  }

  @Test
  void aPictureThatWasOnItsWayDoesNotEndTheSharing() {
    shared();

    end();
    assertThat(link.snapshots).isEqualTo(2);
    picture(link, ALICE, BOB);
    assertThat(heard()).doesNotContain("shared no more");
    assertThat(link.snapshots).isEqualTo(3);
    picture(link, ALICE, BOB);

    assertThat(heard()).contains("shared no more");
  }

  @Test
  void theSharingEndsWithoutAPictureWhenNoneComes() {
    sharedWithOneCallEach();

    end();
    time.pass(Duration.ofSeconds(4));
    assertThat(heard()).doesNotContain("shared no more");
    time.pass(Duration.ofSeconds(2));

    assertThat(heard()).contains("shared no more");
    assertThat(lane.progress()).isEmpty();
  }

  @Test
  void theSharingEndsAtOnceWithoutALinkAndWhatWasHeldBackGoesOn() {
    sharedWithOneCallEach();
    lane.fact(link, new ProviderEvent.LinkDown(LOST));
    on(lane::holdBack);
    on(() -> lane.send(COMMAND, back::add));

    end();

    assertThat(heard()).contains("shared no more");
    assertThat(lane.progress()).isEmpty();
    assertThat(back).hasSize(1);
  }

  @Test
  void whatIsNotSharedIsSharedNoMoreAtOnceAndWhatWasHeldBackGoesOn() {
    live();
    on(lane::holdBack);
    on(() -> lane.send(COMMAND, back::add));

    end();

    assertThat(heard()).containsExactly("shared no more");
    assertThat(link.sent).containsExactly(COMMAND);
  }

  @Test
  void whoWaitsForTheEndOfTheSharingIsToldWhenNobodyHasThePbxAnyMore() {
    sharedWithOneCallEach();
    end();

    on(() -> lane.detach(LOST));

    assertThat(heard()).contains("shared no more");
    assertThat(lane.progress()).isEmpty();
  }

  @Test
  void whoWaitsForTheEndOfTheSharingIsToldWhenAnotherLinkHasThePbx() {
    sharedWithOneCallEach();
    end();

    on(() -> lane.attach(other));

    assertThat(heard()).contains("shared no more");
    assertThat(lane.progress()).isEmpty();
  }

  @Test
  void anotherOnesPictureIsHeldAgainstWhatThePresentLinkSees() {
    live();
    assertThat(isMissing(ALICE, BOB)).as("nothing is compared yet").isFalse();

    // when
    on(() -> lane.awaitOther(true));
    lane.fact(
        other, new ProviderEvent.ConnectionChanged(CALL, ALICE.in(ConnectionState.DISCONNECTED)));
    time.settle();

    // then
    assertThat(isMissing(ALICE, BOB)).as("the other one is no witness").isTrue();
    assertThat(isMissing(ALICE, ALICE, BOB)).isFalse();
    fact(ALICE.in(ConnectionState.DISCONNECTED));
    assertThat(isMissing(ALICE, BOB)).as("the present one has told it too").isFalse();

    // and where nothing is to be compared nobody is missing
    on(() -> lane.awaitOther(false));
    assertThat(isMissing(BOB, ALICE)).isFalse();

    // and it may be asked again
    int pictures = link.snapshots;
    on(lane::lookAgain);
    assertThat(link.snapshots).isEqualTo(pictures + 1);
  }

  @Test
  void aLinkThatIsDownIsNoWitness() {
    live();
    on(() -> lane.awaitOther(true));

    // when
    lane.fact(link, new ProviderEvent.LinkDown(LOST));
    on(lane::lookAgain);

    // then
    assertThat(isMissing(ALICE, BOB)).isFalse();
    assertThat(link.snapshots).isEqualTo(1);

    // and it is not heard before the other one has taken over, or has not
    lane.fact(link, new ProviderEvent.LinkUp(FakeDriver.ALL, Map.of()));
    time.settle();
    told.clear();
    picture(link, ALICE, BOB);
    assertThat(heard()).isEmpty();

    // and what is compared from then on has no witness either
    on(() -> lane.awaitOther(true));
    assertThat(isMissing(ALICE, BOB)).isFalse();
  }

  @Test
  void aLinkThatWasDownWhileNobodyElseWasAwaitedIsHeardAgain() {
    live();
    lane.fact(link, new ProviderEvent.LinkDown(LOST));
    lane.fact(link, new ProviderEvent.LinkUp(FakeDriver.ALL, Map.of()));
    time.settle();
    picture(link, ALICE, BOB);
    told.clear();

    fact(ALICE.in(ConnectionState.ON_HOLD));

    assertThat(heard()).containsExactly("alice onHold");
  }
}
