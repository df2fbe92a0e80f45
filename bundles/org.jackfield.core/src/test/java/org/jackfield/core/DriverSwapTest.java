package org.jackfield.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.event.Event;
import org.jackfield.api.provider.DriverMove;
import org.jackfield.api.provider.Handover;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.provider.ProviderStatus.State;
import org.jackfield.api.provider.ProviderStatusEvent;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.OperationReply;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Version;

/** A driver is replaced by another version of it while its calls live, under virtual time. */
class DriverSwapTest {
  private static final Handover BATON = new Handover("fake/1", new byte[] {7});

  private final CoreFixture core = new CoreFixture();
  private final FakeDriver old = core.driver;
  private final FakeDriver newer = new FakeDriver();
  private Session session;
  private long since;
  private Optional<FakeDriver> present = Optional.empty();

  @BeforeEach
  void aCallLivesOnTheOldOne() {
    core.install(old, "1.0.0");
    core.configure("host", "pbx.example");
    session = core.aliceAndBobTalk();
    old.handover = Optional.of(BATON);
    newer.handover = Optional.of(BATON);
    old.calls.forEach((call, in) -> newer.calls.put(call, new LinkedHashMap<>(in)));
    since = core.latest();
  }

  private CompletionStage<OperationReply> hold(String party) {
    return core.core
        .sessions()
        .operate(
            new SessionRequest.Hold(
                new Requester("admin", "rest", ""),
                session.id(),
                FakeDriver.party(party),
                OptionalLong.empty()));
  }

  private void isServedBy(FakeDriver driver, String version) {
    assertThat(core.status().driverVersion()).isEqualTo(version);
    assertThat(core.status().state()).isEqualTo(State.UP);
    assertThat(driver.last().closed).isFalse();
    assertThat(core.session().id()).isEqualTo(session.id());
    driver.set("c1", "bob", ConnectionState.ON_HOLD);
    assertThat(core.session().id()).isEqualTo(session.id());
    assertThat(core.session().parties())
        .extracting(p -> p.state())
        .contains(ConnectionState.ON_HOLD);
  }

  /** What was told of the PBX since the call began. */
  private List<State> states() {
    return core.events(since).stream()
        .filter(Event.OfProvider.class::isInstance)
        .map(e -> ((Event.OfProvider) e).event())
        .filter(ProviderStatusEvent.Changed.class::isInstance)
        .map(e -> ((ProviderStatusEvent.Changed) e).provider().state())
        .toList();
  }

  @Test
  void aNewerVersionTakesOverWhatTheOldOneHandsOver() {
    // when
    core.install(newer, "1.1.0");

    // then
    assertThat(newer.taken).containsExactly(BATON);
    assertThat(old.last().closed).isTrue();
    assertThat(core.session()).isEqualTo(session);
    assertThat(states()).containsOnly(State.UP);
    isServedBy(newer, "1.1.0");
  }

  @Test
  void anOlderVersionOrAPinnedOneChangesNothing() {
    core.install(newer, "0.9.0");
    assertThat(newer.opened).isEmpty();
    core.configure("host", "pbx.example", "version", "1.0.0");
    core.install(newer, "2.0.0");
    assertThat(newer.opened).isEmpty();
    isServedBy(old, "1.0.0");
  }

  @Test
  void whatIsAskedMeanwhileIsAskedOfTheNewOne() {
    // given a command that the old one has not acknowledged
    CompletableFuture<ProviderReply> late = new CompletableFuture<>();
    old.answer = command -> late;
    CompletionStage<OperationReply> first = hold("bob");
    core.time.settle();
    assertThat(old.commands).hasSize(1);
    core.install(newer, "1.1.0");

    // when
    CompletionStage<OperationReply> second = hold("alice");
    core.time.settle();

    // then it waits, and nobody is refused
    assertThat(newer.taken).isEmpty();
    assertThat(old.commands).hasSize(1);
    assertThat(newer.commands).isEmpty();
    late.complete(ProviderReply.ACCEPTED);
    core.time.settle();
    assertThat(newer.taken).containsExactly(BATON);
    assertThat(old.commands).hasSize(1);
    assertThat(newer.commands).hasSize(1);
    assertThat(first.toCompletableFuture().getNow(null))
        .isInstanceOf(OperationReply.Accepted.class);
    assertThat(second.toCompletableFuture().getNow(null))
        .isInstanceOf(OperationReply.Accepted.class);
    isServedBy(newer, "1.1.0");
  }

