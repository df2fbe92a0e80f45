package org.jackfield.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jackfield.core.FakeDriver.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.provider.AddressInfo;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.CallSnapshot;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandFate;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Refusal;
import org.jackfield.api.session.SessionId;
import org.jackfield.core.FakeDriver;
import org.junit.jupiter.api.Test;

/** A lane and the link by which its PBX is opened: what it hears, asks, sends and tells. */
class SessionLaneLinkTest extends LaneAndLinks {
  @Test
  void aLinkThatComesUpIsAskedForItsPictureAndOnlyThenIsItsCallsKnown() {
    // when
    opened();

    // then
    assertThat(heard()).containsExactly("opener: up by first", "link up");
    assertThat(lane.isUp()).isTrue();
    assertThat(lane.calls().may()).isEqualTo(FakeDriver.ALL);
    assertThat(link.snapshots).isEqualTo(1);
    assertThat(lane.isPictured()).isFalse();

    // and what is told before the picture is in it
    fact(ALICE);
    assertThat(heard()).isEmpty();
    picture(link, ALICE);
    assertThat(heard())
        .containsExactly("alice connected", "opener: picture by first", "picture for ticket 1");
    assertThat(lane.isPictured()).isTrue();
    fact(BOB);
    assertThat(heard()).containsExactly("bob offering");
    assertThat(lane.calls().find(CALL)).hasValueSatisfying(s -> assertThat(s.isOver()).isFalse());
    assertThat(index.live(lane.calls().find(CALL).orElseThrow().id()))
        .hasValueSatisfying(s -> assertThat(s.isPublished()).isTrue());
  }

  @Test
  void aLinkThatGoesDownIsToldOnceAndTheCallsStayAsLastKnown() {
    // given
    live();

    // when
    lane.fact(link, new ProviderEvent.LinkDown(LOST));
    lane.fact(link, new ProviderEvent.LinkDown(LOST));

    // then
    assertThat(heard())
        .containsExactly("opener: down by first, providerLost", "link lost, providerLost");
    assertThat(lane.isUp()).isFalse();
    assertThat(lane.isPictured()).isFalse();
    assertThat(lane.calls().find(CALL)).isPresent();
    fact(connection("carol", ConnectionState.CONNECTED));
    assertThat(heard()).as("what is known is old").isEmpty();
  }

  @Test
  void whatThePictureDoesNotHaveIsOverForACauseThatNobodyKnows() {
    live();

    picture(link);

    assertThat(heard())
        .containsExactly(
            "alice disconnected",
            "bob disconnected",
            "c1 ended, unknown",
            "opener: picture by first");
    assertThat(lane.isEmpty()).isTrue();

    // and a call that was only presumed to be over lives when the PBX tells of it again
    fact(ALICE);
    assertThat(heard()).containsExactly("alice connected");
    assertThat(lane.isEmpty()).isFalse();
  }

  @Test
  void factsOfALinkThatDoesNotHaveThePbxAreNotListenedTo() {
    live();

    lane.fact(other, new ProviderEvent.LinkDown(LOST));
    lane.fact(other, new ProviderEvent.ConnectionChanged(CALL, ALICE.in(ConnectionState.ON_HOLD)));

    assertThat(heard()).isEmpty();
    assertThat(lane.isUp()).isTrue();
  }

  @Test
  void whatElseADriverTellsGoesToWhoeverItConcerns() {
    live();
    CallId second = new CallId("c2");
    Capabilities nothing = Capabilities.NONE;

    lane.fact(link, new ProviderEvent.CommandFailed(new CommandId(9), LOST));
    lane.fact(
        link,
        new ProviderEvent.AddressChanged(
            new AddressInfo(
                new Address("bob"), "Bob", AddressInfo.State.FREE, Optional.of(nothing))));
    assertThat(heard()).containsExactly("command 9 failed, providerLost", "opener: address bob");
    assertThat(lane.calls().may(new Address("bob")).operationSet()).isEmpty();
    assertThat(lane.calls().may(new Address("alice"))).isEqualTo(FakeDriver.ALL);

    lane.fact(link, new ProviderEvent.CallBranched(CALL, second, true));
    lane.fact(
        link,
        new ProviderEvent.ConnectionChanged(
            second, connection("carol", ConnectionState.CONNECTED)));
    time.settle();
    assertThat(lane.calls().find(second).orElseThrow().conversation())
        .as("a call that came out of another is of its conversation")
        .isEqualTo(lane.calls().find(CALL).orElseThrow().conversation());
    told.clear();

    lane.fact(link, new ProviderEvent.CallsMerged(second, CALL));
    assertThat(heard()).containsExactly("c2 merged into c1");
    assertThat(lane.calls().find(CALL).orElseThrow().connections()).hasSize(3);
  }

