package org.jackfield.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jackfield.core.FakeDriver.connection;

import java.time.Duration;
import java.util.List;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.CallSnapshot;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionId;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** What is over stays over, unless nobody had told that it is. */
class LateFactsTest {
  private final CoreFixture core = CoreFixture.open();
  private final FakeDriver pbx = core.driver;

  @Test
  void aCallThatEverybodyLeftStaysOverWhateverAPictureSays() {
    // given
    core.aliceAndBobTalk();
    pbx.leave("c1", "bob", Cause.Code.NORMAL);
    pbx.leave("c1", "alice", Cause.Code.NORMAL);
    core.sessions();

    // when
    pbx.last()
        .report(
            new ProviderEvent.Snapshot(
                List.of(
                    new CallSnapshot(
                        new CallId("c1"),
                        List.of(connection("carol", ConnectionState.OFFERING))))));

    // then
    assertThat(core.sessions()).isEmpty();
    assertThat(core.core.isEmpty()).isTrue();
  }

  @Test
  void aCallThatAPictureMissedComesBackWhenThePbxTellsOfIt() {
    // given
    core.aliceAndBobTalk();
    pbx.last().report(new ProviderEvent.Snapshot(List.of()));
    assertThat(core.sessions()).isEmpty();

    // when
    pbx.set("c1", "bob", ConnectionState.ON_HOLD);

    // then
    assertThat(core.session().parties())
        .singleElement()
        .satisfies(p -> assertThat(p.address().value()).isEqualTo("bob"));
  }

  @Test
  void aCallThatGoesThereAndBackIsNoCircle() {
    // given
    String one = "jf-" + new SessionId(1);
    String two = "jf-" + new SessionId(2);
    pbx.set(one, "alice", ConnectionState.CONNECTED);
    pbx.set(two, "bob", ConnectionState.CONNECTED);
    core.sessions();
    pbx.merge(one, two);
    core.sessions();

    // when
    pbx.merge(two, one);
    Session left = core.session();

    // then
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> assertThat(core.core.sessions().mergedInto(new SessionId(2))).contains(left.id()));
  }
}
