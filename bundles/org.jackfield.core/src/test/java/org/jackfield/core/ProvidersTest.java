package org.jackfield.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jackfield.core.FakeDriver.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.provider.ProviderStatus;
import org.jackfield.api.provider.ProviderStatus.State;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.OperationReply;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionRequest;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Version;

/** PBXs opened from a configuration, changed, lost and taken out, under virtual time. */
class ProvidersTest {
  private final CoreFixture core = new CoreFixture();
  private final FakeDriver pbx = core.driver;

  private void open() {
    core.install(pbx, "1.0.0");
    core.configure("host", "pbx.example");
  }

  @Test
  void aConfigurationWaitsForItsDriver() {
    // given
    core.configure("host", "pbx.example");
    assertThat(core.status().state()).isEqualTo(State.WAITING);
    assertThat(core.status().why()).contains("fake").contains("not there");

    // when
    core.install(pbx, "1.0.0");

    // then
    assertThat(core.status().state()).isEqualTo(State.UP);
    assertThat(core.status().driverVersion()).isEqualTo("1.0.0");
    assertThat(core.core.providers().ready()).isTrue();
  }

  @Test
  void aConfigurationThatDoesNotFitTheSchemaIsRefusedWithEveryFault() {
    // given
    core.install(pbx, "1.0.0");

    // when
    core.configure("port", "seventy", "colour", "blue");

    // then
    assertThat(core.status().state()).isEqualTo(State.FAILED);
    assertThat(core.status().why()).contains("host").contains("port").contains("colour");
    assertThat(pbx.opened).isEmpty();
  }

  @Test
  void callsThatWereThereBeforeUsAreSeen() {
    // given
    pbx.change("c1", connection("alice", ConnectionState.CONNECTED));
    pbx.change("c1", connection("bob", ConnectionState.CONNECTED));

    // when
    open();

    // then
    assertThat(core.session().state()).isEqualTo(ConnectionState.CONNECTED);
    assertThat(core.status().sessions()).isEqualTo(1);
  }

  @Test
  void sessionsOfACutOverThatDoesNotComeUpAreNotShownForEver() {
    // given
    core.core
        .providers()
        .addDriver(
            pbx,
            Map.of("org.jackfield.driver.name", "fake", "org.jackfield.driver.traits", "exclusive"),
            Version.parseVersion("1.0.0"),
            "fake.bundle");
    core.configure("host", "pbx.example");
    core.aliceAndBobTalk();
    pbx.linkComesUp = false;

    // when
    core.configure("host", "other.example");
    assertThat(core.sessions()).hasSize(1);
    core.pass(Duration.ofSeconds(31));

    // then
    assertThat(core.sessions()).isEmpty();
  }

  @Test
  void aChangedConfigurationIsOpenedBesideAndLosesNoSession() {
    // given
    open();
    Session before = core.aliceAndBobTalk();
    FakeDriver.Opened old = pbx.last();

    // when
    core.configure("host", "other.example");

    // then
    assertThat(pbx.last().config.require("host")).isEqualTo("other.example");
    assertThat(old.closed).isTrue();
    assertThat(core.session()).isEqualTo(before);
    assertThat(core.status().state()).isEqualTo(State.UP);
    pbx.set("c1", "bob", ConnectionState.ON_HOLD);
    assertThat(core.session().id()).isEqualTo(before.id());
    assertThat(core.session().revision()).isEqualTo(before.revision() + 1);
  }

  @Test
  void aChangedConfigurationThatDoesNotComeUpIsRolledBack() {
    // given
    open();
    Session before = core.aliceAndBobTalk();
    FakeDriver.Opened old = pbx.last();
    pbx.linkComesUp = false;

    // when
    core.configure("host", "nowhere.example");
    core.pass(Duration.ofSeconds(11));

    // then
    assertThat(old.closed).isFalse();
    assertThat(pbx.last().closed).isTrue();
    assertThat(core.status().state()).isEqualTo(State.UP);
    assertThat(core.status().why()).contains("did not come up");
    assertThat(core.session()).isEqualTo(before);
  }