  @Test
  void aPictureThatWasOnItsWayDoesNotAnswerWhoAsksLater() {
    // given
    opened();
    List<Long> tickets = new ArrayList<>();

    // when somebody asks twice while the first picture is on its way
    on(() -> tickets.add(lane.askForSnapshot()));
    on(() -> tickets.add(lane.askForSnapshot()));
    assertThat(tickets).containsExactly(2L, 2L);
    assertThat(link.snapshots).isEqualTo(1);
    told.clear();
    picture(link, ALICE);

    // then it answers the first question, and one more is asked for the two
    assertThat(heard())
        .containsExactly("alice connected", "opener: picture by first", "picture for ticket 1");
    assertThat(link.snapshots).isEqualTo(2);
    picture(link, ALICE);
    assertThat(heard()).containsExactly("opener: picture by first", "picture for ticket 2");
    assertThat(link.snapshots).isEqualTo(2);

    // and the next question gets a picture of its own
    on(() -> tickets.add(lane.askForSnapshot()));
    assertThat(tickets).containsExactly(2L, 2L, 3L);
    assertThat(link.snapshots).isEqualTo(3);
    picture(link, ALICE);
    assertThat(heard()).containsExactly("opener: picture by first", "picture for ticket 3");
  }

  @Test
  void aPictureThatNobodyAskedForIsTakenInAndAnswersNobody() {
    live();

    picture(link, ALICE);

    assertThat(heard()).containsExactly("bob disconnected", "opener: picture by first");
  }

  @Test
  void aPictureThatDoesNotComeIsAskedForAgain() {
    // given
    opened();
    assertThat(link.snapshots).isEqualTo(1);

    // when
    time.pass(Duration.ofSeconds(4));
    assertThat(link.snapshots).as("it has its time").isEqualTo(1);
    time.pass(Duration.ofSeconds(2));

    // then
    assertThat(link.snapshots).isEqualTo(2);
    time.pass(Duration.ofSeconds(5));
    assertThat(link.snapshots).isEqualTo(3);

    // and when it has come, no more
    picture(link, ALICE);
    time.pass(Duration.ofSeconds(30));
    assertThat(link.snapshots).isEqualTo(3);
    assertThat(time.timers()).isZero();
  }

  @Test
  void whoAsksWhenThePictureIsOverdueHasItAskedForAnew() {
    // given: the lane's own time has stood still
    opened();
    List<Long> tickets = new ArrayList<>();
    on(() -> lane.detach(LOST));
    on(() -> lane.attach(link));
    on(() -> tickets.add(lane.askForSnapshot()));
    assertThat(link.snapshots).as("there is no link to ask").isEqualTo(1);

    // when
    lane.fact(link, new ProviderEvent.LinkUp(FakeDriver.ALL, Map.of()));
    time.settle();

    // then
    assertThat(link.snapshots).isEqualTo(2);
    told.clear();
    picture(link);
    assertThat(heard()).containsExactly("opener: picture by first", "picture for ticket 3");
  }

  @Test
  void aCommandGoesByTheLinkAndWhatBecameOfItComesBackOnTheLane() {
    // given
    live();
    List<String> back = new ArrayList<>();

    // when
    on(() -> lane.send(COMMAND, result -> back.add(result.toString())));
    on(() -> lane.ask(COMMAND, fate -> back.add(fate.toString())));

    // then
    assertThat(link.sent).containsExactly(COMMAND);
    assertThat(back)
        .containsExactly(
            new ProviderLink.CommandResult.Replied(ProviderReply.ACCEPTED).toString(),
            CommandFate.NEVER_GIVEN.toString());
  }

