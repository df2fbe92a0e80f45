package org.jackfield.core.arbiter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jackfield.core.arbiter.Desk.ALICE;
import static org.jackfield.core.arbiter.Desk.BOB;
import static org.jackfield.core.arbiter.Desk.party;

import java.util.List;
import java.util.Map;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.policy.AutoChoice;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.Need;
import org.jackfield.api.transfer.RecallRung;
import org.jackfield.api.transfer.ReleaseWhen;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferPlan;
import org.jackfield.api.transfer.TransferPlan.Kind;
import org.junit.jupiter.api.Test;

/**
 * What a plan says before it is done: its steps in order, who hears and sees whom in each phase,
 * what is lost against the ideal, and the step after which there is no way back.
 */
class PlanTextTest {
  private static final String RINGS_FROM_BOB =
      """
      holding: 101 hears music on hold and sees 102
      consulting: 102 hears ringback and sees 103
      consulting: 103 rings and sees 102
      """;
  private static final String SPOKEN =
      "consulting: 102 and 103 hear each other when 103 has answered\n";
  private static final String JOINED = "ended: 101 and 103 hear and see each other, 102 is out\n";

  private static Desk desk() {
    return new Desk();
  }

  private static String steps(TransferPlan plan) {
    StringBuilder text = new StringBuilder();
    plan.steps()
        .forEach(s -> text.append(s.operation()).append(": ").append(s.text()).append('\n'));
    return text + "no way back after step " + plan.irreversibleAfter() + "\n";
  }

  private static String voices(TransferPlan plan) {
    return String.join("\n", plan.identities()) + "\n";
  }

  /** What is said of the facts and rules that settled it. */
  private static List<String> reasons(TransferPlan plan) {
    return plan.reasons().stream()
        .map(r -> r.source() + ": " + r.text() + " => " + r.effect())
        .toList();
  }

  private static final String AUTO_RULE =
      "rule: auto is blind where it can be recovered, else consultation => ";
  private static final String HOME =
      "rule: shipped => who cannot be delivered goes to the transferor";

  @Test
  void blindReleasedOnAnswer() {
    TransferPlan plan = desk().plan(TransferMode.AUTO);

    assertThat(steps(plan))
        .isEqualTo(
            """
            BLIND_TRANSFER: send 101 to 103, release 102 when it answers
            no way back after step 1
            """);
    assertThat(voices(plan))
        .isEqualTo(
            """
            redirecting: 101 hears ringback and sees 103
            redirecting: 103 rings and sees 101
            redirecting: 102 hears nothing until 103 answers
            """
                + JOINED);
    assertThat(plan.loss()).containsExactly("nobody speaks with the target first");
    assertThat(reasons(plan))
        .containsExactly(
            AUTO_RULE + "blind is chosen",
            "fact: the PBX keeps the transferor until the target answers"
                + " => a target that fails is undone",
            HOME);
    assertThat(plan.mode()).isEqualTo(TransferMode.BLIND);
    assertThat(plan.complete()).isEqualTo(CompleteWhen.ON_ANSWER);
    assertThat(plan.release()).isEqualTo(ReleaseWhen.ON_ANSWER);
    assertThat(plan.completeAs()).isEqualTo(CompleteAs.TRANSFER);
    assertThat(plan.timeouts()).isEqualTo(Preferences.SHIPPED.timeouts());
  }

  @Test
  void blindReleasedAtOnceBecauseThePbxCannotWait() {
    TransferPlan plan = desk().without(Trait.RELEASE_ON_ANSWER).plan(TransferMode.BLIND);

    assertThat(steps(plan))
        .isEqualTo(
            """
            BLIND_TRANSFER: send 101 to 103, release 102 at once
            no way back after step 1
            """);
    assertThat(voices(plan)).contains("redirecting: 102 is out at once\n");
    assertThat(plan.loss())
        .containsExactly(
            "nobody speaks with the target first",
            "no proof of answer before the transferor is out: a failure goes down the ladder");
    assertThat(reasons(plan))
        .containsExactly(
            "rule: the request asks for blind => blind is chosen",
            "fact: the PBX cannot keep the transferor until the target answers"
                + " => it is released when the transfer is accepted",
            HOME);
    assertThat(plan.release()).isEqualTo(ReleaseWhen.ON_ACCEPT);
  }