  @Test
  void anInvalidChangeIsRefusedWhileTheOldGoesOn() {
    // given
    open();
    Session before = core.aliceAndBobTalk();

    // when
    core.configure("host", "pbx.example", "port", "0");

    // then
    assertThat(core.status().state()).isEqualTo(State.UP);
    assertThat(core.status().why()).contains("refused").contains("port");
    assertThat(pbx.opened).hasSize(1);
    assertThat(core.session()).isEqualTo(before);
  }

  @Test
  void aFailedProbeIsShownAndTriedAgain() {
    // given
    pbx.probe =
        new ProbeReport(
            List.of(new ProbeReport.Finding(ProbeReport.Level.FAIL, "link", "nobody listens")));
    open();
    assertThat(core.status().state()).isEqualTo(State.FAILED);
    assertThat(core.status().why()).contains("nobody listens");

    // when
    pbx.probe = new ProbeReport(List.of());
    core.pass(Duration.ofSeconds(2));

    // then
    assertThat(core.status().state()).isEqualTo(State.UP);
  }

  @Test
  void aLostLinkKeepsSessionsAsLastKnownAndReconcilesWhenItIsBack() {
    // given
    open();
    core.aliceAndBobTalk();
    pbx.set("c2", "carol", ConnectionState.CONNECTED);
    core.sessions();
    pbx.last().linkDown();
    core.time.settle();
    assertThat(core.status().state()).isEqualTo(State.DOWN);
    assertThat(core.sessions()).hasSize(2);
    pbx.change("c2", connection("carol", ConnectionState.CONNECTED).left(Cause.NORMAL));
    pbx.change("c1", connection("bob", ConnectionState.ON_HOLD));
    pbx.change("c3", connection("dan", ConnectionState.CONNECTED));

    // when
    pbx.last().linkUp();

    // then
    assertThat(core.sessions())
        .extracting(Session::state)
        .containsExactly(ConnectionState.ON_HOLD, ConnectionState.CONNECTED);
    assertThat(core.status().state()).isEqualTo(State.UP);
  }

  @Test
  void aDriverThatGoesIsDeadAtOnceAndItsSessionsEndAfterHalfAMinute() {
    // given
    open();
    core.aliceAndBobTalk();

    // when
    core.core.providers().removeDriver(pbx);
    pbx.set("c1", "bob", ConnectionState.ON_HOLD);
    core.time.settle();

    // then
    assertThat(core.status().state()).isEqualTo(State.WAITING);
    assertThat(pbx.last().closed).isTrue();
    assertThat(core.session().state()).isEqualTo(ConnectionState.CONNECTED);
    core.pass(Duration.ofSeconds(31));
    assertThat(core.sessions()).isEmpty();
  }

  @Test
  void aDriverThatComesBackInTimeLosesNoSession() {
    // given
    open();
    Session before = core.aliceAndBobTalk();
    core.core.providers().removeDriver(pbx);
    core.pass(Duration.ofSeconds(5));

    // when
    core.install(pbx, "1.0.1");
    core.pass(Duration.ofSeconds(60));

    // then
    assertThat(core.session()).isEqualTo(before);
    assertThat(core.status().driverVersion()).isEqualTo("1.0.1");
  }

  @Test
  void aLinkThatIsUpBeforeTheDriverHasReturnedCounts() {
    // given
    pbx.linkComesUp = false;
    pbx.whileOpening =
        () -> {
          pbx.last().linkUp();
          core.time.settle();
        };

    // when
    open();

    // then
    assertThat(core.status().state()).isEqualTo(State.UP);
    assertThat(core.status().capabilities()).isEqualTo(FakeDriver.ALL);
  }

  @Test
  void aDriverThatHangsWhenItHasToOpenIsSaidAndNotWaitedFor() {
    // given
    List<ProviderStatus> seen = new ArrayList<>();
    List<Boolean> ready = new ArrayList<>();
    pbx.whileOpening =
        () -> {
          core.pass(Duration.ofSeconds(11));
          seen.add(core.status());
          ready.add(core.core.providers().ready());
        };

    // when
    open();

    // then
    assertThat(seen.getFirst().state()).isEqualTo(State.OPENING);
    assertThat(seen.getFirst().why()).contains("takes more than 2 s");
    assertThat(ready).containsExactly(true);
    assertThat(core.status().state()).isEqualTo(State.UP);
    assertThat(core.status().why()).isEmpty();
  }