  @Test
  void aNewOneThatDoesNotTakeOverLeavesTheOldOneGoingOn() {
    // given
    newer.takesOver = false;

    // when
    core.install(newer, "1.1.0");

    // then
    assertThat(old.taken).containsExactly(BATON);
    assertThat(newer.last().closed).isTrue();
    assertThat(core.status().why()).contains("fake 1.1.0 is not used").contains("an unknown form");
    assertThat(states()).containsOnly(State.UP);
    isServedBy(old, "1.0.0");
  }

  @Test
  void aNewOneThatLosesItsLinkWhileItTakesOverLeavesTheOldOneGoingOn() {
    // given a hand-over that waits for a command
    CompletableFuture<ProviderReply> late = new CompletableFuture<>();
    old.answer = command -> late;
    hold("bob");
    core.install(newer, "1.1.0");

    // when
    newer.last().linkDown();
    late.complete(ProviderReply.ACCEPTED);
    core.time.settle();
    CompletionStage<OperationReply> asked = hold("alice");
    core.pass(Duration.ofSeconds(6));

    // then
    assertThat(old.taken).containsExactly(BATON);
    assertThat(newer.last().closed).isTrue();
    assertThat(core.status().why()).contains("did not picture the calls in 5 s");
    assertThat(newer.last().handOvers).as("it leaves the calls alone").isEqualTo(1);
    assertThat(old.commands).hasSize(2);
    assertThat(asked.toCompletableFuture().getNow(null))
        .isInstanceOf(OperationReply.Accepted.class);
    isServedBy(old, "1.0.0");
  }

  @Test
  void whoeverBringsADriverIsToldHowItsPbxsMoved() {
    // given
    core.install(newer, "1.1.0");
    FakeDriver odd = new FakeDriver();
    odd.probe =
        new ProbeReport(
            List.of(new ProbeReport.Finding(ProbeReport.Level.FAIL, "rights", "none at all")));

    // when
    CompletionStage<List<DriverMove>> first = core.core.providers().moves("fake.bundle", "1.1.0");
    core.time.settle();
    core.install(odd, "1.2.0");
    CompletionStage<List<DriverMove>> second = core.core.providers().moves("fake.bundle", "1.2.0");
    core.time.settle();

    // then
    assertThat(first.toCompletableFuture().getNow(List.of()))
        .extracting(DriverMove::provider, DriverMove::moved, DriverMove::why)
        .containsExactly(tuple("pbx", true, ""));
    assertThat(second.toCompletableFuture().getNow(List.of()))
        .extracting(DriverMove::moved, DriverMove::why)
        .containsExactly(tuple(false, "fake 1.2.0 is not used: rights: none at all"));
    assertThat(core.core.providers().moves("fake.bundle", "9").toCompletableFuture())
        .isCompletedWithValue(List.of());
    isServedBy(newer, "1.1.0");
  }

  /** The move is still under way when it is asked for. */
  @Test
  void aMoveUnderWayIsWaitedFor() {
    // given
    CompletableFuture<ProviderReply> late = new CompletableFuture<>();
    old.answer = command -> late;
    hold("bob");
    core.time.settle();
    core.install(newer, "1.1.0");

    // when
    CompletionStage<List<DriverMove>> moves = core.core.providers().moves("fake.bundle", "1.1.0");
    core.time.settle();

    // then
    assertThat(moves.toCompletableFuture()).isNotDone();
    late.complete(ProviderReply.ACCEPTED);
    core.time.settle();
    assertThat(moves.toCompletableFuture().getNow(List.of()))
        .extracting(DriverMove::moved)
        .containsExactly(true);
  }

