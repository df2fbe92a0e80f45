package org.jackfield.core.arbiter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jackfield.api.policy.DestinationGuard;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Refusal;
import org.junit.jupiter.api.Test;

/** Guards of other bundles: the first that refuses decides, and a broken one allows nothing. */
class FailClosedTest {
  private final List<String> asked = new ArrayList<>();

  private DestinationGuard guard(String name, Optional<Refusal> answer) {
    return (requester, session, transferor, target) -> {
      asked.add(name + " " + requester.principal() + " " + transferor.value() + " " + target);
      return answer;
    };
  }

  private static Optional<Refusal> no(String why) {
    return Optional.of(new Refusal(Reason.DESTINATION_BLOCKED, why));
  }

  private static Optional<Refusal> judged(DestinationGuard... guards) {
    return new FailClosed(List.of(guards))
        .judge(
            new Requester("operator", "rest", ""),
            new Desk().situation().session(),
            Desk.BOB,
            new Address("0190"));
  }

  @Test
  void theFirstThatRefusesDecides() {
    Optional<Refusal> answer =
        judged(
            guard("first", Optional.empty()),
            guard("second", no("premium rate")),
            guard("third", no("never asked")));

    assertThat(answer).isEqualTo(no("premium rate"));
    assertThat(asked).containsExactly("first operator bob 0190", "second operator bob 0190");
  }

  @Test
  void whatNobodyRefusesIsAllowed() {
    assertThat(judged()).isEmpty();
    assertThat(judged(guard("one", Optional.empty()), guard("two", Optional.empty()))).isEmpty();
    assertThat(asked).hasSize(2);
  }

  @Test
  void aBrokenGuardHasNotAllowedAnything() {
    DestinationGuard broken =
        (requester, session, transferor, target) -> {
          throw new IllegalStateException("its file is gone");
        };
    DestinationGuard gone =
        (requester, session, transferor, target) -> {
          throw new NoClassDefFoundError("of a bundle that was stopped");
        };

    assertThat(judged(broken, guard("behind it", Optional.empty())))
        .map(Refusal::reason)
        .contains(Reason.DESTINATION_BLOCKED);
    assertThat(judged(gone)).map(Refusal::reason).contains(Reason.DESTINATION_BLOCKED);
    assertThat(asked).isEmpty();
  }
}
