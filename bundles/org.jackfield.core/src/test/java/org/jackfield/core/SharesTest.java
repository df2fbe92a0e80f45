package org.jackfield.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jackfield.core.CoreFixture.ALICE;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.event.Event;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.ConfigKey;
import org.jackfield.api.provider.DriverMove;
import org.jackfield.api.provider.DriverShares;
import org.jackfield.api.provider.Handover;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.provider.ShareProgress;
import org.jackfield.api.provider.TelephonyDriver;
import org.jackfield.api.provider.TelephonyProvider;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.OperationReply;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionEvent;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.session.SessionRequest;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferOutcome;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferStep;
import org.jackfield.api.transfer.TransferTarget;
import org.jackfield.provider.simulated.SimulatedPbx;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Version;

/** Two versions of a driver serve one simulated PBX, each a part of its calls. */
class SharesTest {
  private static final String BUNDLE = "simulated.bundle";
  private static final int MANY = 100;

  private final VirtualTime time = new VirtualTime();
  private final SimulatedPbx pbx = new SimulatedPbx(time, time, 1, "full");
  private final CoreFixture core = new CoreFixture(time, 1);
  private final DriverShares shares = core.core.providers().shares();
  private final Edition old = new Edition(pbx.driver());
  private final Edition newer = new Edition(pbx.driver());
  private final List<Event> events = new ArrayList<>();
  private long since;

  /** A version of the driver that tells what it was asked, and may not answer. */
  private static final class Edition implements TelephonyDriver {
    private final TelephonyDriver driver;
    final List<Command> asked = new ArrayList<>();
    boolean answers = true;
    int open;
    ProviderContext context;

    Edition(TelephonyDriver driver) {
      this.driver = driver;
    }

    @Override
    public List<ConfigKey> schema() {
      return driver.schema();
    }

    @Override
    public ProbeReport probe(ProviderConfig config) {
      return driver.probe(config);
    }

    @Override
    public TelephonyProvider open(
        ProviderConfig config, ProviderContext its, Optional<Handover> handover) {
      TelephonyProvider opened = driver.open(config, its, handover);
      context = its;
      open++;
      return new TelephonyProvider() {
        @Override
        public CompletionStage<ProviderReply> execute(Command command) {
          asked.add(command);
          return answers ? opened.execute(command) : new CompletableFuture<>();
        }

        @Override
        public void requestSnapshot() {
          opened.requestSnapshot();
        }

        @Override
        public void close() {
          open--;
          opened.close();
        }
      };
    }
  }

  @BeforeEach
  void thePbxIsServedByTheOldOne() {
    install(old, "1.0.0", "shares");
    core.core.providers().configure("pbx", Map.of("driver", "simulated"));
    pass(1);
    shares.reserve(BUNDLE, "2.0.0", Set.of());
  }

  private void install(TelephonyDriver driver, String version, String... traits) {
    core.core
        .providers()
        .addDriver(
            driver,
            Map.of("org.jackfield.driver.name", "simulated", "org.jackfield.driver.traits", traits),
            Version.parseVersion(version),
            BUNDLE);
    time.settle();
  }

  private void pass(int seconds) {
    time.pass(Duration.ofSeconds(seconds));
    List<Event> more = core.events(since);
    more.forEach(event -> since = event.position().sequence());
    events.addAll(more);
  }

  private <T> T answer(CompletionStage<T> asked) {
    pass(2);
    return asked.toCompletableFuture().getNow(null);
  }

  private void share(int percent) {
    if (newer.open == 0) {
      install(newer, "2.0.0", "shares");
      assertThat(answer(shares.begin("pbx", BUNDLE, "2.0.0"))).isEmpty();
    }
    shares.share("pbx", percent);
    pass(1);
  }

  private ShareProgress progress() {
    return answer(shares.progress("pbx")).orElseThrow();
  }