  /** The two links do not keep step: what one has told must not be taken back by the other. */
  @Test
  void whatTheOldOneTellsWhileTheNewOnePicturesTheCallsIsNotTakenBack() {
    // given
    newer.picturing =
        number -> {
          if (number == 2) {
            old.set("c1", "bob", ConnectionState.ON_HOLD);
            newer.change("c1", FakeDriver.connection("bob", ConnectionState.ON_HOLD));
            core.time.settle();
          }
        };

    // when
    core.install(newer, "1.1.0");

    // then
    List<ConnectionState> told =
        core.events(since).stream()
            .filter(Event.OfSession.class::isInstance)
            .flatMap(e -> ((Event.OfSession) e).event().session().parties().stream())
            .filter(p -> p.id().equals(FakeDriver.party("bob")))
            .map(p -> p.state())
            .toList();
    assertThat(told).containsExactly(ConnectionState.ON_HOLD);
    isServedBy(newer, "1.1.0");
  }

  private void endsAtThePbx(FakeDriver seenBy, String call) {
    for (String party : List.of("carol", "dave")) {
      seenBy.change(
          call,
          FakeDriver.connection(party, ConnectionState.CONNECTED)
              .left(Cause.of(Cause.Code.NORMAL)));
    }
  }

  /** A second call, which both versions see. */
  private void carolAndDaveTalkToo() {
    for (String party : List.of("carol", "dave")) {
      old.set("c2", party, ConnectionState.CONNECTED);
      newer.change("c2", FakeDriver.connection(party, ConnectionState.CONNECTED));
    }
    assertThat(core.sessions()).hasSize(2);
  }

  private void isRefusedForItsPicture(String... words) {
    core.pass(Duration.ofSeconds(4));
    assertThat(core.status().why())
        .startsWith("fake 1.1.0 is not used: its picture does not have who lives")
        .contains(words);
    assertThat(newer.last().closed).isTrue();
    assertThat(old.taken).as("it gets back what it had handed over").containsExactly(BATON);
    assertThat(states()).containsOnly(State.UP);
  }

  @Test
  void aNewOneThatSeesNoCallsIsFoundOutAndTheyLiveOn() {
    newer.calls.clear();

    core.install(newer, "1.1.0");

    isRefusedForItsPicture("in 1 call(s): " + session.id() + " of alice and bob");
    isServedBy(old, "1.0.0");
  }

  @Test
  void aNewOneThatSeesOtherCallsIsFoundOut() {
    newer.calls.clear();
    newer.change("c9", FakeDriver.connection("zoe", ConnectionState.CONNECTED));

    core.install(newer, "1.1.0");

    isRefusedForItsPicture("alice and bob");
    assertThat(core.sessions()).extracting(Session::id).containsExactly(session.id());
    isServedBy(old, "1.0.0");
  }

  @Test
  void aNewOneThatMissesAPartyIsFoundOutAndWhatWasAskedMeanwhileIsAskedOfTheOldOne() {
    // given
    newer.change(
        "c1",
        FakeDriver.connection("bob", ConnectionState.CONNECTED).left(Cause.of(Cause.Code.NORMAL)));

    // when
    core.install(newer, "1.1.0");
    CompletionStage<OperationReply> asked = hold("alice");

    // then
    isRefusedForItsPicture("alice and bob");
    assertThat(old.commands).hasSize(1);
    assertThat(newer.commands).isEmpty();
    assertThat(asked.toCompletableFuture().getNow(null))
        .isInstanceOf(OperationReply.Accepted.class);
    isServedBy(old, "1.0.0");
  }

  /** It told the truth at first, when it only had to show that it works. */
  @Test
  void aNewOneThatLosesTheCallsWhileItTakesOverIsFoundOut() {
    newer.picturing = number -> newer.calls.clear();

    core.install(newer, "1.1.0");

    isRefusedForItsPicture("alice and bob");
    isServedBy(old, "1.0.0");
  }

