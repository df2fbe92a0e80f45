package org.jackfield.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import org.jackfield.api.transfer.TransferPhase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Cells of the table of states and inputs, each with what it must lead to and the clause by which
 * it does. Columns: the state; the plan, with what the PBX may do; where the parties are; what
 * comes; what it leads to, with what is asked of the PBX and for how long is waited.
 */
class MachineCellsTest {
  private static void check(
      String state, String plan, String place, String input, String expected) {
    assertThat(Cell.of(state, plan, Parties.at(place), input).toString())
        .as("%s under %s, %s, %s", state, plan, place, input)
        .isEqualTo(expected);
  }

  /** Cancel, failure and time: transferor and transferee get their call back, or are let be. */
  @ParameterizedTest(name = "{0} | {1} | {2} | {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
"""
# cancel: the hold is undone by one command; before anything was seen the old topology proves nothing
consulting ANSWERED | CONSULTATION | answered    | cancel | reverting RESTORE HOLD cause:cancelled RestoreCall 10s
consulting ANSWERED | CONSULTATION | alternated  | cancel | reverting RESTORE HOLD cause:cancelled RestoreCall 10s
holding             | CONSULTATION | before      | cancel | reverting RESTORE unsettled HOLD cause:cancelled RestoreCall 10s
holding             | CONSULTATION | held        | cancel | reverting RESTORE HOLD cause:cancelled RestoreCall 10s
redirecting         | BLIND        | before      | cancel | reverting RESTORE unsettled HOLD cause:cancelled RestoreCall 10s
redirecting         | BLIND        | ringsHome   | cancel | reverting RESTORE HOLD cause:cancelled RestoreCall 10s
# a new call must be over first; a held call is held again
consulting ALERTING | NEW_CALL     | ringing     | cancel | reverting RESTORE NEW_CALL cause:cancelled RestoreCall 10s
holding             | NEW_CALL     | held        | cancel | reverting RESTORE HOLD cause:cancelled RestoreCall 10s
holding             | NEW_CALL     | before      | cancel | reverting RESTORE unsettled cause:cancelled RestoreCall 10s
consulting ANSWERED | HELD_CALL    | answered    | cancel | reverting RESTORE HOLD cause:cancelled RestoreCall 10s
consulting ANSWERED | HELD_CALL    | alternated  | cancel | reverting RESTORE unsettled cause:cancelled RestoreCall 10s
# who is not there any more is not given back: the ladder, or what is left is cleared
consulting ANSWERED | CONSULTATION | bobTalks    | cancel | reverting CLEAR unsettled cause:cancelled ClearRest 10s
consulting ANSWERED | CONSULTATION | waitsBeside | cancel | reverting RECALL unsettled cause:cancelled ClearTarget Recall:transferor 20s
consulting DIALLING | CONSULTATION | alice=connected/held ; bob=dialtone | cancel | reverting RECALL cause:cancelled ClearTarget Recall:transferor 20s
consulting ANSWERED | HELD_CALL    | waitsBeside | cancel | reverting RECALL unsettled cause:cancelled Recall:transferor 20s
consulting ANSWERED | HELD_CALL    | waitsTarget | cancel | reverting RECALL unsettled cause:cancelled ClearTarget Recall:transferor 20s
# a target that failed before anything had changed
holding             | CONSULTATION | before      | targetFailed cause:busy | reverted busy
holding             | CONSULTATION | held        | targetFailed cause:busy | reverting RESTORE HOLD cause:busy RestoreCall 10s
holding             | CONSULTATION | held        | consultationOver cause:busy | reverting RESTORE HOLD cause:busy RestoreCall 10s
holding             | CONSULTATION | held        | targetLeft cause:normal | reverting RESTORE HOLD cause:normal RestoreCall 10s
# a blind target that failed while the transferor waits: the PBX puts them back
redirecting         | BLIND        | held        | targetFailed cause:busy | reverting AWAIT cause:busy 10s
redirecting         | BLIND        | held        | targetLeft cause:normal | reverting AWAIT cause:normal 10s
redirecting         | BLIND        | before      | targetFailed cause:busy | reverted busy
redirecting         | BLIND        | waits       | targetFailed cause:busy | reverting RECALL cause:busy Recall:transferor 20s
redirecting         | BLIND        | bobHolds    | targetFailed cause:busy | reverting CLEAR unsettled cause:busy ClearRest 10s
# the transferor leaves before anything of ours stood: it may be a phone's own transfer
holding             | CONSULTATION | waits       | transferorLeft cause:normal | reverting GIVE_WAY cause:normal 3s
holding             | CONSULTATION | waitsTargetRings | transferorLeft cause:normal | reverting RECALL unsettled cause:normal ClearTarget Recall:transferor 20s
holding             | CONSULTATION | nobody      | transferorLeft cause:normal | reverting CLEAR unsettled cause:normal ClearRest 10s
holding placed      | NEW_CALL     | waits       | transferorLeft cause:normal | reverting RECALL cause:normal Recall:transferor 20s
# the PBX refused the first step, or it failed
redirecting         | BLIND        | before      | refused RedirectCall badAddress | reverted badAddress
redirecting         | BLIND        | before      | refused RedirectCall | reverted stepRefused
redirecting         | BLIND        | waits       | refused RedirectCall | reverting GIVE_WAY cause:stepRefused 3s
redirecting         | BLIND        | held        | refused RedirectCall | reverting RESTORE HOLD cause:stepRefused RestoreCall 10s
redirecting         | BLIND        | before      | failed RedirectCall cause:busy | reverted busy
redirecting         | BLIND        | held        | failed RedirectCall cause:busy | reverting RESTORE HOLD cause:busy RestoreCall 10s
redirecting         | BLIND        | held        | refused ClearTarget  | stays
redirecting         | BLIND        | held        | failed DialTarget    | stays
holding             | CONSULTATION | before      | refused OpenConsultation | reverted stepRefused
holding             | CONSULTATION | before      | failed OpenConsultation cause:busy | reverted busy
holding             | HELD_CALL    | before      | refused AlternateCalls | reverted stepRefused
holding             | NEW_CALL     | before      | refused HoldCall     | reverted stepRefused
holding             | NEW_CALL     | before      | failed HoldCall cause:busy | reverted busy
holding placed      | NEW_CALL     | held        | refused HoldCall     | stays
holding placed      | NEW_CALL     | held        | failed HoldCall      | stays
holding placed      | NEW_CALL     | held        | refused PlaceCall    | reverting RESTORE HOLD cause:stepRefused RestoreCall 10s
holding             | NEW_CALL     | held        | refused PlaceCall    | stays
holding             | CONSULTATION | held        | refused DialTarget   | stays
holding             | CONSULTATION | held        | failed RestoreCall   | stays
# the transferee leaves: what was started for it is cleared, a call that was there before is not
holding             | CONSULTATION | bobAlone    | transfereeLeft cause:normal | reverting CLEAR unsettled cause:normal ClearRest 10s
holding             | HELD_CALL    | bob=connected ; bob=onHold carol=connected/held | transfereeLeft cause:normal | abandoned normal
holding             | HELD_CALL    | bobAlone    | transfereeLeft cause:normal | reverting CLEAR unsettled cause:normal ClearRest 10s
redirecting         | BLIND        | bobHolds    | transfereeLeft cause:normal | reverting CLEAR unsettled cause:normal ClearRest 10s
""")
  void goesBack(String state, String plan, String place, String input, String expected) {
    check(state, plan, place, input, expected);
  }

