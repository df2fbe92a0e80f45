package org.jackfield.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.SessionId;
import org.jackfield.core.FakeDriver;
import org.jackfield.core.session.Inbox.Work;
import org.junit.jupiter.api.Test;

/** What waits for a lane keeps its order and its bounds. */
class InboxTest {
  private static final ProviderLink LINK =
      new ProviderLink() {
        @Override
        public void send(Command command, Consumer<CommandResult> done) {}

        @Override
        public void requestSnapshot() {}
      };
  private static final ProviderEvent UP = new ProviderEvent.LinkUp(FakeDriver.ALL, Map.of());
  private static final ProviderEvent DOWN =
      new ProviderEvent.LinkDown(Cause.of(Cause.Code.PROVIDER_LOST));

  private final Inbox inbox = new Inbox();

  private static Work.Fact fact(ProviderEvent event) {
    return new Work.Fact(LINK, event);
  }

  private static Work.Fact rings(int call) {
    return fact(
        new ProviderEvent.ConnectionChanged(
            new CallId("c" + call), FakeDriver.connection("bob", ConnectionState.OFFERING)));
  }

  private static Work.Request request(long session) {
    return new Work.Request(Optional.of(new SessionId(session)), () -> {});
  }

  private List<Work> facts() {
    List<Work> all = new ArrayList<>();
    for (Work work = inbox.nextFact(); work != null; work = inbox.nextFact()) {
      all.add(work);
    }
    return all;
  }

  @Test
  void factsAndSignalsKeepTheirOrderAndRequestsWaitApart() {
    // given
    Runnable signal = () -> {};
    Work.Request asked = request(1);
    inbox.fact(rings(1));
    inbox.signal(signal);
    assertThat(inbox.request(asked)).isTrue();
    inbox.fact(rings(2));
    assertThat(inbox.isEmpty()).isFalse();

    // then
    assertThat(facts()).containsExactly(rings(1), new Work.Signal(signal), rings(2));
    assertThat(inbox.isEmpty()).as("the request still waits").isFalse();
    assertThat(inbox.nextRequest()).isSameAs(asked);
    assertThat(inbox.nextRequest()).isNull();
    assertThat(inbox.isEmpty()).isTrue();
  }

  @Test
  void aFullQueueOfFactsIsDroppedWholeAndThePictureIsAskedForInstead() {
    // given
    Runnable deadline = () -> {};
    inbox.signal(deadline);
    for (int i = 0; i < Inbox.FACTS; i++) {
      inbox.fact(rings(i));
    }

    // when
    inbox.fact(rings(4711));

    // then
    assertThat(facts())
        .as("signals cannot be had again, facts can")
        .containsExactly(new Work.Signal(deadline), new Work.FactsDropped(LINK), rings(4711));
  }

  @Test
  void asManyFactsAsThereIsRoomForAreKept() {
    for (int i = 0; i < Inbox.FACTS; i++) {
      inbox.fact(rings(i));
    }

    assertThat(facts()).hasSize(Inbox.FACTS).doesNotContain(new Work.FactsDropped(LINK));
  }

  @Test
  void factsThatWereTakenMakeRoomAndSignalsTakeNone() {
    // given
    for (int i = 0; i < Inbox.FACTS; i++) {
      inbox.fact(rings(i));
    }
    inbox.signal(() -> {});
    assertThat(inbox.nextFact()).isEqualTo(rings(0));

    // when
    inbox.fact(rings(4711));

    // then
    assertThat(facts()).hasSize(Inbox.FACTS + 1).doesNotContain(new Work.FactsDropped(LINK));

    // and a signal that was taken has made no room
    inbox.signal(() -> {});
    facts();
    for (int i = 0; i <= Inbox.FACTS; i++) {
      inbox.fact(rings(i));
    }
    assertThat(facts()).containsExactly(new Work.FactsDropped(LINK), rings(Inbox.FACTS));
  }

  @Test
  void theLastWordOnTheLinkIsNotDropped() {
    // given
    inbox.fact(fact(DOWN));
    inbox.fact(rings(0));
    inbox.fact(fact(UP));
    for (int i = 3; i < Inbox.FACTS; i++) {
      inbox.fact(rings(i));
    }

    // when
    inbox.fact(rings(4711));

    // then
    assertThat(facts())
        .as("how the link is cannot be asked for again")
        .containsExactly(fact(UP), new Work.FactsDropped(LINK), rings(4711));
  }

  @Test
  void theWordOnTheLinkThatWasKeptCountsAsOne() {
    // given
    inbox.fact(fact(DOWN));
    for (int i = 1; i <= Inbox.FACTS; i++) {
      inbox.fact(rings(i));
    }

    // when: one was kept and one has come, so that there is room for two fewer
    for (int i = 0; i < Inbox.FACTS - 2; i++) {
      inbox.fact(rings(i));
    }
    assertThat(inbox.nextFact()).isEqualTo(fact(DOWN));
    inbox.fact(rings(4711));

    // then
    assertThat(facts())
        .as("not dropped a second time")
        .hasSize(1 + Inbox.FACTS)
        .startsWith(new Work.FactsDropped(LINK), rings(Inbox.FACTS));
  }

  @Test
  void ofTwoTimesDroppedOneQuestionIsLeft() {
    for (int i = 0; i < 2 * Inbox.FACTS + 1; i++) {
      inbox.fact(rings(i));
    }

    assertThat(facts()).containsExactly(new Work.FactsDropped(LINK), rings(2 * Inbox.FACTS));
  }

  @Test
  void oneSessionDoesNotTakeTheRoomOfTheOthers() {
    // given
    for (int i = 0; i < Inbox.REQUESTS_OF_ONE_SESSION; i++) {
      assertThat(inbox.request(request(1))).as("request %d", i).isTrue();
    }

    // then
    assertThat(inbox.request(request(1))).isFalse();
    assertThat(inbox.request(request(2))).isTrue();
    assertThat(inbox.request(new Work.Request(Optional.empty(), () -> {}))).isTrue();

    // and one that was taken makes room for one
    inbox.nextRequest();
    assertThat(inbox.request(request(1))).isTrue();
    assertThat(inbox.request(request(1))).isFalse();
  }

  @Test
  void moreRequestsThanThereIsRoomForAreRefused() {
    // given
    for (int i = 0; i < Inbox.REQUESTS; i++) {
      assertThat(inbox.request(request(i))).as("request %d", i).isTrue();
    }

    // then
    assertThat(inbox.request(request(4711))).isFalse();
    inbox.nextRequest();
    assertThat(inbox.request(request(4711))).isTrue();
  }

  @Test
  void aSessionThatAsksForEverIsServedForEver() {
    for (int i = 0; i < 3 * Inbox.REQUESTS_OF_ONE_SESSION; i++) {
      assertThat(inbox.request(request(1))).as("request %d", i).isTrue();
      assertThat(inbox.request(request(1))).as("a second one").isTrue();
      assertThat(inbox.nextRequest()).isNotNull();
      assertThat(inbox.nextRequest()).isNotNull();
    }
  }
}
