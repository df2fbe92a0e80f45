package org.jackfield.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Collectors;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.ConnectionId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What has changed between two topologies is named, what went first, with the cause told. */
class ObservationTest {
  private static final Map<ConnectionId, Cause> LEFT =
      Map.of(
          Scene.ALICE,
          Cause.NORMAL,
          Scene.BOB,
          Cause.of(Cause.Code.PICKUP),
          Scene.CAROL,
          Cause.of(Cause.Code.NO_ANSWER));

  @ParameterizedTest(name = "from {0} and {1} to {2} and {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
"""
alice=connected bob=connected       | ''                           | alice=connected bob=connected       | ''                            | TransferorRetrieved
alice=connected bob=connected       | ''                           | alice=connected/held bob=onHold     | ''                            | TransferorHeld
alice=connected/held bob=onHold     | ''                           | alice=connected/held bob=onHold     | bob=dialtone                  | ConsultationOpened TransferorHeld
alice=connected/held bob=onHold     | bob=dialtone                 | alice=connected/held bob=onHold     | bob=ringback carol=offering   | ConsultationOpened TransferorHeld TargetAlerting
alice=connected/held bob=onHold     | bob=dialtone                 | alice=connected/held bob=onHold     | bob=busy                      | ConsultationOpened TransferorHeld TargetBusy
alice=connected/held bob=onHold     | bob=ringback carol=offering  | alice=connected/held bob=onHold     | bob=connected carol=connected | ConsultationOpened TransferorHeld TargetAnswered
alice=connected/held bob=onHold     | bob=ringback carol=offering  | alice=connected/held bob=onHold     | bob=ringback                  | TargetFailed:noAnswer ConsultationOpened TransferorHeld TargetAlerting
alice=connected/held bob=onHold     | bob=ringback carol=offering  | alice=connected/held bob=onHold     | ''                            | TargetFailed:noAnswer ConsultationOver:pickup TransferorHeld
alice=connected/held bob=onHold     | bob=connected carol=connected | alice=connected/held bob=onHold    | ''                            | TargetLeft:noAnswer ConsultationOver:pickup TransferorHeld
alice=connected/held bob=onHold     | bob=connected carol=connected | alice=connected carol=connected    | ''                            | TransferorLeft:pickup TransferorLeft:unknown TargetAnswered Joined
alice=connected/held                | bob=connected carol=connected | alice=connected carol=connected    | ''                            | TransferorLeft:pickup TransferorLeft:unknown TargetAnswered Joined
alice=connected/held bob=onHold carol=offering | ''                | alice=connected carol=connected     | ''                            | TransferorLeft:pickup TransferorLeft:unknown TargetAnswered Joined
alice=connected bob=connected       | ''                           | bob=connected                       | ''                            | TransfereeLeft:normal TransfereeLeft:unknown TransferorRetrieved
alice=connected bob=connected       | ''                           | ''                                  | ''                            | TransferorLeft:pickup TransfereeLeft:normal TransferorLeft:unknown TransfereeLeft:unknown
bob=connected                       | ''                           | bob=connected                       | ''                            | TransfereeLeft:unknown TransferorRetrieved
alice=connected                     | ''                           | alice=connected                     | ''                            | TransferorLeft:unknown
alice=connected bob=connected       | ''                           | alice=connected dave=connected      | ''                            | TransferorLeft:pickup TransferorLeft:unknown Overtaken
alice=connected bob=onHold          | bob=connected carol=connected | alice=conferenced bob=conferenced carol=conferenced | ''          | TargetAnswered Conferenced TransferorRetrieved
alice=connected carol=offering      | ''                           | alice=connected eve=offering        | ''                            | TargetFailed:noAnswer TransferorLeft:unknown TargetAlerting Joined
alice=connected carol=connected     | ''                           | alice=connected eve=connected       | ''                            | TargetLeft:noAnswer TransferorLeft:unknown TargetAnswered Joined
""")
  void namesWhatHappened(
      String homeBefore, String awayBefore, String homeNow, String awayNow, String expected) {
    Topology before = Parties.at(homeBefore, awayBefore);
    Topology now = Parties.at(homeNow, awayNow);

    String facts =
        Observation.between(before, now, LEFT).stream()
            .map(ObservationTest::name)
            .collect(Collectors.joining(" "));

    assertThat(facts).isEqualTo(expected);
    assertThat(Observation.between(before, now, LEFT))
        .as("what stands comes last")
        .endsWith(Observation.standing(now).toArray(TransferInput.Fact[]::new));
  }

  private static String name(TransferInput.Fact fact) {
    return switch (fact) {
      case TransferInput.TransferorLeft f -> f.kind() + ":" + f.cause().code().text();
      case TransferInput.TransfereeLeft f -> f.kind() + ":" + f.cause().code().text();
      case TransferInput.TargetLeft f -> f.kind() + ":" + f.cause().code().text();
      case TransferInput.TargetFailed f -> f.kind() + ":" + f.cause().code().text();
      case TransferInput.ConsultationOver f -> f.kind() + ":" + f.cause().code().text();
      default -> fact.kind();
    };
  }
}