  /** On the way back: by steps, and only what is seen ends it. */
  @ParameterizedTest(name = "{0} | {1} | {2} | {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
"""
# transferor and transferee as before: believed once it is settled
reverting RESTORE HOLD           | CONSULTATION | before      | retrieved | reverted cancelled
reverting RESTORE unsettled HOLD | CONSULTATION | before      | retrieved | stays
reverting RESTORE HOLD           | CONSULTATION | retrieved   | retrieved | stays
reverting AWAIT cause:busy       | BLIND        | before      | retrieved | reverted busy
reverting AWAIT unsettled        | BLIND        | before      | retrieved | stays
reverting RESTORE HOLD           | HELD_CALL    | alternated  | retrieved | reverted cancelled
# an acknowledgement is no outcome; where nothing was seen the PBX is asked
reverting RESTORE unsettled HOLD | CONSULTATION | before      | accepted RestoreCall | stays Ask
reverting RESTORE HOLD           | CONSULTATION | held        | accepted RestoreCall | stays
reverting RESTORE unsettled HOLD | CONSULTATION | before      | accepted OpenConsultation | stays
reverting AWAIT unsettled        | BLIND        | before      | accepted RedirectCall | stays Ask
reverting AWAIT unsettled        | BLIND        | before      | accepted RestoreCall | stays
reverting RECALL unsettled       | CONSULTATION | waits       | accepted RecallTransferee | stays Ask
reverting RECALL unsettled       | CONSULTATION | waits       | accepted ClearTarget | stays
reverting CLEAR unsettled        | CONSULTATION | bobRings    | accepted ClearRest | stays Ask
reverting CLEAR unsettled        | CONSULTATION | bobRings    | accepted RestoreCall | stays
reverting GIVE_WAY unsettled     | CONSULTATION | waits       | accepted RestoreCall | stays
reverting RESTORE unsettled HOLD | CONSULTATION | before      | refused OpenConsultation | stays
reverting RESTORE unsettled HOLD | CONSULTATION | before      | failed DialTarget | stays
# what the PBX shows settles it
reverting RESTORE unsettled HOLD | CONSULTATION | held        | held      | reverting RESTORE HOLD cause:cancelled
reverting RESTORE unsettled HOLD | CONSULTATION | opened      | opened    | stays
reverting RESTORE unsettled HOLD | CONSULTATION | ringing     | alerting  | reverting RESTORE HOLD cause:cancelled
reverting RESTORE unsettled HOLD | CONSULTATION | before      | consultationOver | reverted cancelled
reverting RESTORE unsettled HOLD | CONSULTATION | before      | targetFailed | reverted cancelled
reverting RESTORE unsettled HOLD | CONSULTATION | before      | snapshot  | reverted cancelled
reverting RESTORE unsettled HOLD | CONSULTATION | held        | snapshot  | reverting RESTORE HOLD cause:cancelled
reverting RECALL unsettled       | CONSULTATION | waitsRinging | alerting | stays
reverting CLEAR unsettled        | CONSULTATION | bobHolds    | held      | stays
reverting RESTORE HOLD           | CONSULTATION | busy        | busy      | stays
# a new call first, then the hold; whatever comes up meanwhile is undone as well
reverting RESTORE NEW_CALL       | NEW_CALL     | held        | consultationOver | reverting RESTORE HOLD cause:cancelled RestoreCall 10s
reverting RESTORE NEW_CALL       | NEW_CALL     | before      | consultationOver | reverted cancelled
reverting RESTORE NEW_CALL       | NEW_CALL     | alice=connected/held bob=connected ; | consultationOver | stays
reverting RESTORE NEW_CALL       | NEW_CALL     | waits       | consultationOver | stays
reverting RESTORE HOLD           | NEW_CALL     | opened      | opened    | reverting RESTORE NEW_CALL_TOO cause:cancelled RestoreCall 10s
reverting RESTORE HOLD asked     | NEW_CALL     | opened      | opened    | reverting RESTORE NEW_CALL cause:cancelled RestoreCall 10s
reverting RESTORE                | NEW_CALL     | opened      | opened    | reverting RESTORE NEW_CALL cause:cancelled RestoreCall 10s
reverting RESTORE NEW_CALL_TOO   | NEW_CALL     | opened      | opened    | stays
reverting RESTORE NEW_CALL       | NEW_CALL     | opened      | opened    | stays
reverting RESTORE NEW_CALL_TOO   | NEW_CALL     | held        | consultationOver | reverting RESTORE HOLD_STILL cause:cancelled Ask 10s
reverting RESTORE HOLD_STILL     | NEW_CALL     | held        | held      | stays
reverting RESTORE HOLD_STILL     | NEW_CALL     | before      | retrieved | reverted cancelled
reverting RESTORE HOLD_STILL     | NEW_CALL     | opened      | opened    | reverting RESTORE NEW_CALL_TOO cause:cancelled RestoreCall 10s
reverting RESTORE HOLD_STILL asked | NEW_CALL   | held        | snapshot  | reverting RESTORE 2nd HOLD cause:cancelled RestoreCall 10s
# what is accepted when its time is over has it again
reverting RESTORE HOLD asked     | CONSULTATION | held        | accepted RestoreCall | reverting RESTORE HOLD cause:cancelled 10s
reverting RESTORE unsettled HOLD asked | CONSULTATION | before | accepted RestoreCall | reverting RESTORE unsettled HOLD cause:cancelled 10s
reverting RESTORE HOLD asked     | CONSULTATION | held        | accepted OpenConsultation | stays
reverting RECALL asked           | CONSULTATION | waits       | accepted RecallTransferee | stays
reverting RESTORE HOLD           | CONSULTATION | ringing     | held      | stays
reverting RESTORE                | HELD_CALL    | answered    | held      | reverting RESTORE HOLD cause:cancelled RestoreCall 10s
reverting RECALL                 | NEW_CALL     | opened      | opened    | stays
reverting GIVE_WAY               | NEW_CALL     | opened      | held      | stays
# the PBX was faster than the cancel, or a phone was
reverting RESTORE HOLD           | CONSULTATION | delivered   | joined    | completed overtaken
reverting RESTORE HOLD cause:busy | CONSULTATION | delivered  | joined    | completed normal
reverting RESTORE HOLD           | BLIND        | delivered   | joined    | completed normal
reverting AWAIT cause:busy       | BLIND        | delivered   | answered  | completed normal
reverting GIVE_WAY cause:normal  | CONSULTATION | delivered   | joined    | completed overtaken
reverting GIVE_WAY cause:normal  | BLIND        | delivered   | joined    | completed overtaken
reverting RESTORE unsettled HOLD | CONSULTATION | delivered   | joined    | completed overtaken
reverting CLEAR                  | CONSULTATION | delivered   | joined    | stays
# what was asked of the PBX and is not answered may still change what looks as before
holding                          | CONSULTATION unanswered | before | targetFailed cause:busy | reverting RESTORE unsettled cause:busy Ask 10s
redirecting                      | BLIND unanswered | before   | failed RedirectCall cause:busy | reverting RESTORE unsettled cause:busy Ask 10s
consulting FAILED cause:reject   | CONSULTATION unanswered | before | retrieved | reverting RESTORE unsettled cause:reject Ask 10s
reverting RESTORE                | CONSULTATION | before      | consultationOver | reverted cancelled
reverting RECALL unsettled       | CONSULTATION | held        | held      | stays
# the transferor leaves on its way back
reverting RESTORE HOLD           | CONSULTATION | waits       | transferorLeft | reverting RECALL cause:cancelled Recall:transferor 20s
reverting AWAIT cause:busy       | BLIND        | waits       | transferorLeft | reverting RECALL cause:busy Recall:transferor 20s
reverting AWAIT cause:busy       | BLIND        | joinedRinging | transferorLeft | reverting RECALL unsettled cause:busy ClearTarget Recall:transferor 20s
reverting AWAIT cause:busy       | BLIND        | joinedHeld  | transferorLeft | reverting GIVE_WAY 2nd cause:busy 10s
reverting RESTORE HOLD           | CONSULTATION | joinedRinging | transferorLeft | reverting GIVE_WAY 2nd cause:cancelled 30s
reverting RESTORE HOLD           | CONSULTATION | joinedHeld  | transferorLeft | reverting GIVE_WAY 2nd cause:cancelled 10s
reverting RESTORE HOLD           | CONSULTATION | delivered   | transferorLeft | completed overtaken
reverting RESTORE HOLD           | CONSULTATION | nobody      | transferorLeft | reverting CLEAR unsettled cause:cancelled ClearRest 10s
reverting RECALL                 | CONSULTATION | waits       | transferorLeft | stays
reverting CLEAR                  | CONSULTATION | waits       | transferorLeft | stays
reverting GIVE_WAY               | CONSULTATION | waits       | transferorLeft | stays
# the transferee leaves
reverting RESTORE HOLD           | CONSULTATION | bobHolds    | transfereeLeft cause:normal | reverting CLEAR unsettled cause:normal ClearRest 10s
reverting RECALL                 | CONSULTATION | nobody      | transfereeLeft cause:normal | reverting CLEAR unsettled cause:normal ClearRest 10s
reverting CLEAR unsettled        | CONSULTATION | bobAlone    | transfereeLeft | stays
reverting GIVE_WAY cause:normal  | CONSULTATION | bobAlone    | transfereeLeft | abandoned normal
# cleared: abandoned; after the ladder: failed
reverting CLEAR                  | CONSULTATION | nobody      | transferorLeft | abandoned cancelled
reverting CLEAR 3rd cause:busy   | CONSULTATION | nobody      | transferorLeft | failed busy
reverting CLEAR unsettled        | CONSULTATION | nobody      | transferorLeft | stays
reverting CLEAR                  | CONSULTATION | bobTalks    | retrieved | stays
reverting CLEAR                  | CONSULTATION | carolAlone  | transferorLeft | stays
reverting CLEAR                  | HELD_CALL    | bobTalks    | retrieved | abandoned cancelled
reverting CLEAR                  | HELD_CALL    | carol=connected ; bob=onHold | transferorLeft | stays
reverting CLEAR                  | HELD_CALL    | carolAlone  | transferorLeft | stays
reverting CLEAR                  | CONSULTATION | carol=connected ; | transferorLeft | stays
reverting CLEAR                  | CONSULTATION | ; bob-2=dialtone | retrieved | stays
reverting CLEAR unsettled        | CONSULTATION | bobRings    | snapshot  | reverting CLEAR cause:cancelled ClearRest
reverting CLEAR unsettled        | CONSULTATION | nobody      | snapshot  | abandoned cancelled
reverting CLEAR                  | CONSULTATION | bobRings    | snapshot  | stays
reverting CLEAR unsettled lost   | CONSULTATION | bobRings    | snapshot  | reverting CLEAR cause:cancelled 10s
# requests are answered
reverting RESTORE HOLD           | CONSULTATION | held        | dial      | refused
reverting RESTORE HOLD           | CONSULTATION | held        | alternate | refused
reverting RESTORE HOLD           | CONSULTATION | held        | complete  | refused
reverting RESTORE HOLD           | CONSULTATION | held        | cancel    | refused
""")
  void isOnItsWayBack(String state, String plan, String place, String input, String expected) {
    check(state, plan, place, input, expected);
  }