  @Test
  void aCallThatEndsMeanwhileIsNotHeldAgainstTheNewOne() {
    // given that the old one tells the end later than the new one sees it
    carolAndDaveTalkToo();
    endsAtThePbx(newer, "c2");
    core.install(newer, "1.1.0");
    assertThat(core.status().driverVersion()).isEqualTo("1.0.0");

    // when
    old.leave("c2", "carol", Cause.Code.NORMAL);
    old.leave("c2", "dave", Cause.Code.NORMAL);
    core.pass(Duration.ofSeconds(1));

    // then
    isServedBy(newer, "1.1.0");
  }

  @Test
  void aCallWhoseEndTheOldOneHasMissedIsNotHeldAgainstTheNewOne() {
    // given
    carolAndDaveTalkToo();
    endsAtThePbx(newer, "c2");
    endsAtThePbx(old, "c2");

    // when
    core.install(newer, "1.1.0");
    core.pass(Duration.ofSeconds(1));

    // then
    isServedBy(newer, "1.1.0");
  }

  @Test
  void callsThatWereMergedMeanwhileAreNotHeldAgainstTheNewOne() {
    // given
    carolAndDaveTalkToo();
    newer.calls.clear();
    core.install(newer, "1.1.0");

    // when the old one tells first
    old.merge("c2", "c1");
    newer.calls.putAll(old.calls);
    core.pass(Duration.ofSeconds(1));

    // then
    assertThat(core.status().driverVersion()).isEqualTo("1.1.0");
    assertThat(core.session().id()).isEqualTo(session.id());
    assertThat(core.session().parties()).hasSize(4);
  }

  @Test
  void aNewOneThatSeesMoreThanTheOldOneIsWelcome() {
    newer.change("c2", FakeDriver.connection("carol", ConnectionState.CONNECTED));

    core.install(newer, "1.1.0");

    assertThat(core.status().driverVersion()).isEqualTo("1.1.0");
    assertThat(core.sessions()).hasSize(2);
  }

  @Test
  void whatTheOldOneKnowsIsNoMeasureWhileItsLinkIsDown() {
    old.last().linkDown();
    newer.calls.clear();

    core.install(newer, "1.1.0");

    assertThat(core.status().driverVersion()).isEqualTo("1.1.0");
    assertThat(core.sessions()).isEmpty();
  }

  @Test
  void aNewOneThatWasFoundOutDoesNotStandInTheWayOfTheNext() {
    newer.calls.clear();
    core.install(newer, "1.1.0");
    isRefusedForItsPicture("in 1 call(s)");
    FakeDriver mended = new FakeDriver();
    mended.calls.putAll(old.calls);

    core.install(mended, "1.2.0");

    assertThat(mended.taken).containsExactly(BATON);
    isServedBy(mended, "1.2.0");
  }

  @Test
  void aNewerOneThatComesWhileOneIsTriedHasItsTurn() {
    // given
    newer.linkComesUp = false;
    core.install(newer, "1.1.0");
    FakeDriver newest = new FakeDriver();
    newest.calls.putAll(old.calls);
    core.install(newest, "1.2.0");
    assertThat(newest.opened).isEmpty();

    // when
    core.pass(Duration.ofSeconds(11));

    // then
    isServedBy(newest, "1.2.0");
  }

  @Test
  void aNewOneThatDoesNotDeclareATraitOfItsLinkChangesNothing() {
    core.core
        .providers()
        .addDriver(
            newer,
            Map.of(
                "org.jackfield.driver.name",
                "fake",
                "org.jackfield.driver.operations",
                Stream.of(Operation.values()).map(Operation::text).toArray(String[]::new),
                "org.jackfield.driver.traits",
                new String[] {"transferNorm", "releaseOnAnswer"}),
            Version.parseVersion("1.1.0"),
            "fake.bundle");
    core.time.settle();

    assertThat(core.status().why()).endsWith("promises what it does not declare: transferConf");
    isServedBy(old, "1.0.0");
  }