  @Test
  void blindReleasedAtOnceBecauseItIsAskedFor() {
    TransferPlan plan = desk().release(ReleaseWhen.ON_ACCEPT).plan(TransferMode.BLIND);

    assertThat(plan.release()).isEqualTo(ReleaseWhen.ON_ACCEPT);
    assertThat(plan.loss()).hasSize(2);
    assertThat(reasons(plan))
        .as("it is no fact of the PBX")
        .containsExactly("rule: the request asks for blind => blind is chosen", HOME);
    assertThat(desk().release(ReleaseWhen.ON_ANSWER).plan(TransferMode.BLIND).release())
        .isEqualTo(ReleaseWhen.ON_ANSWER);
  }

  @Test
  void consultation() {
    TransferPlan plan = desk().plan(TransferMode.CONSULTATION);

    assertThat(steps(plan))
        .isEqualTo(
            """
            CONSULT: put 101 on consultation hold, open a second call
            DIAL: dial 103
            COMPLETE: join 101 and 103, when asked, alternating back first if 102 talks with 101
            CONFERENCE: only if the PBX refuses to: make a conference, and take 102 out of it
            no way back after step 3
            """);
    assertThat(voices(plan)).isEqualTo(RINGS_FROM_BOB + SPOKEN + JOINED);
    assertThat(plan.loss()).containsExactly("time: the transferee waits on hold meanwhile");
    assertThat(reasons(plan))
        .containsExactly("rule: the request asks for consultation => consultation is chosen", HOME);
    assertThat(plan.mode()).isEqualTo(TransferMode.CONSULTATION);
    assertThat(plan.complete()).isEqualTo(CompleteWhen.MANUAL);
    assertThat(plan.release()).isEqualTo(ReleaseWhen.ON_ANSWER);
  }

  @Test
  void consultationWherePbxCannotAlternate() {
    assertThat(steps(desk().without(Operation.ALTERNATE).plan(TransferMode.CONSULTATION)))
        .contains("COMPLETE: join 101 and 103, when asked\n");
    assertThat(steps(desk().complete(CompleteWhen.ON_ANSWER).plan(TransferMode.CONSULTATION)))
        .contains("COMPLETE: join 101 and 103, when 103 answers\n");
    assertThat(steps(desk().complete(CompleteWhen.ON_RINGING).plan(TransferMode.CONSULTATION)))
        .contains("COMPLETE: join 101 and 103, when 103 rings\n");
  }

  @Test
  void oneStep() {
    TransferPlan plan = desk().plan(TransferMode.ONE_STEP);

    assertThat(steps(plan))
        .isEqualTo(
            """
            ONE_STEP_CONSULT: put 101 on consultation hold and dial 103 in one step
            COMPLETE: join 101 and 103, when 103 answers
            CONFERENCE: only if the PBX refuses to: make a conference, and take 102 out of it
            no way back after step 2
            """);
    assertThat(voices(plan)).isEqualTo(RINGS_FROM_BOB + SPOKEN + JOINED);
    assertThat(plan.loss())
        .containsExactly(
            "time: the transferee waits on hold meanwhile",
            "the consultation dials by itself: no control of the dialling");
    assertThat(plan.mode()).isEqualTo(TransferMode.ONE_STEP);
    assertThat(plan.complete()).isEqualTo(CompleteWhen.ON_ANSWER);
  }

  @Test
  void newCall() {
    TransferPlan plan =
        desk()
            .without(Operation.CONSULT, Operation.ONE_STEP_CONSULT)
            .plan(TransferMode.CONSULTATION);

    assertThat(steps(plan))
        .isEqualTo(
            """
            HOLD: put 101 on hold
            MAKE_CALL: call 103 from 102
            COMPLETE: join 101 and 103, when asked, alternating back first if 102 talks with 101
            CONFERENCE: only if the PBX refuses to: make a conference, and take 102 out of it
            no way back after step 3
            """);
    assertThat(voices(plan)).isEqualTo(RINGS_FROM_BOB + SPOKEN + JOINED);
    assertThat(plan.loss())
        .containsExactly(
            "time: the transferee waits on hold meanwhile",
            "the transferor's phone shows two calls");
    assertThat(plan.mode()).isEqualTo(TransferMode.CONSULTATION);
  }