  /** The recall ladder, in its order; nobody is left in silence. */
  @ParameterizedTest(name = "{0} | {1} | {2} | {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
"""
reverting RECALL                 | CONSULTATION | delivered   | answered  | recalled to the transferor cancelled
reverting RECALL 2nd cause:busy  | CONSULTATION | delivered   | answered  | recalled to 104 busy
reverting RECALL unsettled       | CONSULTATION | delivered   | answered  | stays
reverting RECALL                 | CONSULTATION | joinedHeld  | answered  | stays
reverting RECALL                 | CONSULTATION | before      | retrieved | reverted cancelled
reverting RECALL unsettled       | CONSULTATION | before      | retrieved | stays
reverting RECALL                 | CONSULTATION | waits       | targetFailed cause:busy | reverting RECALL 2nd cause:cancelled Recall:104 20s
reverting RECALL                 | CONSULTATION | waits       | targetLeft cause:normal | reverting RECALL 2nd cause:cancelled Recall:104 20s
reverting RECALL unsettled       | CONSULTATION | waits       | targetFailed cause:busy | reverting RECALL cause:cancelled
reverting RECALL 2nd             | CONSULTATION | waits       | targetFailed | reverting CLEAR 3rd unsettled cause:cancelled ClearRest 10s
reverting RECALL                 | CONSULTATION | waits       | refused RecallTransferee | reverting RECALL 2nd cause:cancelled Recall:104 20s
reverting RECALL                 | CONSULTATION | waitsRinging | failed RecallTransferee | reverting RECALL 2nd unsettled cause:cancelled ClearTarget Recall:104 20s
reverting RECALL unsettled       | CONSULTATION | waits       | refused ClearTarget | reverting RECALL cause:cancelled
reverting RECALL unsettled       | CONSULTATION | waits       | failed ClearTarget | reverting RECALL cause:cancelled
reverting RECALL                 | CONSULTATION | waits       | refused DialTarget | stays
reverting RECALL                 | CONSULTATION | waitsRinging | time     | reverting RECALL cause:cancelled asked Ask 10s
reverting RECALL asked           | CONSULTATION | waitsRinging | snapshot | reverting RECALL 2nd unsettled cause:cancelled ClearTarget Recall:104 20s
reverting RECALL asked           | CONSULTATION | waitsRinging | time     | reverting RECALL 2nd unsettled cause:cancelled ClearTarget Recall:104 20s
reverting RECALL asked           | CONSULTATION | delivered   | snapshot  | recalled to the transferor cancelled
reverting RECALL lost            | CONSULTATION | waits       | snapshot  | reverting RECALL cause:cancelled 20s
reverting RECALL                 | CONSULTATION | waits       | snapshot  | stays
# the transferor takes the call back while a rung to an address may still bring somebody
reverting RECALL 2nd             | CONSULTATION | before      | retrieved | stays
reverting RECALL 2nd             | HELD_CALL    | alternated  | retrieved | stays
reverting RECALL 2nd             | CONSULTATION | before      | targetFailed | reverted cancelled
reverting RECALL 2nd             | CONSULTATION | before      | refused RecallTransferee | reverted cancelled
reverting RECALL 2nd             | CONSULTATION | before      | time      | reverting RECALL 2nd cause:cancelled asked Ask 10s
reverting RECALL 2nd asked       | CONSULTATION | before      | snapshot  | reverted cancelled
reverting RECALL 2nd asked       | CONSULTATION | before      | time      | reverted cancelled
reverting RECALL 2nd             | CONSULTATION | ringsBetween | alerting | reverting RECALL 2nd unsettled RUNG cause:cancelled ClearTarget 10s
reverting RECALL 2nd             | CONSULTATION | conferenced | conferenced | reverting RECALL 2nd unsettled RUNG cause:cancelled ClearTarget 10s
reverting RECALL 2nd             | CONSULTATION | ringsHome   | alerting  | stays
reverting RECALL 2nd             | CONSULTATION | alice=connected/held bob=connected carol=offering ; | alerting | stays
reverting RESTORE 2nd HOLD       | CONSULTATION | ringsBetween | alerting | stays
reverting AWAIT 2nd              | BLIND        | ringsBetween | alerting | stays
reverting GIVE_WAY 2nd           | CONSULTATION | ringsBetween | alerting | stays
reverting RECALL 2nd unsettled   | CONSULTATION | ringsBetween | alerting | stays
reverting RECALL                 | CONSULTATION | ringsBetween | alerting | stays
reverting RECALL 2nd unsettled RUNG | CONSULTATION | ringsBetween | alerting | stays
reverting RECALL 2nd unsettled RUNG | CONSULTATION | before      | targetFailed | reverted cancelled
reverting RECALL 2nd unsettled RUNG | CONSULTATION | before      | snapshot | reverted cancelled
reverting RECALL 2nd RUNG        | CONSULTATION | ringsBetween | alerting | stays
reverting RECALL 2nd RUNG        | CONSULTATION | before      | retrieved | reverted cancelled
reverting RECALL 2nd RUNG asked  | CONSULTATION | ringsBetween | snapshot | failed cancelled
reverting RECALL 2nd RUNG asked  | CONSULTATION | conferenced | time      | failed cancelled unverified
reverting RECALL 2nd RUNG asked  | CONSULTATION | waitsRinging | snapshot | reverting CLEAR 3rd unsettled cause:cancelled ClearRest 10s
# whoever took the call while it was being cleared has it
reverting CLEAR 2nd asked        | CONSULTATION | delivered   | snapshot  | recalled to the transferor cancelled
reverting CLEAR 3rd asked        | CONSULTATION | delivered   | snapshot  | recalled to 104 cancelled
reverting CLEAR 3rd asked        | CONSULTATION | delivered   | time      | failed cancelled unverified
reverting CLEAR asked            | CONSULTATION | delivered   | snapshot  | failed cancelled
reverting CLEAR 3rd asked        | CONSULTATION | waits       | snapshot  | failed cancelled
reverting CLEAR asked unsettled  | CONSULTATION | bobRings    | snapshot  | failed cancelled
""")
  void isRecalled(String state, String plan, String place, String input, String expected) {
    check(state, plan, place, input, expected);
  }