  private Session call(String from, String to) {
    OperationReply reply =
        answer(
            core.core
                .sessions()
                .operate(
                    new SessionRequest.MakeCall(ALICE, "pbx", new Address(from), new Address(to))));
    SessionId id = ((OperationReply.Accepted) reply).status().session();
    pass(28);
    Session session = now(id);
    assertThat(session.state()).isEqualTo(ConnectionState.CONNECTED);
    return session;
  }

  private Session now(SessionId id) {
    return core.core.sessions().find(id).orElseThrow();
  }

  private void clear(Session session) {
    core.core
        .sessions()
        .operate(new SessionRequest.ClearAll(ALICE, session.id(), OptionalLong.empty()));
    pass(2);
  }

  private void hold(Session session, String address) {
    OperationReply held =
        answer(
            core.core
                .sessions()
                .operate(
                    new SessionRequest.Hold(
                        ALICE, session.id(), party(session, address).id(), OptionalLong.empty())));
    assertThat(held).isInstanceOf(OperationReply.Accepted.class);
    assertThat(party(now(session.id()), address).state()).isEqualTo(ConnectionState.ON_HOLD);
  }

  private static Party party(Session session, String address) {
    return session.parties().stream()
        .filter(p -> p.address().value().equals(address))
        .findFirst()
        .orElseThrow();
  }

  private Transfer transfer(Session session, String transferor, TransferTarget target) {
    TransferReply reply =
        answer(
            core.core
                .transfers()
                .transfer(
                    TransferRequest.of(
                        ALICE,
                        session.id(),
                        Optional.of(party(session, transferor).id()),
                        target,
                        TransferMode.CONSULTATION)));
    assertThat(reply).isInstanceOf(TransferReply.Accepted.class);
    return ((TransferReply.Accepted) reply).transfer();
  }

  private void complete(Transfer transfer) {
    core.core.transfers().step(new TransferStep.Complete(ALICE, transfer.id(), Optional.empty()));
  }

  private void isCompleted(Transfer transfer) {
    complete(transfer);
    pass(20);
    assertThat(core.core.transfers().find(transfer.id()).orElseThrow().outcome())
        .containsInstanceOf(TransferOutcome.Completed.class);
  }

  private List<SessionId> told(Class<? extends SessionEvent> what) {
    return events.stream()
        .filter(Event.OfSession.class::isInstance)
        .map(event -> ((Event.OfSession) event).event())
        .filter(what::isInstance)
        .map(event -> event.session().id())
        .toList();
  }

  private void isServedBy(Edition one, Edition other, String version) {
    assertThat(core.status().driverVersion()).isEqualTo(version);
    assertThat(one.open).isEqualTo(1);
    assertThat(other.open).isZero();
    assertThat(shares.progress("pbx").toCompletableFuture().getNow(Optional.empty())).isEmpty();
  }

  @Test
  void aReservedVersionIsChosenByWhomItIsMeantForOnly() {
    // when
    install(newer, "2.0.0", "shares");
    pass(5);

    // then
    assertThat(newer.open).isZero();
    assertThat(answer(shares.candidates(BUNDLE, "2.0.0")))
        .containsExactly(new DriverShares.Candidate("pbx", true));
    assertThat(answer(core.core.providers().moves(BUNDLE, "2.0.0"))).isEmpty();

    // when
    shares.release(BUNDLE, "2.0.0");
    pass(5);

    // then
    isServedBy(newer, old, "2.0.0");
  }

  @Test
  void oneThatDoesNotDeclareItIsNotOpenedBesideAnother() {
    install(newer, "2.0.0");
    assertThat(answer(shares.candidates(BUNDLE, "2.0.0")))
        .containsExactly(new DriverShares.Candidate("pbx", false));
    assertThat(answer(shares.begin("pbx", BUNDLE, "2.0.0"))).isPresent();
    assertThat(newer.open).isZero();
    isServedBy(old, newer, "1.0.0");
  }