  @Test
  void heldCall() {
    TransferPlan plan = desk().toHeld().plan(TransferMode.CONSULTATION);

    assertThat(steps(plan))
        .isEqualTo(
            """
            ALTERNATE: put 101 on hold, take the call with 104 back
            COMPLETE: join 101 and 104, when asked, alternating back first if 102 talks with 101
            CONFERENCE: only if the PBX refuses to: make a conference, and take 102 out of it
            no way back after step 2
            """);
    assertThat(voices(plan))
        .isEqualTo(
            """
            holding: 101 hears music on hold and sees 102
            consulting: 102 and 104 hear and see each other, as before
            ended: 101 and 104 hear and see each other, 102 is out
            """);
    assertThat(plan.loss()).isEmpty();
    assertThat(plan.mode()).isEqualTo(TransferMode.CONSULTATION);
    assertThat(steps(desk().toHeld().plan(TransferMode.AUTO)))
        .as("the target has answered long ago")
        .contains("COMPLETE: join 101 and 104 at once\n");
  }

  @Test
  void earlyCompletion() {
    TransferPlan plan = desk().without(Operation.BLIND_TRANSFER).plan(TransferMode.BLIND);

    assertThat(plan.kind()).isEqualTo(Kind.EARLY_COMPLETION);
    assertThat(steps(plan))
        .isEqualTo(
            """
            CONSULT: put 101 on consultation hold, open a second call
            DIAL: dial 103
            COMPLETE: join 101 and 103, when 103 rings
            no way back after step 3
            """);
    assertThat(voices(plan))
        .isEqualTo(
            RINGS_FROM_BOB
                + "completing: 101 hears ringback while 103 rings, 102 is out\n"
                + JOINED);
    assertThat(plan.loss())
        .containsExactly(
            "time: the transferee waits on hold meanwhile",
            "nobody speaks with the target first; no cancelling once it rings",
            "the target sees the transferor calling, and the bill may name it");
    assertThat(reasons(plan))
        .containsExactly(
            "rule: the request asks for blind => earlyCompletion is chosen",
            "fact: the PBX has no blind transfer, but completes while the target rings"
                + " => the transferor is released when it rings: a blind transfer, emulated",
            HOME);
    assertThat(plan.mode()).isEqualTo(TransferMode.BLIND);
    assertThat(plan.complete()).isEqualTo(CompleteWhen.ON_RINGING);
    assertThat(plan.release()).isEqualTo(ReleaseWhen.ON_ACCEPT);
  }

  @Test
  void earlyCompletionOverEachWayToASecondCall() {
    Desk noSetup = desk().without(Operation.BLIND_TRANSFER, Operation.CONSULT);
    assertThat(noSetup.plan(TransferMode.BLIND).loss())
        .contains("the consultation dials by itself: no control of the dialling");
    Desk onlyNew = noSetup.without(Operation.ONE_STEP_CONSULT);
    assertThat(onlyNew.plan(TransferMode.BLIND).loss())
        .contains("the transferor's phone shows two calls");
    assertThat(steps(onlyNew.plan(TransferMode.BLIND))).startsWith("HOLD: ");
  }

  @Test
  void conferenceAndDrop() {
    TransferPlan plan = desk().without(Trait.TRANSFER_NORM).plan(TransferMode.CONSULTATION);

    assertThat(plan.kind()).isEqualTo(Kind.CONFERENCE_AND_DROP);
    assertThat(steps(plan))
        .isEqualTo(
            """
            CONSULT: put 101 on consultation hold, open a second call
            DIAL: dial 103
            COMPLETE: make a conference of 102, 101 and 103, when asked,\
             alternating back first if 102 talks with 101
            CLEAR: take 102 out of the conference
            no way back after step 3
            """);
    assertThat(voices(plan))
        .isEqualTo(
            RINGS_FROM_BOB
                + SPOKEN
                + "completing: 102, 101 and 103 hear and see one another\n"
                + JOINED);
    assertThat(plan.loss())
        .containsExactly(
            "time: the transferee waits on hold meanwhile",
            "a conference port, for as long as they talk",
            "a tone may be heard, and the transferor is seen until it has dropped out");
    assertThat(reasons(plan))
        .containsExactly(
            "rule: the request asks for consultation => conferenceAndDrop is chosen",
            "rule: shipped => a conference may stand in for the transfer that the PBX does not"
                + " complete",
            HOME);
    assertThat(plan.mode()).isEqualTo(TransferMode.CONSULTATION);
  }