  @Test
  void aDriverThatAnswersNothingTakesNoNewWorkAndIsTriedAgain() {
    // given ten commands without an answer
    open();
    Session session = core.aliceAndBobTalk();
    Supplier<OperationReply> hold =
        () ->
            core.answer(
                () ->
                    core.core
                        .sessions()
                        .operate(
                            new SessionRequest.Hold(
                                CoreFixture.ALICE,
                                session.id(),
                                FakeDriver.party("bob"),
                                OptionalLong.empty())));
    pbx.answer = command -> new CompletableFuture<>();
    for (int i = 0; i < 10; i++) {
      assertThat(hold.get()).isInstanceOf(OperationReply.Accepted.class);
      core.pass(Duration.ofSeconds(3));
    }
    int asked = pbx.commands.size();

    // when
    OperationReply eleventh = hold.get();

    // then it is refused at once, and said
    assertThat(eleventh)
        .isInstanceOfSatisfying(
            OperationReply.Refused.class,
            no -> {
              assertThat(no.refusal().reason()).isEqualTo(Reason.PROVIDER_DOWN);
              assertThat(no.refusal().detail()).contains("has not answered 10 commands");
            });
    assertThat(pbx.commands).hasSize(asked);
    assertThat(core.status().why()).contains("has not answered 10 commands");

    // when it answers again
    pbx.answer = command -> CompletableFuture.completedStage(ProviderReply.ACCEPTED);
    core.pass(Duration.ofSeconds(10));

    // then one is tried, and all is as before
    assertThat(hold.get()).isInstanceOf(OperationReply.Accepted.class);
    core.time.settle();
    assertThat(pbx.commands).hasSize(asked + 1);
    assertThat(core.status().why()).isEmpty();
  }

  @Test
  void aProbeWithoutAReportIsAFailure() {
    pbx.probe = null;

    open();

    assertThat(core.status().state()).isEqualTo(State.FAILED);
    assertThat(core.status().why()).contains("the driver broke");
  }

  @Test
  void aDriverThatGoesWhileItOpensLeavesNoLink() {
    // given
    pbx.linkComesUp = false;
    pbx.whileOpening =
        () -> {
          pbx.last().linkUp();
          core.time.settle();
          core.core.providers().removeDriver(pbx);
          core.time.settle();
        };

    // when
    open();

    // then
    assertThat(core.status().state()).isEqualTo(State.WAITING);
    assertThat(pbx.last().closed).isTrue();
    assertThat(
            core.answer(
                () ->
                    core.core
                        .sessions()
                        .operate(
                            new SessionRequest.MakeCall(
                                CoreFixture.ALICE, "pbx", new Address("1"), new Address("2")))))
        .isInstanceOfSatisfying(
            OperationReply.Refused.class,
            no -> assertThat(no.refusal().reason()).isEqualTo(Reason.PROVIDER_DOWN));
  }

  @Test
  void aRemovedConfigurationDrainsAndThenIsGone() {
    // given
    open();
    core.aliceAndBobTalk();

    // when
    core.core.providers().remove("pbx");
    core.time.settle();

    // then
    assertThat(core.status().state()).isEqualTo(State.DRAINING);
    pbx.leave("c1", "alice", Cause.Code.NORMAL);
    pbx.leave("c1", "bob", Cause.Code.NORMAL);
    core.pass(Duration.ofMinutes(1));
    assertThat(core.core.providers().provider("pbx")).isEmpty();
    assertThat(pbx.last().closed).isTrue();
    assertThat(core.time.timers()).isZero();
  }

  @Test
  void theNewestVersionIsOpenedUnlessOneIsPinned() {
    // given
    FakeDriver newer = new FakeDriver();
    core.install(pbx, "1.9.0");
    core.install(newer, "1.10.0");

    // when
    core.configure("host", "pbx.example");

    // then
    assertThat(core.status().driverVersion()).isEqualTo("1.10.0");
    core.configure("host", "pbx.example", "version", "1.9.0");
    assertThat(core.status().driverVersion()).isEqualTo("1.9.0");
    assertThat(newer.last().closed).isTrue();
  }

  @Test
  void closingLeavesEveryPbx() {
    // given
    open();
    core.aliceAndBobTalk();

    // when
    core.core.providers().close();
    core.pass(Duration.ofSeconds(12));

    // then
    assertThat(pbx.last().closed).isTrue();
    assertThat(core.time.timers()).isZero();
  }
}