  @Test
  void whatIsHeldBackIsAskedInItsOrderOfTheLinkThatTakesOver() {
    // given
    live();
    List<String> back = new ArrayList<>();
    Command second = new Command.ClearAll(new CommandId(8), CALL);

    // when
    on(lane::holdBack);
    on(() -> lane.send(COMMAND, result -> back.add("first")));
    on(lane::holdBack);
    on(() -> lane.send(second, result -> back.add("second")));
    on(() -> lane.ask(COMMAND, fate -> back.add("its fate")));
    assertThat(link.sent).isEmpty();
    assertThat(back).isEmpty();
    on(
        () ->
            lane.takeOver(
                other,
                new ProviderEvent.LinkUp(FakeDriver.ALL, Map.of()),
                new ProviderEvent.Snapshot(List.of(new CallSnapshot(CALL, List.of(ALICE, BOB))))));

    // then
    assertThat(link.sent).isEmpty();
    assertThat(other.sent).containsExactly(COMMAND, second);
    assertThat(back).containsExactly("first", "second", "its fate");
    on(() -> lane.send(COMMAND, result -> back.add("at once")));
    assertThat(back).endsWith("at once");
  }

  /** What it tells of calls is in the other one's picture; the rest nobody else tells. */
  @Test
  void whileAnotherLinksPictureIsAwaitedThePresentOneIsNotHeardOfCalls() {
    // given
    live();
    CallId elsewhere = new CallId("c2");
    AddressInfo free = new AddressInfo(new Address("1001"), "Ada", AddressInfo.State.FREE);

    // when
    on(() -> lane.awaitOther(true));
    fact(connection("bob", ConnectionState.CONNECTED));
    lane.fact(link, new ProviderEvent.CallsMerged(CALL, elsewhere));
    lane.fact(link, new ProviderEvent.CallBranched(CALL, elsewhere, true));
    picture(link, ALICE);

    // then
    assertThat(heard()).isEmpty();
    lane.fact(link, new ProviderEvent.CommandFailed(COMMAND.id(), LOST));
    assertThat(heard()).containsExactly("command 7 failed, providerLost");
    lane.fact(link, new ProviderEvent.AddressChanged(free));
    assertThat(heard()).containsExactly("opener: address 1001");
    lane.fact(link, new ProviderEvent.LinkDown(LOST));
    assertThat(heard()).contains("opener: down by first, providerLost");
    lane.fact(link, new ProviderEvent.LinkUp(FakeDriver.ALL, Map.of()));
    assertThat(heard()).contains("opener: up by first");

    // and if it keeps the PBX it is asked how things are
    int asked = link.snapshots;
    on(lane::keep);
    assertThat(link.snapshots).isEqualTo(asked + 1);
    picture(link, ALICE, connection("bob", ConnectionState.CONNECTED));
    assertThat(heard()).contains("bob connected");
  }

  @Test
  void aDriverThatIsUnwellTakesNoNewWorkUnlessAnotherOneIsAboutToTakeOver() {
    // given
    assertThat(lane.unwell()).isEmpty();
    live();
    assertThat(lane.unwell()).isEmpty();

    // when
    link.unwell = Optional.of("it hangs");

    // then
    assertThat(lane.unwell())
        .hasValueSatisfying(
            no -> {
              assertThat(no.reason()).isEqualTo(Reason.PROVIDER_DOWN);
              assertThat(no.detail()).contains("pbx").endsWith("it hangs");
            });
    on(lane::holdBack);
    assertThat(lane.unwell()).isEmpty();
  }

  @Test
  void whatIsHeldBackGoesOnWhereNobodyTakesOver() {
    // given
    live();
    List<ProviderLink.CommandResult> back = new ArrayList<>();

    // when the same link keeps the PBX
    on(lane::holdBack);
    on(() -> lane.send(COMMAND, back::add));
    on(lane::keep);

    // then
    assertThat(link.sent).containsExactly(COMMAND);
    assertThat(back).hasSize(1);

    // and when nobody has it any more
    on(lane::holdBack);
    on(() -> lane.send(COMMAND, back::add));
    on(() -> lane.detach(LOST));
    assertThat(link.sent).hasSize(1);
    assertThat(back)
        .hasSize(2)
        .last()
        .isInstanceOfSatisfying(
            ProviderLink.CommandResult.Replied.class,
            no -> assertThat(no.reply()).isInstanceOf(ProviderReply.Refused.class));
  }