  @Test
  void anOldOneThatCannotHandOverGoesOn() {
    // given
    old.handover = null;

    // when
    core.install(newer, "1.1.0");

    // then
    assertThat(newer.last().closed).isTrue();
    assertThat(core.status().why()).contains("the old one broke");
    isServedBy(old, "1.0.0");
  }

  /** One that cannot be opened twice is cut over, and nobody waits for it for ever. */
  @Test
  void anExclusiveDriverThatGoesMovesToTheOneBeforeByACutOver() {
    // given
    installExclusive("0.9.0");

    // when
    CompletionStage<Void> gone = core.core.providers().removeDriver(old);
    core.time.settle();

    // then
    assertThat(gone.toCompletableFuture()).isCompleted();
    assertThat(old.last().closed).isTrue();
    isServedBy(newer, "0.9.0");
  }

  private void installExclusive(String version) {
    core.core
        .providers()
        .addDriver(
            newer,
            Map.of("org.jackfield.driver.name", "fake", "org.jackfield.driver.traits", "exclusive"),
            Version.parseVersion(version),
            "fake.bundle");
    core.time.settle();
  }

  @Test
  void whoWasToBeCutOverGoesOnWhereItsSuccessorIsGivenUpMeanwhile() {
    // given a cut-over that waits for an answer
    CompletableFuture<ProviderReply> late = new CompletableFuture<>();
    old.answer = command -> late;
    CompletionStage<OperationReply> held = hold("bob");
    core.time.settle();
    installExclusive("1.1.0");
    assertThat(old.last().closed).isFalse();

    // when the configuration is changed to a wrong one before it is there
    core.configure("host", "pbx.example", "colour", "blue");
    late.complete(ProviderReply.ACCEPTED);
    core.time.settle();

    // then
    assertThat(held.toCompletableFuture().getNow(null)).isInstanceOf(OperationReply.Accepted.class);
    assertThat(newer.opened).isEmpty();
    assertThat(old.taken).containsExactly(BATON);
    isServedBy(old, "1.0.0");
  }

  @Test
  void aNewOneThatDoesNotComeUpOrFailsItsProbeChangesNothing() {
    newer.linkComesUp = false;
    core.install(newer, "1.1.0");
    core.pass(Duration.ofSeconds(11));
    assertThat(newer.last().closed).isTrue();
    assertThat(old.taken).isEmpty();
    assertThat(core.status().why()).contains("10 s");
    isServedBy(old, "1.0.0");
  }

  @Test
  void aNewOneThatBreaksAtItsStartChangesNothing() {
    newer.whileOpening =
        () -> {
          throw new StackOverflowError("a bug");
        };

    core.install(newer, "1.1.0");

    assertThat(core.status().why()).contains("the driver broke: a bug");
    assertThat(old.taken).isEmpty();
    isServedBy(old, "1.0.0");
  }

  @Test
  void aNewOneThatHangsAtItsStartChangesNothing() {
    // given
    List<String> meanwhile = new ArrayList<>();
    newer.whileOpening =
        () -> {
          core.pass(Duration.ofSeconds(11));
          meanwhile.add(core.status().why());
          isServedBy(old, "1.0.0");
        };

    // when
    core.install(newer, "1.1.0");

    // then, also when it comes back at last
    assertThat(meanwhile.getFirst()).contains("did not come up in 10 s");
    assertThat(newer.last().closed).isTrue();
    assertThat(old.taken).isEmpty();
    isServedBy(old, "1.0.0");
  }

  @Test
  void aNewOneWhoseProbeFailsIsNotEvenOpened() {
    newer.probe =
        new ProbeReport(
            List.of(new ProbeReport.Finding(ProbeReport.Level.FAIL, "AMI", "no right")));

    core.install(newer, "1.1.0");

    assertThat(newer.opened).isEmpty();
    assertThat(core.status().why()).contains("AMI: no right");
    isServedBy(old, "1.0.0");
  }