  /** A phone, the PBX or its operator moves the call: it is let be, and what it became is told. */
  @ParameterizedTest(name = "{0} | {1} | {2} | {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
"""
consulting ALERTING     | CONSULTATION | movedRinging | overtaken | reverting GIVE_WAY cause:overtaken EndConsultation 10s
consulting ANSWERED     | CONSULTATION | movedBeside  | overtaken | failed overtaken
holding                 | CONSULTATION | moved        | overtaken | failed overtaken
holding                 | HELD_CALL    | movedHeld    | overtaken | failed overtaken
holding                 | HELD_CALL    | alice=connected dave=connected ; bob=onHold | overtaken | failed overtaken
holding                 | CONSULTATION | movedHolds   | overtaken | reverting GIVE_WAY cause:overtaken 3s
holding                 | CONSULTATION | movedAll     | overtaken | failed overtaken
holding                 | CONSULTATION | movedAway    | overtaken | abandoned overtaken
redirecting             | BLIND        | moved        | overtaken | failed overtaken
completing JOINING      | CONSULTATION | movedRinging | overtaken | reverting GIVE_WAY cause:overtaken EndConsultation 10s
reverting RESTORE HOLD  | CONSULTATION | movedRinging | overtaken | reverting GIVE_WAY cause:overtaken EndConsultation 10s
reverting RESTORE HOLD  | CONSULTATION | movedBeside  | overtaken | reverting GIVE_WAY cause:overtaken EndConsultation 10s
reverting RESTORE HOLD  | HELD_CALL    | movedHeld    | overtaken | failed overtaken
reverting RESTORE HOLD  | CONSULTATION | moved        | overtaken | failed overtaken
reverting CLEAR         | CONSULTATION | moved        | overtaken | stays
reverting GIVE_WAY cause:overtaken | CONSULTATION | movedHolds   | overtaken | stays
reverting GIVE_WAY cause:overtaken | CONSULTATION | movedRinging | overtaken | stays
reverting GIVE_WAY cause:overtaken | CONSULTATION | moved        | overtaken | failed overtaken
reverting GIVE_WAY cause:overtaken | CONSULTATION | movedAll     | retrieved | failed overtaken
reverting GIVE_WAY cause:overtaken | CONSULTATION | movedAway    | transfereeLeft | abandoned overtaken
reverting GIVE_WAY cause:normal    | CONSULTATION | moved        | overtaken | failed overtaken
reverting GIVE_WAY cause:normal    | CONSULTATION | before       | retrieved | reverted normal
reverting GIVE_WAY cause:normal    | CONSULTATION | retrieved    | retrieved | stays
reverting GIVE_WAY cause:normal    | CONSULTATION | bobRings     | transfereeLeft | stays
reverting GIVE_WAY cause:normal    | CONSULTATION | bobTalks     | transfereeLeft | abandoned normal
# the call was sent to the target: it has the target's time; once
reverting GIVE_WAY cause:normal    | CONSULTATION | waitsRinging | alerting | reverting GIVE_WAY 2nd cause:normal 30s
reverting GIVE_WAY 2nd cause:normal | CONSULTATION | waitsRinging | alerting | stays
reverting GIVE_WAY cause:normal    | CONSULTATION | ringing      | alerting | stays
# who then is left alone goes down the ladder
reverting GIVE_WAY cause:normal    | CONSULTATION | waits        | targetFailed cause:busy | reverting RECALL cause:busy Recall:transferor 20s
reverting GIVE_WAY cause:normal    | CONSULTATION | moved        | targetFailed cause:busy | failed overtaken
reverting GIVE_WAY cause:normal    | CONSULTATION | held         | targetFailed cause:busy | stays
reverting GIVE_WAY cause:normal    | CONSULTATION | nobody       | targetFailed cause:busy | abandoned normal
reverting GIVE_WAY cause:normal asked | CONSULTATION | held      | snapshot | reverting RESTORE HOLD cause:normal RestoreCall 10s
reverting GIVE_WAY cause:normal asked | CONSULTATION | waits     | snapshot | reverting RECALL cause:normal Recall:transferor 20s
reverting GIVE_WAY cause:overtaken asked | CONSULTATION | movedHolds | snapshot | failed overtaken
# what was started and could not be cleared is no abandoned transfer
reverting GIVE_WAY cause:overtaken asked | CONSULTATION | dave=connected ; bob=ringback carol=offering | snapshot | failed overtaken
reverting GIVE_WAY cause:overtaken asked | CONSULTATION | dave=connected ; bob=connected carol=connected | snapshot | abandoned overtaken
reverting CLEAR cause:normal asked | CONSULTATION | movedRinging | snapshot | failed overtaken
""")
  void isOvertaken(String state, String plan, String place, String input, String expected) {
    check(state, plan, place, input, expected);
  }

  /** A timeout never asserts failure: the PBX is asked first; a stale one is ignored. */
  @ParameterizedTest(name = "{0} | {1} | {2} | {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
"""
redirecting             | BLIND        | ringsHome | time      | redirecting asked Ask 10s
redirecting             | BLIND        | ringsHome | staleTime | stays
redirecting asked       | BLIND        | ringsHome | snapshot  | reverting RESTORE HOLD cause:noAnswer RestoreCall 10s
redirecting asked       | BLIND        | ringsHome | time      | reverting RESTORE HOLD cause:noAnswer RestoreCall 10s
redirecting asked       | BLIND        | waitsRinging | time   | reverting RECALL unsettled cause:noAnswer ClearTarget Recall:transferor 20s
redirecting             | BLIND        | ringsHome | snapshot  | stays
redirecting             | BLIND        | ringsHome | lost      | redirecting lost 120s
redirecting lost        | BLIND        | ringsHome | snapshot  | redirecting 30s
redirecting lost        | BLIND        | ringsHome | time      | failed providerLost unverified
# nothing of it is seen any more: not begun yet, or put back while nobody looked
redirecting lost        | BLIND        | before    | snapshot  | redirecting doubted 3s
redirecting lost        | BLIND unanswered | before | snapshot | redirecting 30s
redirecting doubted     | BLIND        | before    | snapshot  | stays
redirecting doubted     | BLIND        | before    | retrieved | stays
redirecting doubted     | BLIND        | before    | time      | redirecting doubted asked Ask 10s
redirecting doubted asked | BLIND      | before    | snapshot  | reverted unknown
redirecting doubted asked | BLIND unanswered | before | snapshot | redirecting 30s
redirecting asked       | BLIND unanswered | ringsHome | time    | reverting RESTORE HOLD cause:noAnswer RestoreCall 10s
redirecting doubted asked | BLIND      | held      | snapshot  | reverting RESTORE HOLD cause:unknown RestoreCall 10s
redirecting doubted asked | BLIND      | before    | time      | reverting RESTORE unsettled HOLD cause:noAnswer RestoreCall 10s
redirecting doubted     | BLIND        | before    | lost      | redirecting lost 120s
redirecting doubted     | BLIND        | before    | accepted RedirectCall | redirecting 30s
redirecting doubted     | BLIND        | before    | accepted RestoreCall | stays
redirecting doubted     | BLIND        | held      | held      | redirecting 30s
redirecting doubted     | BLIND        | ringsHome | alerting  | redirecting 30s
redirecting doubted asked | BLIND      | ringsHome | alerting  | redirecting 30s
holding                 | CONSULTATION | before    | time      | holding asked Ask 10s
holding asked           | CONSULTATION | before    | snapshot  | reverting RESTORE unsettled HOLD cause:deadline RestoreCall 10s
holding asked           | CONSULTATION | held      | time      | reverting RESTORE HOLD cause:deadline RestoreCall 10s
holding                 | CONSULTATION | before    | lost      | holding lost 120s
holding lost            | CONSULTATION | held      | snapshot  | holding 10s
holding placed lost     | NEW_CALL     | held      | snapshot  | holding placed 10s
consulting UNDIALLED    | CONSULTATION | held      | time      | consulting UNDIALLED asked Ask 10s
consulting UNDIALLED asked | CONSULTATION | held   | snapshot  | reverting RESTORE HOLD cause:deadline RestoreCall 10s
consulting DIALLING asked  | CONSULTATION | opened | time      | reverting RESTORE HOLD cause:noAnswer RestoreCall 10s
consulting ALERTING asked  | CONSULTATION | ringing | time     | reverting RESTORE HOLD cause:noAnswer RestoreCall 10s
consulting BUSY asked      | CONSULTATION | busy   | time      | reverting RESTORE HOLD cause:busy RestoreCall 10s
consulting ANSWERED asked  | CONSULTATION | answered | time    | reverting RESTORE HOLD cause:deadline RestoreCall 10s
consulting FAILED asked    | CONSULTATION | held   | time      | reverting RESTORE HOLD cause:unknown RestoreCall 10s
consulting FAILED asked cause:reject | CONSULTATION | held | time | reverting RESTORE HOLD cause:reject RestoreCall 10s
consulting UNDIALLED lost  | CONSULTATION | held   | snapshot  | consulting UNDIALLED 30s
consulting DIALLING lost   | CONSULTATION | opened | snapshot  | consulting DIALLING 30s
consulting ALERTING lost   | CONSULTATION | ringing | snapshot | consulting ALERTING 30s
consulting ANSWERED lost   | CONSULTATION | answered | snapshot | consulting ANSWERED 300s
consulting BUSY lost       | CONSULTATION | busy   | snapshot  | consulting BUSY 20s
consulting FAILED lost home | CONSULTATION | held  | snapshot  | consulting FAILED home 20s
consulting ANSWERED        | CONSULTATION | answered | lost    | consulting ANSWERED lost 120s
completing JOINING         | CONSULTATION | answered | time    | completing JOINING asked Ask 10s
completing JOINING asked   | CONSULTATION | answered | time    | reverting RESTORE HOLD cause:deadline RestoreCall 10s
completing JOINING asked   | CONSULTATION | ringing | snapshot | reverting RESTORE HOLD cause:noAnswer RestoreCall 10s
completing JOINING lost    | CONSULTATION | answered | snapshot | completing JOINING 10s
completing JOINING lost    | CONSULTATION | ringing | snapshot | completing JOINING 30s
completing RELEASING conference drop asked | CONFERENCE_AND_DROP | conferenced | snapshot | failed stepRefused
completing RELEASING conference drop asked | CONFERENCE_AND_DROP | conferenced | time | failed stepRefused unverified
completing RELEASING conference drop asked | CONFERENCE_AND_DROP | answered | time | reverting RESTORE HOLD cause:deadline RestoreCall 10s
completing JOINING conference drop asked | CONFERENCE_AND_DROP | conferenced | time | reverting RESTORE HOLD cause:deadline RestoreCall 10s
reverting RESTORE HOLD     | CONSULTATION | held   | time      | reverting RESTORE HOLD cause:cancelled asked Ask 10s
reverting RESTORE HOLD asked | CONSULTATION | held | snapshot  | reverting RESTORE 2nd HOLD cause:cancelled RestoreCall 10s
reverting RESTORE HOLD asked | CONSULTATION | held | time      | reverting RESTORE 2nd HOLD cause:cancelled RestoreCall 10s
reverting RESTORE 2nd HOLD asked | CONSULTATION | held | time  | reverting RECALL cause:cancelled Recall:transferor 20s
reverting RESTORE HOLD asked | CONSULTATION | before | snapshot | reverted cancelled
reverting RESTORE HOLD     | CONSULTATION | held   | refused RestoreCall | reverting RESTORE HOLD cause:cancelled asked Ask 10s
reverting RESTORE HOLD     | CONSULTATION | held   | failed RestoreCall | reverting RESTORE HOLD cause:cancelled asked Ask 10s
reverting RESTORE HOLD     | CONSULTATION | held   | failed DialTarget | stays
reverting RESTORE unsettled HOLD | CONSULTATION | held | failed ClearTarget | reverting RESTORE HOLD cause:cancelled
reverting RESTORE HOLD lost | CONSULTATION | held  | snapshot  | reverting RESTORE HOLD cause:cancelled 10s
reverting RESTORE HOLD lost | CONSULTATION | before | snapshot | reverted cancelled
reverting AWAIT cause:busy asked | BLIND   | held   | snapshot  | reverting RESTORE HOLD cause:busy RestoreCall 10s
reverting AWAIT cause:busy | BLIND        | held   | refused RedirectCall | reverting AWAIT cause:busy asked Ask 10s
reverting CLEAR            | CONSULTATION | bobRings | refused ClearRest | reverting CLEAR cause:cancelled asked Ask 10s
reverting GIVE_WAY         | CONSULTATION | waits  | refused HoldCall | stays
ended                      | CONSULTATION | before | time      | stays
ended                      | CONSULTATION | before | lost      | stays
ended                      | CONSULTATION | before | snapshot  | stays
ended                      | CONSULTATION | delivered | joined | stays
ended                      | CONSULTATION | before | failed RestoreCall | stays
ended                      | CONSULTATION | before | cancel    | refused
""")
  void asksThePbxWhenTimeIsOver(
      String state, String plan, String place, String input, String expected) {
    check(state, plan, place, input, expected);
  }