  @Test
  void withoutALinkACommandIsRefusedAndNobodyCanTellAFate() {
    // given
    List<ProviderLink.CommandResult> back = new ArrayList<>();
    List<CommandFate> fates = new ArrayList<>();

    // when: nobody has opened it
    on(() -> lane.send(COMMAND, back::add));
    on(() -> lane.ask(COMMAND, fates::add));

    // and: it is open, but its link is down
    live();
    lane.fact(link, new ProviderEvent.LinkDown(LOST));
    on(() -> lane.send(COMMAND, back::add));
    on(() -> lane.ask(COMMAND, fates::add));

    // then
    assertThat(link.sent).isEmpty();
    assertThat(back)
        .hasSize(2)
        .allSatisfy(
            result ->
                assertThat(((ProviderLink.CommandResult.Replied) result).reply())
                    .isInstanceOfSatisfying(
                        ProviderReply.Refused.class,
                        no -> assertThat(no.reason()).isEqualTo(Reason.PROVIDER_DOWN)));
    assertThat(fates).containsExactly(CommandFate.UNKNOWN, CommandFate.UNKNOWN);
  }

  @Test
  void nobodyHasThePbxOpenAnyMore() {
    live();

    on(() -> lane.detach(LOST));
    on(() -> lane.detach(LOST));

    assertThat(heard())
        .containsExactly("opener: down by first, providerLost", "link lost, providerLost");
    assertThat(lane.isUp()).isFalse();
    assertThat(lane.calls().find(CALL)).as("as last known").isPresent();
    fact(BOB.in(ConnectionState.CONNECTED));
    assertThat(heard()).isEmpty();
  }

  @Test
  void anotherLinkTakesOverWithThePictureAsItSeesIt() {
    // given
    live();

    // when
    Capabilities less = Capabilities.NONE;
    on(
        () ->
            lane.takeOver(
                other,
                new ProviderEvent.LinkUp(less, Map.of()),
                new ProviderEvent.Snapshot(List.of(new CallSnapshot(CALL, List.of(ALICE))))));

    // then
    assertThat(heard())
        .containsExactly(
            "opener: up by second", "bob disconnected", "opener: picture by second", "link up");
    assertThat(lane.calls().may()).isEqualTo(less);
    assertThat(lane.isUp()).isTrue();
    assertThat(lane.isPictured()).isTrue();
    assertThat(other.snapshots).as("its picture may be older than the last question").isEqualTo(1);

    // and the one before is not listened to any more
    fact(BOB);
    assertThat(heard()).isEmpty();
    picture(other, ALICE);
    assertThat(heard()).containsExactly("opener: picture by second", "picture for ticket 2");
  }

  @Test
  void aLinkThatIsAttachedStartsWithoutWhatWasAskedOfTheOneBefore() {
    // given: two questions are open
    opened();
    on(lane::askForSnapshot);

    // when
    on(() -> lane.attach(other));

    // then
    assertThat(lane.isPictured()).isFalse();
    lane.fact(other, new ProviderEvent.LinkUp(FakeDriver.ALL, Map.of()));
    time.settle();
    assertThat(other.snapshots).isEqualTo(1);
    picture(other, ALICE);
    assertThat(other.snapshots).as("one picture answers all").isEqualTo(1);
  }

  @Test
  void whatNobodyCanTellOfIsEnded() {
    live();

    on(() -> lane.endAll(LOST));

    assertThat(heard()).containsExactly("given up", "c1 ended, providerLost");
    assertThat(lane.calls().find(CALL)).isEmpty();
    assertThat(index.count()).isZero();

    // and it lives when the PBX tells of it again
    fact(ALICE);
    assertThat(heard()).containsExactly("alice connected");
  }

  @Test
  void whoDrainsIsToldOnceWhenTheLastCallIsOver() {
    // given
    live();
    List<String> done = new ArrayList<>();

    // when
    on(() -> lane.draining().because("it goes"));
    on(() -> lane.draining().whenEmpty(() -> done.add("empty")));

    // then
    assertThat(lane.draining().refusal()).contains(new Refusal(Reason.DRAINING, "it goes"));
    assertThat(done).isEmpty();
    picture(link);
    assertThat(done).containsExactly("empty");
    picture(link);
    assertThat(done).containsExactly("empty");
    on(() -> lane.draining().because(""));
    assertThat(lane.draining().refusal()).isEmpty();
  }