  @Test
  void aNewOneThatPromisesWhatItDoesNotDeclareChangesNothing() {
    core.core
        .providers()
        .addDriver(
            newer,
            Map.of(
                "org.jackfield.driver.name",
                "fake",
                "org.jackfield.driver.operations",
                new String[] {"makeCall", "hold"}),
            Version.parseVersion("1.1.0"),
            "fake.bundle");
    core.time.settle();

    assertThat(core.status().why()).contains("promises what it does not declare: retrieve");
    assertThat(newer.last().closed).isTrue();
    assertThat(old.taken).isEmpty();
    isServedBy(old, "1.0.0");
  }

  @Test
  void aDriverThatGoesGivesItsCallsBackToTheOneBefore() {
    // given
    core.install(newer, "1.1.0");
    since = core.latest();

    // when
    CompletionStage<Void> gone = core.core.providers().removeDriver(newer);
    core.time.settle();

    // then
    assertThat(gone.toCompletableFuture()).isCompleted();
    assertThat(old.taken).containsExactly(BATON);
    assertThat(newer.last().closed).isTrue();
    assertThat(states()).containsOnly(State.UP);
    assertThat(core.session()).isEqualTo(session);
    isServedBy(old, "1.0.0");
    core.pass(Duration.ofMinutes(1));
    assertThat(core.session().id()).isEqualTo(session.id());
  }

  /** The one that serves must not lead to those before it, one to the other. */
  @Test
  void aDriverThatHasGoneIsLetGo() {
    // given
    List<WeakReference<FakeDriver>> drivers = new ArrayList<>();

    // when
    for (int i = 1; i <= 4; i++) {
      drivers.add(new WeakReference<>(servesInsteadOfTheOneBefore("1." + i + ".0")));
    }
    core.pass(Duration.ofMinutes(2));

    // then
    areLetGo(drivers.subList(0, 3));
    assertThat(drivers.getLast().get()).isNotNull();
  }

  @Test
  void oneThatWasNotUsedIsLetGoToo() {
    // given
    List<WeakReference<FakeDriver>> drivers = new ArrayList<>();

    // when
    drivers.add(new WeakReference<>(isNotUsed("1.1.0", one -> one.takesOver = false)));
    drivers.add(new WeakReference<>(isNotUsed("1.2.0", one -> one.calls.clear())));
    drivers.add(new WeakReference<>(isNotUsed("1.3.0", one -> one.linkComesUp = false)));
    core.pass(Duration.ofMinutes(2));

    // then
    areLetGo(drivers);
    isServedBy(old, "1.0.0");
  }

  private FakeDriver isNotUsed(String version, Consumer<FakeDriver> itsFault) {
    FakeDriver next = new FakeDriver();
    next.handover = Optional.of(BATON);
    old.calls.forEach((call, in) -> next.calls.put(call, new LinkedHashMap<>(in)));
    itsFault.accept(next);
    core.install(next, version);
    core.pass(Duration.ofSeconds(20));
    assertThat(core.status().driverVersion()).isEqualTo("1.0.0");
    assertThat(core.status().why()).contains("fake " + version + " is not used");
    core.core.providers().removeDriver(next);
    core.time.settle();
    return next;
  }

  private static void areLetGo(List<WeakReference<FakeDriver>> gone) {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (gone.stream().anyMatch(d -> !d.refersTo(null)) && System.nanoTime() < end) {
      System.gc();
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
    assertThat(gone).allMatch(d -> d.refersTo(null));
  }

  private FakeDriver servesInsteadOfTheOneBefore(String version) {
    FakeDriver next = new FakeDriver();
    next.handover = Optional.of(BATON);
    old.calls.forEach((call, in) -> next.calls.put(call, new LinkedHashMap<>(in)));
    core.install(next, version);
    assertThat(core.status().driverVersion()).isEqualTo(version);
    present.ifPresent(
        before -> {
          core.core.providers().removeDriver(before);
          core.time.settle();
        });
    present = Optional.of(next);
    return next;
  }
}