  /** The hold, the second call, the target: both calls must stand, and each step once. */
  @ParameterizedTest(name = "{0} | {1} | {2} | {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
"""
# the hold and the other call, in either order
holding                 | CONSULTATION | held      | held      | stays
holding                 | CONSULTATION | retrieved | opened    | stays
holding                 | CONSULTATION | opened    | opened    | consulting DIALLING DialTarget:103 30s
holding                 | CONSULTATION | opened    | held      | consulting DIALLING DialTarget:103 30s
holding                 | ONE_STEP     | ringing   | alerting  | consulting DIALLING 30s
holding                 | ONE_STEP     | answered  | answered  | consulting DIALLING 30s
holding                 | ONE_STEP     | busy      | busy      | consulting DIALLING 30s
holding                 | NEW_CALL     | before    | opened    | stays
holding                 | NEW_CALL     | held      | held      | holding placed PlaceCall:103 10s
holding placed          | NEW_CALL     | held      | held      | stays
holding placed          | NEW_CALL     | opened    | opened    | consulting DIALLING 30s
holding                 | HELD_CALL    | alternated | retrieved | stays
holding                 | HELD_CALL    | alice=connected/held bob=onHold ; bob=onHold carol=connected | held | stays
holding                 | HELD_CALL    | answered  | held      | consulting ANSWERED 300s
holding                 | HELD_CALL ON_ANSWER | answered | held | completing JOINING JoinCalls 10s
holding                 | CONSULTATION | before    | retrieved | stays
holding                 | CONSULTATION | delivered | joined    | completed overtaken
holding                 | CONSULTATION | joinedHeld | joined   | stays
holding                 | CONSULTATION | conferenced | conferenced | stays
holding                 | CONSULTATION | held      | accepted OpenConsultation | stays
holding                 | CONSULTATION | held      | dial      | refused
holding                 | CONSULTATION | held      | alternate | refused
holding                 | CONSULTATION | held      | complete  | refused
# blind: accepted is not answered, answered is not delivered
redirecting             | BLIND        | ringsHome | alerting  | stays
redirecting             | BLIND        | ringsHome | held      | stays
redirecting             | BLIND        | before    | retrieved | stays
redirecting             | BLIND        | before    | accepted RedirectCall | stays
redirecting             | BLIND        | waits     | transferorLeft | stays
redirecting             | BLIND        | opened    | opened    | stays
redirecting             | BLIND        | busy      | busy      | stays
redirecting             | BLIND        | before    | consultationOver | stays
redirecting             | BLIND        | joinedRinging | joined | stays
redirecting             | BLIND        | answeredHome | answered | completing JOINING 10s
redirecting             | BLIND        | delivered | answered  | completed normal
redirecting             | BLIND        | delivered | joined    | completed normal
redirecting             | BLIND        | joinedHeld | joined   | stays
redirecting             | BLIND        | conferenced | conferenced | completing JOINING 10s
redirecting             | BLIND        | answeredHome | cancel  | refused
redirecting             | BLIND        | waitsRinging | cancel  | refused
redirecting             | BLIND        | before    | dial      | refused
redirecting             | BLIND        | before    | alternate | refused
redirecting             | BLIND        | before    | complete  | refused
# the target, as it comes; each once
consulting DIALLING     | CONSULTATION | ringing   | alerting  | consulting ALERTING
consulting ALERTING     | CONSULTATION | ringing   | alerting  | stays
consulting ANSWERED     | CONSULTATION | ringing   | alerting  | stays
consulting DIALLING     | CONSULTATION | answered  | answered  | consulting ANSWERED 300s
consulting ALERTING     | CONSULTATION | answered  | answered  | consulting ANSWERED 300s
consulting ANSWERED     | CONSULTATION | answered  | answered  | stays
consulting DIALLING     | CONSULTATION | busy      | busy      | consulting BUSY cause:busy 20s
consulting ALERTING     | CONSULTATION | busy      | busy      | consulting BUSY cause:busy 20s
consulting BUSY         | CONSULTATION | busy      | busy      | stays
consulting ANSWERED     | CONSULTATION | busy      | busy      | stays
consulting DIALLING     | NEW_CALL     | busy      | busy      | consulting BUSY cause:busy EndConsultation 20s
consulting DIALLING     | NEW_CALL onBusy | busy   | busy      | consulting BUSY cause:busy 20s
consulting DIALLING     | CONSULTATION ON_ANSWER | busy | busy | reverting RESTORE HOLD cause:busy RestoreCall 10s
consulting DIALLING     | CONSULTATION ON_ANSWER | answered | answered | completing JOINING JoinCalls 10s
consulting DIALLING home | CONSULTATION ON_ANSWER | answered | answered | completing ALTERNATING AlternateCalls 10s
consulting DIALLING     | CONSULTATION ON_ANSWER | ringing | alerting | consulting ALERTING
consulting DIALLING     | CONSULTATION ON_RINGING | ringing | alerting | consulting ALERTING
consulting DIALLING     | CONSULTATION ON_RINGING early | ringing | alerting | completing JOINING JoinCalls 30s
consulting DIALLING     | CONSULTATION ON_ANSWER early | ringing | alerting | consulting ALERTING
consulting DIALLING     | EARLY_COMPLETION early | ringing | alerting | completing JOINING JoinCalls 30s
consulting DIALLING     | CONFERENCE_AND_DROP ON_ANSWER conf | answered | answered | completing JOINING conference drop JoinCalls:conference 10s
# a target that is gone: the call stays on hold for the person, or goes back by itself
consulting ALERTING     | CONSULTATION | opened    | targetFailed cause:reject | consulting FAILED cause:reject 20s
consulting ANSWERED     | CONSULTATION | opened    | targetLeft cause:normal | consulting FAILED cause:normal 20s
consulting ALERTING     | CONSULTATION | held      | consultationOver cause:reject | consulting FAILED cause:reject 20s
consulting FAILED       | CONSULTATION | held      | consultationOver | stays
consulting UNDIALLED    | CONSULTATION | opened    | targetFailed | stays
consulting UNDIALLED redial | CONSULTATION | held  | consultationOver | stays
consulting UNDIALLED redial | NEW_CALL | held      | consultationOver cause:reject | consulting FAILED cause:reject 20s
consulting UNDIALLED    | NEW_CALL     | held      | consultationOver cause:reject | stays
consulting BUSY         | CONSULTATION | held      | consultationOver | stays
consulting BUSY         | CONSULTATION | opened    | targetFailed cause:busy | consulting FAILED cause:busy 20s
consulting ALERTING     | NEW_CALL     | opened    | targetFailed cause:reject | consulting FAILED cause:reject EndConsultation 20s
consulting ALERTING     | NEW_CALL     | held      | targetFailed cause:reject | consulting FAILED cause:reject 20s
consulting ALERTING     | CONSULTATION ON_ANSWER | held | targetFailed cause:reject | reverting RESTORE HOLD cause:reject RestoreCall 10s
consulting ANSWERED     | HELD_CALL    | held      | targetLeft cause:normal | reverting RESTORE HOLD cause:normal RestoreCall 10s
consulting ANSWERED     | HELD_CALL    | before    | targetLeft cause:normal | reverted normal
# to whom the transferor talks
consulting ANSWERED     | CONSULTATION | alternated | retrieved | consulting ANSWERED home
consulting ANSWERED home | CONSULTATION | answered | held      | consulting ANSWERED
consulting ANSWERED     | CONSULTATION | alice=connected/held bob=connected ; | retrieved | stays
consulting ANSWERED     | CONSULTATION | before    | retrieved | reverted cancelled
consulting FAILED cause:reject | CONSULTATION | before | retrieved | reverted reject
consulting ANSWERED     | HELD_CALL    | alternated | retrieved | consulting ANSWERED home
# requests: lineDial, lineSwapHold, lineCompleteTransfer
consulting FAILED       | CONSULTATION | opened    | dial      | consulting DIALLING DialTarget:105 30s
consulting FAILED       | CONSULTATION | held      | dial      | consulting UNDIALLED redial:105 OpenConsultation 10s
consulting UNDIALLED    | CONSULTATION | opened    | dial      | consulting DIALLING DialTarget:105 30s
consulting BUSY cause:busy | CONSULTATION | busy   | dial      | consulting DIALLING redial:105 cause:busy DialTarget:105 30s
consulting DIALLING redial cause:busy | CONSULTATION | busy    | busy     | stays
consulting DIALLING redial cause:busy | CONSULTATION | busy    | opened   | stays
consulting DIALLING redial cause:busy | CONSULTATION | opened  | opened   | consulting DIALLING cause:busy
consulting DIALLING redial cause:busy | CONSULTATION | ringing | alerting | consulting ALERTING cause:busy
consulting DIALLING redial cause:busy | CONSULTATION | busy    | dial     | refused
consulting DIALLING cause:busy | CONSULTATION | busy           | busy     | consulting BUSY cause:busy 20s
consulting FAILED       | NEW_CALL     | held      | dial      | consulting UNDIALLED redial:105 PlaceCall:105 30s
consulting FAILED       | NEW_CALL     | opened    | dial      | refused
consulting FAILED       | HELD_CALL    | held      | dial      | refused
consulting FAILED       | ONE_STEP     | opened    | dial      | consulting DIALLING DialTarget:105 30s
consulting UNDIALLED redial | CONSULTATION | held  | dial      | refused
consulting DIALLING     | CONSULTATION | opened    | dial      | refused
consulting ALERTING     | CONSULTATION | ringing   | dial      | refused
consulting ANSWERED     | CONSULTATION | answered  | dial      | refused
consulting UNDIALLED redial | CONSULTATION | opened | opened   | consulting DIALLING DialTarget:105 30s
consulting UNDIALLED redial | NEW_CALL | opened    | opened    | consulting DIALLING 30s
consulting UNDIALLED    | CONSULTATION | opened    | opened    | stays
consulting ANSWERED     | CONSULTATION | answered  | alternate | stays AlternateCalls
consulting ANSWERED     | CONSULTATION noAlternate | answered | alternate | refused
consulting ALERTING     | CONSULTATION | ringing   | alternate | refused
consulting ANSWERED     | CONSULTATION | answered  | complete  | completing JOINING JoinCalls 10s
consulting ANSWERED home | CONSULTATION | alternated | complete | completing ALTERNATING AlternateCalls 10s
consulting ANSWERED home | CONFERENCE_AND_DROP conf | alternated | complete | completing ALTERNATING conference drop AlternateCalls 10s
consulting ANSWERED     | CONSULTATION conf | answered | conference | completing JOINING conference JoinCalls:conference 10s
consulting ANSWERED     | CONSULTATION norm conf | answered | conference | completing JOINING conference JoinCalls:conference 10s
consulting ANSWERED     | CONSULTATION | answered  | conference | completing JOINING conference JoinCalls:conference 10s
consulting ANSWERED     | CONSULTATION norm | answered | conference | refused
consulting ANSWERED     | CONFERENCE_AND_DROP conf | answered | complete | completing JOINING conference drop JoinCalls:conference 10s
consulting ANSWERED     | CONFERENCE_AND_DROP conf | answered | conference | completing JOINING conference JoinCalls:conference 10s
consulting ALERTING     | CONSULTATION | ringing   | complete  | refused
consulting ALERTING     | CONSULTATION early | ringing | complete | completing JOINING JoinCalls 30s
consulting ALERTING     | CONSULTATION early conf | ringing | conference | refused
consulting BUSY         | CONSULTATION early | busy | complete | refused
consulting BUSY         | CONSULTATION onBusy | busy | complete | completing JOINING JoinCalls 30s
consulting FAILED       | CONSULTATION early onBusy | held | complete | refused
consulting UNDIALLED    | CONSULTATION early onBusy | opened | complete | refused
consulting DIALLING     | CONSULTATION early onBusy | opened | complete | refused
# hang-ups
consulting ANSWERED     | CONSULTATION | waitsTarget | transferorLeft cause:normal | completing JOINING JoinCalls 10s
consulting ALERTING     | CONSULTATION early | waitsTargetRings | transferorLeft cause:normal | completing JOINING JoinCalls 30s
consulting ALERTING     | CONSULTATION | waitsTargetRings | transferorLeft cause:normal | reverting RECALL unsettled cause:normal ClearTarget Recall:transferor 20s
consulting ANSWERED     | CONSULTATION | waits     | transferorLeft cause:normal | reverting RECALL cause:normal Recall:transferor 20s
consulting ANSWERED     | CONSULTATION | carolAlone | transferorLeft cause:normal | reverting CLEAR unsettled cause:normal ClearRest 10s
consulting FAILED cause:reject | CONSULTATION | waits | transferorLeft cause:normal | reverting RECALL cause:reject Recall:transferor 20s
consulting ANSWERED     | CONSULTATION | delivered | transferorLeft cause:normal | completed overtaken
consulting ALERTING     | CONSULTATION | joinedRinging | transferorLeft | completing JOINED_BY_OTHERS 30s
consulting ANSWERED     | CONSULTATION | bobTalks  | transfereeLeft cause:normal | abandoned normal
consulting ALERTING     | CONSULTATION | bobRings  | transfereeLeft cause:normal | reverting CLEAR unsettled cause:normal ClearRest 10s
consulting ANSWERED     | CONSULTATION | carolAlone | transfereeLeft cause:normal | reverting CLEAR unsettled cause:normal ClearRest 10s
# the transferor's phone leaves the call but not the consultation: the transferee is alone
consulting ANSWERED     | CONSULTATION | waitsBeside | opened   | consulting ANSWERED alone 20s
consulting ALERTING     | CONSULTATION | waitsBesideRinging | opened | consulting ALERTING alone 20s
consulting ANSWERED alone | CONSULTATION | waitsBeside | opened | stays
consulting ANSWERED alone | CONSULTATION | answered  | opened   | consulting ANSWERED 300s
consulting ALERTING alone | CONSULTATION | ringing   | opened   | consulting ALERTING 30s
consulting ANSWERED     | CONSULTATION | answered  | opened    | stays
consulting ANSWERED alone | CONSULTATION | waitsBeside | complete | refused
consulting ANSWERED alone | CONSULTATION conf | waitsBeside | conference | refused
consulting ANSWERED alone | CONSULTATION | waitsBeside | alternate | refused
consulting FAILED alone | CONSULTATION | alice=connected/held ; bob=busy | dial | refused
consulting ANSWERED alone | CONSULTATION | waitsBeside | cancel | reverting RECALL unsettled cause:cancelled ClearTarget Recall:transferor 20s
consulting ANSWERED alone | CONSULTATION | waitsBeside | lost  | consulting ANSWERED alone lost 120s
consulting ANSWERED alone lost | CONSULTATION | waitsBeside | snapshot | consulting ANSWERED alone 20s
consulting ANSWERED alone asked | CONSULTATION | waitsBeside | time | reverting RECALL unsettled cause:deadline ClearTarget Recall:transferor 20s
consulting ANSWERED home alone | CONSULTATION | answered | held | consulting ANSWERED alone
# the phones do it by themselves
consulting ANSWERED     | CONSULTATION | delivered | joined    | completed overtaken
consulting ALERTING     | CONSULTATION | joinedRinging | joined | completing JOINED_BY_OTHERS 30s
consulting ANSWERED     | CONSULTATION | conferenced | conferenced | completed as conference overtaken
consulting ANSWERED     | CONSULTATION | answered  | conferenced | stays
# steps that were not done
consulting DIALLING     | CONSULTATION | opened    | refused DialTarget | consulting FAILED cause:stepRefused 20s
consulting DIALLING     | CONSULTATION | opened    | failed DialTarget cause:busy | consulting FAILED cause:busy 20s
consulting UNDIALLED redial | CONSULTATION | held  | refused OpenConsultation | consulting FAILED cause:stepRefused 20s
consulting UNDIALLED redial | NEW_CALL | held      | refused PlaceCall | consulting FAILED cause:stepRefused 20s
consulting DIALLING     | NEW_CALL ON_ANSWER | held | failed PlaceCall cause:busy | reverting RESTORE HOLD cause:busy RestoreCall 10s
consulting ANSWERED     | CONSULTATION | answered  | refused AlternateCalls | stays
consulting FAILED       | NEW_CALL     | opened    | refused EndConsultation | stays
consulting ANSWERED     | CONSULTATION | answered  | refused JoinCalls | stays
consulting ANSWERED     | CONSULTATION | answered  | failed HoldCall | stays
consulting ANSWERED     | CONSULTATION | answered  | failed ReleaseTransferor | stays
consulting ANSWERED     | CONSULTATION | answered  | failed RedirectCall | stays
consulting ANSWERED     | CONSULTATION | answered  | failed RestoreCall | stays
consulting ANSWERED     | CONSULTATION | answered  | failed ClearTarget | stays
consulting ANSWERED     | CONSULTATION | answered  | failed RecallTransferee | stays
consulting ANSWERED     | CONSULTATION | answered  | failed ClearRest | stays
consulting ANSWERED     | CONSULTATION | answered  | accepted AlternateCalls | stays
""")
  void holdsAndConsults(String state, String plan, String place, String input, String expected) {
    check(state, plan, place, input, expected);
  }