  @Test
  void eachThingIsSettledBeforeTheNext() {
    // given
    live();
    settled.clear();

    // when
    fact(BOB.in(ConnectionState.CONNECTED));
    assertThat(settled).containsExactly(1);
    on(() -> told.add("signal"));
    assertThat(settled).containsExactly(1, 2);

    // then: of a picture, before the opener is told that it was taken
    told.clear();
    settled.clear();
    picture(link, ALICE);
    assertThat(told).containsExactly("bob disconnected", "opener: picture by first");
    assertThat(settled).containsExactly(1, 2);
    settled.clear();
    on(() -> lane.detach(LOST));
    assertThat(settled).hasSize(1);
  }

  @Test
  void aCallThatIsToldToBeOverDoesNotLiveAgainByWhatComesLate() {
    // given
    live();
    fact(ALICE.left(Cause.NORMAL));
    fact(BOB.left(Cause.NORMAL));
    assertThat(heard())
        .containsExactly("alice disconnected", "bob disconnected", "c1 ended, normal");

    // when: an old picture has it still, and so has an old fact
    picture(link, ALICE);
    fact(ALICE);

    // then
    assertThat(heard()).containsExactly("opener: picture by first");
    assertThat(lane.isEmpty()).isTrue();
  }

  @Test
  void thereIsOneWriterAndWithoutWorkNone() {
    // given
    time.settle();

    // when
    lane.post(() -> {});
    lane.post(() -> {});
    lane.fact(link, new ProviderEvent.LinkDown(LOST));
    assertThat(lane.request(Optional.empty(), () -> {})).isTrue();

    // then
    assertThat(time.ready()).isEqualTo(1);
    time.settle();
    assertThat(time.ready()).isZero();
  }

  @Test
  void timeRunsOnTheLane() {
    // given
    List<String> done = new ArrayList<>();
    lane.after(Duration.ofSeconds(3), () -> done.add("late"));
    lane.after(Duration.ofSeconds(3), () -> done.add("cancelled")).cancel();

    // then
    time.pass(Duration.ofSeconds(2));
    assertThat(done).isEmpty();
    time.pass(Duration.ofSeconds(2));
    assertThat(done).containsExactly("late");
  }

  @Test
  void requestsAndFactsTakeTurns() {
    // given: much of both
    List<Integer> order = new ArrayList<>();
    IntStream.range(0, 1_000).forEach(i -> lane.post(() -> order.add(i)));
    for (int i = 0; i < 200; i++) {
      int number = 10_000 + i;
      assertThat(lane.request(Optional.of(new SessionId(number)), () -> order.add(number)))
          .isTrue();
    }

    // when
    time.settle();

    // then
    assertThat(order).hasSize(1_200).doesNotHaveDuplicates();
    assertThat(order.indexOf(10_000)).as("requests do not wait for all facts").isLessThan(500);
    assertThat(order.indexOf(500)).as("facts do not wait for all requests").isLessThan(1_000);
    assertThat(order.indexOf(500)).isLessThan(order.indexOf(10_199));
    assertThat(order.stream().filter(n -> n < 10_000)).isSorted();
    assertThat(order.stream().filter(n -> n >= 10_000)).isSorted();
  }

  @Test
  void aDriverThatTellsMoreThanCanBeHeardIsToldSoAndAskedForItsPicture() {
    // given
    live();
    int asked = link.snapshots;

    // when nothing is heard meanwhile
    for (int i = 0; i <= Inbox.FACTS; i++) {
      lane.fact(link, new ProviderEvent.ConnectionChanged(CALL, BOB));
    }
    assertThat(link.floods).isZero();
    time.settle();

    // then
    assertThat(link.floods).isEqualTo(1);
    assertThat(link.snapshots).isEqualTo(asked + 1);
  }

  @Test
  void aRequestThatIsNotTakenOnIsNotRun() {
    // given
    SessionId one = new SessionId(1);
    List<Integer> done = new ArrayList<>();
    for (int i = 0; i < Inbox.REQUESTS_OF_ONE_SESSION; i++) {
      assertThat(lane.request(Optional.of(one), () -> done.add(1))).isTrue();
    }
    assertThat(lane.isEmpty()).isFalse();

    // then
    assertThat(lane.request(Optional.of(one), () -> done.add(2))).isFalse();
    time.settle();
    assertThat(done).hasSize(Inbox.REQUESTS_OF_ONE_SESSION).doesNotContain(2);
    assertThat(lane.isEmpty()).isTrue();
    assertThat(lane.provider()).isEqualTo("pbx");
  }
}