  @Test
  void newCallsAreSharedAndEachIsToldOnce() {
    // given
    Session before = call("1000", "1001");
    share(50);
    int asked = old.asked.size();

    // when
    List<SessionId> made = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      Session one = call("1002", "1003");
      made.add(one.id());
      clear(one);
    }

    // then each call was made and cleared by one of the two
    int ofNewer = newer.asked.size() / 2;
    assertThat(old.asked.size() - asked).isEqualTo(2 * (MANY - ofNewer));
    assertThat(ofNewer).isBetween(MANY / 4, MANY * 3 / 4);
    assertThat(progress().commands()).isEqualTo(2 * ofNewer);
    assertThat(progress().failed()).isZero();
    assertThat(told(SessionEvent.Started.class)).contains(before.id()).containsAll(made);
    assertThat(told(SessionEvent.Started.class)).doesNotHaveDuplicates().hasSize(MANY + 1);
    assertThat(told(SessionEvent.Ended.class)).containsExactlyElementsOf(made);
    assertThat(progress().older()).isEqualTo(1);
    hold(before, "1000");
    assertThat(old.asked.getLast()).isInstanceOf(Command.Hold.class);
  }

  @Test
  void whatComesOutOfACallIsServedByWhoServesTheCall() {
    // given
    Session before = call("1000", "1001");
    share(100);

    // when
    Transfer ofOlder = transfer(before, "1000", new TransferTarget.To(new Address("1004")));
    pass(20);
    isCompleted(ofOlder);
    assertThat(newer.asked).isEmpty();
    Session after = call("1002", "1003");
    int asked = old.asked.size();
    Transfer ofNewer = transfer(after, "1002", new TransferTarget.To(new Address("1005")));
    pass(20);
    isCompleted(ofNewer);

    // then
    assertThat(old.asked).hasSize(asked);
    assertThat(pbx.repeated).isEmpty();
    assertThat(told(SessionEvent.Started.class)).doesNotHaveDuplicates();
  }

  @Test
  void twoCallsOfDifferentVersionsAreJoinedByWhoServesTheHeldOne() {
    // given 1000 holds a call of the old one, and has one of the new one
    Session held = call("1000", "1001");
    hold(held, "1000");
    share(100);
    Session primary = call("1000", "1003");

    // when
    Transfer transfer = transfer(primary, "1000", new TransferTarget.Held(held.id()));
    pass(20);
    if (core.core.transfers().find(transfer.id()).orElseThrow().outcome().isEmpty()) {
      complete(transfer);
      pass(20);
    }

    // then
    assertThat(core.core.transfers().find(transfer.id()).orElseThrow().outcome())
        .containsInstanceOf(TransferOutcome.Completed.class);
    assertThat(old.asked).as("it is the held call's").anyMatch(Command.Complete.class::isInstance);
    assertThat(newer.asked).noneMatch(Command.Complete.class::isInstance);
    assertThat(core.session().parties())
        .extracting(p -> p.address().value())
        .containsExactlyInAnyOrder("1001", "1003");
  }

  @Test
  void atTheEndTheNewOneServesAllAndNoCallIsLost() {
    // given a consultation half done on the old one, and calls on the new one
    Session before = call("1000", "1001");
    Transfer transfer = transfer(before, "1000", new TransferTarget.To(new Address("1004")));
    pass(20);
    share(100);
    Session after = call("1002", "1003");
    shares.reserve(BUNDLE, "2.0.0", Set.of("pbx"));

    // when
    Optional<String> why = answer(shares.finish("pbx", false));

    // then
    assertThat(why).isEmpty();
    isServedBy(newer, old, "2.0.0");
    isCompleted(transfer);
    hold(after, "1002");
    assertThat(told(SessionEvent.Ended.class)).isEmpty();
    assertThat(pbx.repeated).isEmpty();
  }

  @Test
  void whatDrainsStaysUntilItEndsAndIsLetGoWhenTheOperatorSaysSo() {
    // given
    Session one = call("1000", "1001");
    Session two = call("1002", "1003");
    share(100);
    assertThat(progress().older()).isEqualTo(2);
    clear(one);
    assertThat(progress().older()).isEqualTo(1);
    shares.reserve(BUNDLE, "2.0.0", Set.of("pbx"));

    // when
    Optional<String> why = answer(shares.finish("pbx", true));

    // then
    assertThat(why).isEmpty();
    isServedBy(newer, old, "2.0.0");
    assertThat(now(two.id()).state()).isEqualTo(ConnectionState.CONNECTED);
    hold(two, "1002");
  }

  @Test
  void takenBackTheOldOneServesAllAndNoCallIsLost() {
    // given
    Session before = call("1000", "1001");
    share(100);
    Session after = call("1002", "1003");
    Transfer transfer = transfer(after, "1002", new TransferTarget.To(new Address("1004")));
    pass(20);

    // when
    shares.takeBack("pbx", "it was asked for");
    pass(2);

    // then
    isServedBy(old, newer, "1.0.0");
    assertThat(core.status().why()).contains("2.0.0 is not used: it was asked for");
    hold(before, "1000");
    isCompleted(transfer);
    assertThat(told(SessionEvent.Started.class)).doesNotHaveDuplicates();
    assertThat(pbx.repeated).isEmpty();
  }

  @Test
  void aNewOneThatDoesNotAnswerIsSeenAndTakenBack() {
    // given
    share(100);
    Session one = call("1000", "1001");
    newer.answers = false;

    // when
    core.core
        .sessions()
        .operate(
            new SessionRequest.Hold(
                ALICE, one.id(), party(one, "1000").id(), OptionalLong.empty()));
    pass(5);

    // then
    assertThat(progress().failed()).isEqualTo(1);
    assertThat(progress().longest()).isGreaterThanOrEqualTo(Duration.ofSeconds(2));

    // when
    shares.takeBack("pbx", "it does not answer");
    pass(7);

    // then
    isServedBy(old, newer, "1.0.0");
    assertThat(now(one.id()).state()).isEqualTo(ConnectionState.CONNECTED);
    hold(one, "1000");
  }

  @Test
  void aNewOneThatLosesItsLinkIsTakenBackByItself() {
    // given
    share(100);
    Session one = call("1000", "1001");

    // when
    newer.context.report(
        new org.jackfield.api.provider.ProviderEvent.LinkDown(
            org.jackfield.api.session.Cause.of(
                org.jackfield.api.session.Cause.Code.PROVIDER_LOST)));
    pass(7);

    // then
    isServedBy(old, newer, "1.0.0");
    assertThat(core.status().why()).contains("lost its link");
    hold(one, "1000");
  }

  @Test
  void anotherVersionThatComesMeanwhileWaits() {
    // given
    share(50);
    Edition third = new Edition(pbx.driver());
    install(third, "3.0.0", "shares");
    pass(5);

    // then
    assertThat(third.open).isZero();
    assertThat(answer(core.core.providers().moves(BUNDLE, "3.0.0")))
        .extracting(DriverMove::moved, DriverMove::why)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                false, "a rollout of another version is under way"));
  }

  @Test
  void anOldOneThatGoesMeanwhileLeavesAllToTheNewOne() {
    // given
    Session before = call("1000", "1001");
    share(50);
    shares.reserve(BUNDLE, "2.0.0", Set.of("pbx"));

    // when
    CompletionStage<Void> gone = core.core.providers().removeDriver(old);
    pass(2);

    // then
    assertThat(gone.toCompletableFuture()).isCompleted();
    isServedBy(newer, old, "2.0.0");
    hold(before, "1000");
  }

  @Test
  void aChangedConfigurationEndsIt() {
    // given
    share(100);
    Session one = call("1000", "1001");

    // when
    core.core.providers().configure("pbx", Map.of("driver", "simulated", "version", "1.0.0"));
    pass(10);

    // then
    isServedBy(old, newer, "1.0.0");
    hold(one, "1000");
  }
}
