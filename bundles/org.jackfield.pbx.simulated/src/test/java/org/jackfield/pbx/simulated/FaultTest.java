package org.jackfield.pbx.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jackfield.pbx.simulated.Control.What;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a tester can make go wrong; the bench is the driver, and a second client is the tester. */
class FaultTest {

  private final Bench bench = new Bench("full").given("A", "1500", "1501");
  private final List<Message> testerHeard = new ArrayList<>();
  private final Pbx.Client tester =
      bench.pbx.attach(
          new Pbx.Outlet() {
            @Override
            public void tell(Message message) {
              testerHeard.add(message);
            }

            @Override
            public void cut() {
              throw new AssertionError("a tester's link is never cut");
            }
          });

  private void fault(What what, @Nullable String verb, int count, long ms, @Nullable String phone) {
    tester.command(new Control.Fault("f" + what + verb, what, verb, null, count, ms, phone));
  }

  private List<Long> seqs() {
    return bench.raw.stream()
        .filter(Message.Event.class::isInstance)
        .map(m -> ((Message.Event) m).seq())
        .toList();
  }

  @Test
  void aCommandIsRefused() {
    fault(What.REFUSE, "hold", 1, 0, null);

    assertThat(bench.ask("hold A 1500")).isEqualTo("refused operationUnavailable");
    assertThat(bench.ask("hold A 1500")).isEqualTo("accepted");
  }

  @Test
  void aCommandIsDoneAndNotAnswered() {
    fault(What.NO_ANSWER, null, 1, 0, null);

    bench.give(bench.parse("h", "hold", "A", "1500"));

    assertThat(bench.picture()).contains("A 1500 onHold");
    assertThat(bench.raw).noneMatch(m -> m instanceof Message.Answer a && a.command().equals("h"));
    assertThat(bench.witnessed).contains("hold accepted NO_ANSWER");
  }

  @Test
  void aCommandIsAcceptedAndNeverDone() {
    fault(What.NOT_DONE, "hold", 1, 0, null);

    assertThat(bench.ask("hold A 1500")).isEqualTo("accepted");
    assertThat(bench.picture()).containsExactly("A 1500 connected", "A 1501 connected");
  }

  @Test
  void aLostCommandCanBeGivenAgain() {
    fault(What.LOST, "hold", 1, 0, null);
    Command hold = bench.parse("h", "hold", "A", "1500");

    bench.give(hold);
    assertThat(bench.picture()).contains("A 1500 connected");
    bench.give(hold);

    assertThat(bench.picture()).contains("A 1500 onHold");
  }

  @Test
  void eventsComeTwice() {
    bench.raw.clear();
    fault(What.DUPLICATE, null, 1, 0, null);

    bench.when("hold A 1500");

    List<Long> seqs = seqs();
    assertThat(seqs.get(0)).isEqualTo(seqs.get(1));
  }

  @Test
  void eventsComeOutOfOrder() {
    bench.raw.clear();
    fault(What.REORDER, null, 1, 0, null);

    bench.when("hold A 1500");

    List<Long> seqs = seqs();
    assertThat(seqs.get(0)).isEqualTo(seqs.get(1) + 1);
  }

  @Test
  void allComesLate() {
    fault(What.DELAY, null, 1, 1000, null);

    assertThat(bench.ask("hold A 1500")).isEqualTo("silence");
    bench.pass(1000);
    assertThat(bench.heard()).containsExactly("A 1500 onHold", "A 1501 connected held");
  }

  @Test
  void theLinkIsCutAndTheCallsLiveOn() {
    fault(What.DROP_LINK, null, 1, 2000, null);

    assertThat(bench.cut).isTrue();
    assertThat(bench.pbx.attach(bench)).isNull();
    bench.pass(2000);
    assertThat(bench.pbx.attach(bench)).isNotNull();
    assertThat(bench.picture()).containsExactly("A 1500 connected", "A 1501 connected");
  }

  @Test
  void aPhoneDies() {
    fault(What.KILL_PHONE, null, 1, 0, "1500");

    assertThat(bench.heard()).contains("A 1500 idle outOfOrder", "A 1501 disconnected normal");
    bench.when("makeCall B 1600 1500").pass(100);
    assertThat(bench.heard()).contains("B 1600 disconnected outOfOrder");
  }
}