  /** Joining: what stands counts; a completion that fails leaves both calls as they were. */
  @ParameterizedTest(name = "{0} | {1} | {2} | {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
"""
completing JOINING      | CONSULTATION | delivered | joined    | completed normal
completing JOINING      | CONSULTATION | delivered | answered  | completed normal
completing JOINING      | CONSULTATION | delivered | transferorLeft | completed normal
completing JOINING      | CONSULTATION | joinedHeld | joined   | stays
completing JOINING      | CONSULTATION early | joinedRinging | joined | stays
completing JOINING      | CONSULTATION early | joinedRinging | transferorLeft | stays
completing JOINED_BY_OTHERS | CONSULTATION | delivered | answered | completed overtaken
completing JOINED_BY_OTHERS | CONSULTATION | joinedRinging | joined | stays
completing ALTERNATING  | CONSULTATION | answered  | held      | completing JOINING JoinCalls
completing ALTERNATING conference drop | CONFERENCE_AND_DROP | answered | held | completing JOINING conference drop JoinCalls:conference
completing JOINING      | CONSULTATION | answered  | held      | stays
completing JOINING      | CONSULTATION | answered  | opened    | stays
completing JOINING      | CONSULTATION | ringing   | alerting  | stays
completing JOINING      | CONSULTATION | busy      | busy      | stays
completing JOINING      | CONSULTATION | answered  | accepted JoinCalls | stays
completing JOINING      | CONSULTATION | answered  | dial      | refused
completing JOINING      | CONSULTATION | answered  | alternate | refused
completing JOINING      | CONSULTATION | answered  | complete  | refused
completing JOINING      | CONSULTATION | answered  | cancel    | refused
completing JOINING      | CONSULTATION | before    | retrieved | reverting RESTORE unsettled HOLD cause:cancelled RestoreCall 10s
completing ALTERNATING  | CONSULTATION | alternated | retrieved | stays
completing JOINING      | CONSULTATION | joinedRinging | consultationOver | stays
completing JOINING      | CONSULTATION | held      | consultationOver cause:normal | reverting RESTORE HOLD cause:normal RestoreCall 10s
completing JOINING      | CONSULTATION | held      | targetFailed cause:reject | reverting RESTORE HOLD cause:reject RestoreCall 10s
completing JOINING      | CONSULTATION | waits     | targetLeft cause:normal | reverting RECALL cause:normal Recall:transferor 20s
completing JOINING      | CONSULTATION | bobTalks  | transfereeLeft cause:normal | abandoned normal
completing JOINING      | CONSULTATION | bobRings  | transfereeLeft cause:normal | reverting CLEAR unsettled cause:normal ClearRest 10s
completing JOINING      | CONSULTATION | carolAlone | transfereeLeft cause:normal | reverting CLEAR unsettled cause:normal ClearRest 10s
# a conference, asked for or as the way to a transfer
completing JOINING conference      | CONSULTATION conf | conferenced | conferenced | completed as conference normal
completing JOINING conference drop | CONFERENCE_AND_DROP | conferenced | conferenced | completing RELEASING conference drop ReleaseTransferor 10s
completing RELEASING conference drop | CONFERENCE_AND_DROP | conferenced | conferenced | stays
completing RELEASING conference drop | CONFERENCE_AND_DROP | delivered | transferorLeft | completed normal
completing JOINING                 | BLIND | conferenced | conferenced | stays
completing RELEASING conference drop | CONFERENCE_AND_DROP | conferenced | refused ReleaseTransferor | completing RELEASING conference drop asked Ask 10s
completing RELEASING conference drop | CONFERENCE_AND_DROP | conferenced | failed ReleaseTransferor | completing RELEASING conference drop asked Ask 10s
# the PBX will not: the person decides; what completes by itself goes back
completing JOINING      | CONSULTATION | answered  | refused JoinCalls | consulting ANSWERED cause:stepRefused 300s
completing JOINING      | CONSULTATION | alternated | failed JoinCalls cause:busy | consulting ANSWERED home cause:busy 300s
completing JOINING      | CONSULTATION early | ringing | failed JoinCalls cause:busy | consulting ALERTING cause:busy 30s
completing JOINING      | CONSULTATION onBusy | busy | failed JoinCalls cause:busy | consulting BUSY cause:busy 20s
completing JOINING      | CONSULTATION | held      | failed JoinCalls cause:busy | consulting FAILED cause:busy 20s
completing JOINING      | CONSULTATION ON_ANSWER | answered | failed JoinCalls cause:busy | reverting RESTORE HOLD cause:busy RestoreCall 10s
completing JOINING      | CONSULTATION ON_RINGING early | ringing | failed JoinCalls cause:busy | consulting ALERTING cause:busy 30s
completing JOINING      | CONSULTATION ON_RINGING early | answered | failed JoinCalls cause:busy | reverting RESTORE HOLD cause:busy RestoreCall 10s
completing JOINING      | CONSULTATION ON_ANSWER | busy | failed JoinCalls cause:busy | reverting RESTORE HOLD cause:busy RestoreCall 10s
completing JOINING      | CONSULTATION | waitsTarget | failed JoinCalls cause:busy | reverting RECALL unsettled cause:busy ClearTarget Recall:transferor 20s
completing JOINING      | BLIND ON_ANSWER | answeredHome | failed RedirectCall cause:busy | reverting RESTORE HOLD cause:busy RestoreCall 10s
completing ALTERNATING  | CONSULTATION | alternated | refused AlternateCalls | consulting ANSWERED home cause:stepRefused 300s
completing JOINING      | CONSULTATION | answered  | refused AlternateCalls | stays
completing JOINING      | CONSULTATION | answered  | refused JoinCalls conference | stays
completing ALTERNATING  | CONSULTATION | answered  | refused JoinCalls | stays
completing RELEASING conference drop | CONFERENCE_AND_DROP | conferenced | failed JoinCalls conference | stays
completing JOINING      | CONSULTATION mayConference | answered | refused JoinCalls conference notSupported | stays
completing JOINING conference | CONSULTATION conf | answered | refused JoinCalls conference | consulting ANSWERED cause:stepRefused 300s
completing JOINING      | CONSULTATION | answered  | refused DialTarget | stays
completing JOINING      | CONSULTATION | answered  | failed HoldCall | stays
# what the PBX cannot do after all is done the other way, once, where the plan allows it
completing JOINING      | CONSULTATION mayConference | answered | refused JoinCalls notSupported | completing JOINING conference drop JoinCalls:conference 10s
completing JOINING      | CONFERENCE_AND_DROP | answered | refused JoinCalls notSupported | consulting ANSWERED cause:stepRefused 300s
completing JOINING      | CONFERENCE_AND_DROP norm | answered | refused JoinCalls notSupported | consulting ANSWERED cause:stepRefused 300s
completing JOINING conference drop | CONFERENCE_AND_DROP norm | answered | refused JoinCalls conference notSupported | completing JOINING JoinCalls 10s
completing JOINING conference drop | CONFERENCE_AND_DROP | answered | refused JoinCalls conference notSupported | completing JOINING JoinCalls 10s
completing JOINING conference drop | CONFERENCE_AND_DROP conf | answered | refused JoinCalls conference notSupported | consulting ANSWERED cause:stepRefused 300s
completing JOINING conference drop | CONFERENCE_AND_DROP norm | answered | refused JoinCalls conference | consulting ANSWERED cause:stepRefused 300s
completing JOINING conference drop | CONFERENCE_AND_DROP norm | ringing | refused JoinCalls conference notSupported | consulting ALERTING cause:stepRefused 30s
completing JOINING conference drop | CONFERENCE_AND_DROP norm | answered | refused JoinCalls notSupported | stays
completing JOINING conference drop | CONSULTATION norm mayConference | answered | refused JoinCalls conference notSupported | consulting ANSWERED cause:stepRefused 300s
completing JOINING conference | CONFERENCE_AND_DROP norm | answered | refused JoinCalls conference notSupported | consulting ANSWERED cause:stepRefused 300s
completing JOINING      | CONSULTATION mayConference | answered | refused JoinCalls | consulting ANSWERED cause:stepRefused 300s
completing JOINING      | CONSULTATION | answered  | refused JoinCalls notSupported | consulting ANSWERED cause:stepRefused 300s
completing JOINING      | CONSULTATION mayConference early | ringing | refused JoinCalls notSupported | consulting ALERTING cause:stepRefused 30s
completing ALTERNATING  | CONSULTATION mayConference | alternated | refused JoinCalls notSupported | stays
completing JOINING conference | CONSULTATION mayConference | answered | refused JoinCalls notSupported | stays
completing JOINING conference | CONSULTATION mayConference | answered | refused JoinCalls conference notSupported | consulting ANSWERED cause:stepRefused 300s
completing JOINING      | CONSULTATION mayConference | answered | refused AlternateCalls notSupported | stays
""")
  void completes(String state, String plan, String place, String input, String expected) {
    check(state, plan, place, input, expected);
  }