  /** By the policy a conference comes first, though the PBX joins two calls as well. */
  @Test
  void conferenceAndDropWhereTheCallsMayBeJoinedToo() {
    TransferPlan plan =
        desk()
            .policy(
                p ->
                    new Preferences(
                        List.of(AutoChoice.CONFERENCE_AND_DROP),
                        true,
                        p.timeouts(),
                        p.recall(),
                        p.rules()))
            .plan(TransferMode.AUTO);

    assertThat(steps(plan))
        .endsWith(
            """
            COMPLETE: only if the PBX refuses to: join 101 and 103
            CLEAR: take 102 out of the conference
            no way back after step 3
            """);
  }

  @Test
  void aConferenceOfAllThree() {
    TransferPlan plan = desk().asConference().plan(TransferMode.CONSULTATION);

    assertThat(steps(plan))
        .isEqualTo(
            """
            CONSULT: put 101 on consultation hold, open a second call
            DIAL: dial 103
            COMPLETE: make a conference of 102, 101 and 103, when asked,\
             alternating back first if 102 talks with 101
            no way back after step 3
            """);
    assertThat(voices(plan))
        .isEqualTo(
            RINGS_FROM_BOB
                + SPOKEN
                + "completing: 102, 101 and 103 hear and see one another\n"
                + "ended: all three talk in a conference\n");
    assertThat(plan.completeAs()).isEqualTo(CompleteAs.CONFERENCE);
    assertThat(plan.loss()).containsExactly("time: the transferee waits on hold meanwhile");
  }

  @Test
  void triesATransferWhereThePbxHasNotSaidWhatItCompletes() {
    Trait[] undeclared = {Trait.TRANSFER_NORM, Trait.TRANSFER_CONF};
    String fact =
        "fact: the PBX has not said whether it completes as a transfer or as a conference"
            + " (TRANSFERNORM and TRANSFERCONF are off) => ";

    TransferPlan falls = desk().without(undeclared).plan(TransferMode.CONSULTATION);
    assertThat(steps(falls))
        .contains(
            "CONFERENCE: only if the PBX refuses to: make a conference, and take 102 out of it\n");
    assertThat(falls.irreversibleAfter()).isEqualTo(3);
    assertThat(reasons(falls))
        .contains(fact + "a transfer is tried, a conference if that is refused");

    TransferPlan never =
        desk()
            .without(undeclared)
            .policy(p -> new Preferences(p.auto(), false, p.timeouts(), p.recall(), p.rules()))
            .plan(TransferMode.CONSULTATION);
    assertThat(steps(never)).doesNotContain("CONFERENCE");
    assertThat(reasons(never)).contains(fact + "a transfer is tried, and no conference");

    TransferPlan conference =
        desk().without(undeclared).asConference().plan(TransferMode.CONSULTATION);
    assertThat(steps(conference)).doesNotContain("CONFERENCE:");
    assertThat(reasons(conference)).contains(fact + "a conference is tried");

    assertThat(reasons(desk().without(undeclared).plan(TransferMode.BLIND)))
        .as("a blind transfer completes nothing")
        .noneMatch(r -> r.startsWith(fact));
    TransferPlan early =
        desk().without(undeclared).without(Operation.BLIND_TRANSFER).plan(TransferMode.BLIND);
    assertThat(early.kind()).isEqualTo(Kind.EARLY_COMPLETION);
    assertThat(steps(early)).doesNotContain("CONFERENCE");
    assertThat(reasons(desk().plan(TransferMode.CONSULTATION))).noneMatch(r -> r.startsWith(fact));
  }

