package org.jackfield.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.session.Address;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.RecallRung;
import org.jackfield.api.transfer.ReleaseWhen;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is asked of the PBX for each act, by the plan and by where the parties are. */
class CommandsTest {
  private static final Address TARGET = new Address("103");

  private static Effect.Act act(String text) {
    return switch (text) {
      case "redirect" -> new Effect.RedirectCall(TARGET, ReleaseWhen.ON_ANSWER);
      case "consult" -> new Effect.OpenConsultation(Optional.empty());
      case "oneStep" -> new Effect.OpenConsultation(Optional.of(TARGET));
      case "hold" -> new Effect.HoldCall();
      case "place" -> new Effect.PlaceCall(TARGET);
      case "end" -> new Effect.EndConsultation();
      case "dial" -> new Effect.DialTarget(TARGET);
      case "alternate" -> new Effect.AlternateCalls();
      case "join" -> new Effect.JoinCalls(CompleteAs.TRANSFER);
      case "conference" -> new Effect.JoinCalls(CompleteAs.CONFERENCE);
      case "release" -> new Effect.ReleaseTransferor();
      case "restore" -> new Effect.RestoreCall();
      case "clearTarget" -> new Effect.ClearTarget();
      case "recall" -> new Effect.RecallTransferee(new RecallRung.ToTransferor());
      case "recall104" -> new Effect.RecallTransferee(new RecallRung.ToAddress(new Address("104")));
      case "park" -> new Effect.RecallTransferee(new RecallRung.ToPark(new Address("*70")));
      case "clearRest" -> new Effect.ClearRest();
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static String text(Command command) {
    return command
        .toString()
        .replaceAll("\\w+\\[value=([^]]*)]", "$1")
        .replaceFirst("id=\\d+, ", "")
        .replaceAll("\\w+=", "");
  }

  /** Bob's phone is 102; the calls are home and away, and a new one will be called next. */
  @ParameterizedTest(name = "{0}, {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
"""
REDIRECT  | before      | redirect    | BlindTransfer[home, bob, 103, ON_ANSWER]
CONSULT   | before      | consult     | Consult[home, bob, next, Optional.empty]
ONE_STEP  | before      | oneStep     | Consult[home, bob, next, Optional[103]]
CONSULT   | opened      | dial        | Dial[away, bob, 103]
CONSULT   | held        | dial        | ''
NEW_CALL  | before      | hold        | Hold[home, bob]
NEW_CALL  | held        | place       | MakeCall[next, 102, 103]
NEW_CALL  | opened      | end         | ClearAll[away]
NEW_CALL  | held        | end         | ''
CONSULT   | conferenced | release     | Clear[home, bob]
CONSULT   | delivered   | release     | ''
# each end of the transferor is named as it is in the call that is active
CONSULT   | answered    | alternate   | Alternate[home, away, bob]
CONSULT   | opened      | alternate   | Alternate[home, away, bob-2]
CONSULT   | alternated  | alternate   | Alternate[away, home, bob]
HELD_CALL | alternated  | alternate   | Alternate[away, home, bob]
CONSULT   | held        | alternate   | ''
CONSULT   | answered    | join        | Complete[home, away, bob, TRANSFER]
CONSULT   | answered    | conference  | Complete[home, away, bob, CONFERENCE]
CONSULT   | held        | join        | ''
# one of TAPI's two ways to cancel, never both
CONSULT   | answered    | restore     | Retrieve[home, bob]
CONSULT   | alternated  | restore     | Clear[away, bob]
CONSULT   | before      | restore     | Retrieve[home, bob]
CONSULT noRetrieve | answered | restore | Clear[away, bob]
CONSULT noRetrieve | held | restore    | Retrieve[home, bob]
ONE_STEP  | ringing     | restore     | Retrieve[home, bob]
REDIRECT  | ringsHome   | restore     | Retrieve[home, bob]
# a call that was held before is held again, never cleared
HELD_CALL | answered    | restore     | Alternate[home, away, bob]
HELD_CALL | alternated  | restore     | ''
HELD_CALL | held        | restore     | Retrieve[home, bob]
HELD_CALL | alice=connected/held bob=onHold ; bob=onHold carol=connected | restore | Retrieve[home, bob]
# a new call must be over before the first is taken back
NEW_CALL  | ringing     | restore     | ClearAll[away]
NEW_CALL  | retrieved   | restore     | ClearAll[away]
NEW_CALL  | held        | restore     | Retrieve[home, bob]
NEW_CALL  | before      | restore     | ''
# what rings for the transferee
CONSULT   | ringing     | clearTarget | ClearAll[away]
CONSULT   | waitsRinging | clearTarget | Clear[home, carol]
CONSULT   | waits       | clearTarget | ''
# the ladder
CONSULT   | waits       | recall      | Recall[home, alice, 102]
CONSULT   | held        | recall      | Retrieve[home, bob]
CONSULT   | waits       | recall104   | Recall[home, alice, 104]
CONSULT   | waits       | park        | Park[home, alice, *70]
CONSULT   | bobHolds    | recall      | ''
CONSULT   | nobody      | recall104   | ''
# all that is left; a call that was there before stays with the transferor
CONSULT   | bobRings    | clearRest   | ClearAll[home] ClearAll[away]
CONSULT   | held        | clearRest   | ClearAll[home]
CONSULT   | waits       | clearRest   | ClearAll[home]
CONSULT   | carol=connected ; | clearRest | ClearAll[home]
CONSULT   | carolAlone  | clearRest   | ClearAll[away]
CONSULT   | nobody      | clearRest   | ''
HELD_CALL | bobTalks    | clearRest   | ClearAll[home]
HELD_CALL | waitsTarget | clearRest   | ClearAll[home] ClearAll[away]
""")
  void asksThePbx(String opening, String place, String act, String expected) {
    String[] words = opening.split(" ");
    Topology now = Parties.at(place);
    Set<Operation> can = EnumSet.allOf(Operation.class);
    if (words.length > 1) {
      can.remove(Operation.RETRIEVE);
    }
    AtomicLong ids = new AtomicLong();

    List<Command> commands =
        new Commands(
                new CallId("home"),
                now.awayLive() ? Optional.of(new CallId("away")) : Optional.empty(),
                new CallId("next"),
                Scene.BOB,
                Opening.valueOf(words[0]),
                new Address("102"),
                Capabilities.of(can, Set.of()))
            .of(act(act), now, () -> new CommandId(ids.incrementAndGet()));

    assertThat(commands.stream().map(CommandsTest::text).collect(Collectors.joining(" ")))
        .isEqualTo(expected);
    assertThat(commands).extracting(c -> c.id().value()).doesNotHaveDuplicates();
  }

  /** An act that was asked for before its intent was durable is withdrawn when it is pointless. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
"""
redirect    | redirecting
consult     | holding, holding placed, consulting UNDIALLED redial
oneStep     | holding, holding placed, consulting UNDIALLED redial
hold        | holding
place       | holding placed, consulting UNDIALLED redial
dial        | consulting DIALLING, consulting ANSWERED, consulting FAILED, consulting UNDIALLED redial
end         | consulting DIALLING, consulting FAILED, consulting UNDIALLED redial, reverting GIVE_WAY
alternate   | holding, holding placed, consulting DIALLING, consulting ANSWERED, consulting FAILED, consulting UNDIALLED redial, completing ALTERNATING
join        | completing JOINING
release     | completing RELEASING
restore     | reverting RESTORE
clearTarget | reverting RESTORE, reverting RESTORE HOLD_STILL, reverting RECALL, reverting CLEAR, reverting AWAIT, reverting GIVE_WAY
recall      | reverting RECALL
clearRest   | reverting CLEAR
""")
  void isWantedOnlyWhileItsStateLasts(String act, String wantedIn) {
    List<String> all =
        List.of(
            "redirecting",
            "holding",
            "holding placed",
            "consulting DIALLING",
            "consulting ANSWERED",
            "consulting FAILED",
            "consulting UNDIALLED redial",
            "completing ALTERNATING",
            "completing JOINING",
            "completing JOINED_BY_OTHERS",
            "completing RELEASING",
            "reverting AWAIT",
            "reverting RESTORE",
            "reverting RESTORE HOLD_STILL",
            "reverting RECALL",
            "reverting CLEAR",
            "reverting GIVE_WAY",
            "ended");

    assertThat(all.stream().filter(state -> Commands.wanted(act(act), Cell.state(state))))
        .containsExactlyInAnyOrderElementsOf(Arrays.asList(wantedIn.split(", ")));
  }
}