  /** What the timeline says of it. */
  @ParameterizedTest(name = "{0} | {1} | {2} | {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
"""
consulting ANSWERED     | CONSULTATION | answered | complete | complete
consulting ANSWERED     | CONFERENCE_AND_DROP conf | answered | complete | join all three, then let the transferor go
consulting ANSWERED alone | CONSULTATION | waitsBeside | complete | the transferor is not in the call any more
consulting ALERTING     | CONSULTATION | ringing  | complete | the consultation call is alerting
consulting ANSWERED     | CONSULTATION | waitsBeside | opened | the transferee is alone, and is recalled unless the transferor comes back
consulting ANSWERED alone | CONSULTATION | answered | opened | the transferor is back in its call
completing JOINING      | CONSULTATION | answered | failed JoinCalls | a failed completion leaves both calls as they were
completing JOINING      | CONSULTATION ON_RINGING early | ringing | failed JoinCalls | not while it rings: completed when the target answers
reverting RESTORE NEW_CALL | NEW_CALL  | held     | consultationOver | now the call is taken back
reverting RESTORE HOLD  | NEW_CALL     | opened   | opened | a new call stands: it is cleared
reverting RECALL unsettled | CONSULTATION | waits | targetFailed | the old target is gone
reverting RESTORE unsettled HOLD | CONSULTATION | held | targetFailed | it is gone
""")
  void says(String state, String plan, String place, String input, String why) {
    assertThat(Cell.of(state, plan, Parties.at(place), input).why()).isEqualTo(why);
  }