  @Test
  void completesWhenItIsWantedAndThePbxCan() {
    assertThat(desk().complete(CompleteWhen.ON_RINGING).plan(TransferMode.ONE_STEP).complete())
        .isEqualTo(CompleteWhen.ON_RINGING);
    assertThat(desk().complete(CompleteWhen.MANUAL).plan(TransferMode.ONE_STEP).complete())
        .isEqualTo(CompleteWhen.MANUAL);
    assertThat(desk().needs(Need.SPEAK).plan(TransferMode.ONE_STEP).complete())
        .as("who wants to speak completes by hand")
        .isEqualTo(CompleteWhen.MANUAL);

    TransferPlan late =
        desk()
            .without(Trait.EARLY_COMPLETE)
            .complete(CompleteWhen.ON_RINGING)
            .plan(TransferMode.CONSULTATION);
    assertThat(late.complete()).isEqualTo(CompleteWhen.ON_ANSWER);
    assertThat(late.loss()).contains("the transferor waits for the answer");
    assertThat(reasons(late))
        .contains(
            "fact: the PBX does not complete while the target rings"
                + " => it is completed when the target answers");

    TransferPlan all =
        desk().asConference().complete(CompleteWhen.ON_RINGING).plan(TransferMode.CONSULTATION);
    assertThat(all.complete()).isEqualTo(CompleteWhen.ON_ANSWER);
    assertThat(reasons(all))
        .contains(
            "fact: nobody is conferenced who has not answered"
                + " => it is completed when the target answers");

    TransferPlan drop =
        desk()
            .without(Trait.TRANSFER_NORM)
            .complete(CompleteWhen.ON_RINGING)
            .plan(TransferMode.CONSULTATION);
    assertThat(drop.kind()).isEqualTo(Kind.CONFERENCE_AND_DROP);
    assertThat(drop.complete()).isEqualTo(CompleteWhen.ON_ANSWER);
  }

  @Test
  void theLadderIsTheRequestsElseThePolicysWithoutWhatThePbxHasNot() {
    RecallRung[] all = {
      new RecallRung.ToTransferor(),
      new RecallRung.ToAddress(new Address("105")),
      new RecallRung.ToPark(new Address("*70"))
    };

    TransferPlan own = desk().recall(all).plan(TransferMode.AUTO);
    assertThat(own.recall()).containsExactly(all);
    assertThat(reasons(own))
        .endsWith(
            "rule: the request names the recall ladder => who cannot be delivered goes to the"
                + " transferor, then to 105, then to the parking place *70");

    TransferPlan noPark = desk().without(Operation.PARK).recall(all).plan(TransferMode.AUTO);
    assertThat(noPark.recall()).containsExactly(all[0], all[1]);
    assertThat(reasons(noPark))
        .contains("fact: the PBX parks no call (PARK is off) => the rung of parking is left out");

    TransferPlan noRecall =
        desk().without(Operation.RECALL).recall(all[1], all[2]).plan(TransferMode.AUTO);
    assertThat(noRecall.recall()).containsExactly(all[2]);
    assertThat(reasons(noRecall))
        .contains(
            "fact: the PBX connects no party that waits (RECALL is off)"
                + " => the rung to 105 is left out");

    TransferPlan nothing =
        desk().without(Operation.RECALL, Operation.PARK).recall(all[1]).plan(TransferMode.AUTO);
    assertThat(nothing.recall())
        .as("never without a rung")
        .containsExactly(new RecallRung.ToTransferor());

    TransferPlan policys =
        desk()
            .policy(
                p ->
                    new Preferences(
                        p.auto(),
                        true,
                        p.timeouts(),
                        List.of(all[1]),
                        new Preferences.Rules("a", "c", "t", "desk 105")))
            .plan(TransferMode.AUTO);
    assertThat(policys.recall()).containsExactly(all[1]);
    assertThat(reasons(policys)).endsWith("rule: desk 105 => who cannot be delivered goes to 105");
  }

  @Test
  void allThatStayAreNamed() {
    Desk three =
        desk()
            .session(
                party(ALICE, "101", ConnectionState.CONNECTED),
                party(BOB, "102", ConnectionState.CONNECTED),
                party(new ConnectionId("eve"), "105", ConnectionState.CONNECTED),
                party(new ConnectionId("fred"), "106", ConnectionState.OFFERING));

    assertThat(steps(three.plan(TransferMode.BLIND)))
        .as("who only rings does not stay")
        .startsWith("BLIND_TRANSFER: send 101 and 105 to 103, release 102 when it answers");
  }

  @Test
  void whatIsRefusedAndReplannedKeepsItsWords() {
    Desk desk = desk().without(Operation.ONE_STEP_CONSULT);

    Decision again =
        desk.arbiter()
            .replan(
                desk.request(TransferMode.CONSULTATION),
                BOB,
                desk.situation(),
                Map.of(Kind.CONSULTATION, "out of lines"));

    assertThat(((Decision.Planned) again).kind()).isEqualTo(Kind.NEW_CALL);
    assertThat(((Decision.Planned) again).transferor().id()).isEqualTo(BOB);
    assertThat(((Decision.Planned) again).transferee().id()).isEqualTo(ALICE);
  }
}