  /** Exactly while it is legal a verb is offered. */
  @ParameterizedTest(name = "{0} | {1} | {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
"""
redirecting             | BLIND        | before    | CANCEL
redirecting             | BLIND        | ringsHome | CANCEL
redirecting             | BLIND        | waitsRinging | ''
redirecting             | BLIND        | answeredHome | ''
holding                 | CONSULTATION | held      | CANCEL
consulting UNDIALLED    | CONSULTATION | opened    | CANCEL DIAL
consulting DIALLING     | CONSULTATION | opened    | CANCEL
consulting ALERTING     | CONSULTATION | ringing   | CANCEL
consulting ALERTING     | CONSULTATION early | ringing | CANCEL COMPLETE
consulting BUSY         | CONSULTATION | busy      | CANCEL DIAL
consulting BUSY         | CONSULTATION onBusy | busy | CANCEL DIAL COMPLETE
consulting ANSWERED     | CONSULTATION norm | answered | CANCEL ALTERNATE COMPLETE
consulting ANSWERED     | CONSULTATION norm noAlternate | answered | CANCEL COMPLETE
consulting ANSWERED     | CONSULTATION norm conf | answered | CANCEL ALTERNATE COMPLETE CONFERENCE
consulting ANSWERED     | CONSULTATION | answered  | CANCEL ALTERNATE COMPLETE CONFERENCE
consulting FAILED       | CONSULTATION | held      | CANCEL DIAL
consulting FAILED       | HELD_CALL    | held      | CANCEL
consulting ANSWERED alone | CONSULTATION conf early | waitsBeside | CANCEL
completing JOINING      | CONSULTATION | answered  | ''
reverting RESTORE HOLD  | CONSULTATION | held      | ''
ended                   | CONSULTATION | before    | ''
""")
  void offersWhatIsLegal(String state, String plan, String place, String verbs) {
    TransferView view = Cell.view(plan, Parties.at(place));

    assertThat(Cell.state(state).permitted(view))
        .extracting(Enum::name)
        .containsExactlyInAnyOrder(verbs.isEmpty() ? new String[0] : verbs.split(" "));
  }

  @ParameterizedTest
  @CsvSource({
    "redirecting, REDIRECTING",
    "holding, HOLDING",
    "consulting FAILED, CONSULTING",
    "completing JOINING, COMPLETING",
    "reverting RECALL, REVERTING",
    "ended, ENDED",
  })
  void isInItsPhase(String state, TransferPhase phase) {
    assertThat(Cell.state(state).phase()).isEqualTo(phase);
  }
}
