package org.jackfield.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jackfield.api.session.ConnectionState.CONFERENCED;
import static org.jackfield.api.session.ConnectionState.CONNECTED;
import static org.jackfield.api.session.ConnectionState.DIALTONE;
import static org.jackfield.api.session.ConnectionState.OFFERING;
import static org.jackfield.api.session.ConnectionState.ON_HOLD;
import static org.jackfield.api.session.ConnectionState.ON_HOLD_PENDING_TRANSFER;
import static org.jackfield.api.session.ConnectionState.RINGBACK;
import static org.jackfield.core.transfer.Scene.ALICE;
import static org.jackfield.core.transfer.Scene.BOB;
import static org.jackfield.core.transfer.Scene.CAROL;

import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Reason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every kind of plan, broken off at each of its steps in each way; what it must end in is written
 * from the meanings of the outcomes. A PBX that does what it is asked goes on from there.
 */
class FailingStepsTest {
  /**
   * Columns: the plan; how far it is; then what it ends in when the step is refused, when it fails,
   * when nothing more is heard of it, when the link is lost for good, when the transferor, the
   * transferee, the target leaves, and when it is cancelled ({@code no}: too late, refused).
   */
  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
"""
BLIND         | begun       | reverted | reverted | reverted | failed | -         | abandoned | -         | reverted
BLIND         | ringing     | -        | reverted | reverted | failed | -         | abandoned | reverted  | reverted
BLIND         | joined      | -        | recalled | recalled | failed | -         | abandoned | recalled  | no
CONSULTATION  | begun       | reverted | reverted | reverted | failed | recalled  | abandoned | -         | reverted
CONSULTATION  | dialling    | reverted | reverted | reverted | failed | recalled  | abandoned | -         | reverted
CONSULTATION  | ringing     | -        | -        | reverted | failed | recalled  | abandoned | reverted  | reverted
CONSULTATION  | completing  | reverted | reverted | reverted | failed | -         | abandoned | reverted  | no
ONE_STEP      | begun       | reverted | reverted | reverted | failed | recalled  | abandoned | -         | reverted
ONE_STEP      | ringing     | -        | -        | reverted | failed | recalled  | abandoned | reverted  | reverted
ONE_STEP      | completing  | reverted | reverted | reverted | failed | -         | abandoned | reverted  | no
HELD_CALL     | begun       | reverted | reverted | reverted | failed | recalled  | abandoned | reverted  | reverted
HELD_CALL     | completing  | reverted | reverted | reverted | failed | -         | abandoned | reverted  | no
NEW_CALL      | begun       | reverted | reverted | reverted | failed | recalled  | abandoned | -         | reverted
NEW_CALL      | held        | reverted | reverted | reverted | failed | recalled  | abandoned | -         | reverted
NEW_CALL      | placed      | -        | -        | reverted | failed | recalled  | abandoned | -         | reverted
NEW_CALL      | ringing     | -        | -        | reverted | failed | recalled  | abandoned | reverted  | reverted
NEW_CALL      | completing  | reverted | reverted | reverted | failed | -         | abandoned | reverted  | no
EARLY         | begun       | reverted | reverted | reverted | failed | recalled  | abandoned | -         | reverted
EARLY         | dialling    | reverted | reverted | reverted | failed | recalled  | abandoned | -         | reverted
EARLY         | completing  | waits    | waits    | reverted | failed | -         | abandoned | reverted  | no
EARLY         | joined      | -        | -        | recalled | failed | -         | abandoned | recalled  | no
CONFERENCE    | begun       | reverted | reverted | reverted | failed | recalled  | abandoned | -         | reverted
CONFERENCE    | dialling    | reverted | reverted | reverted | failed | recalled  | abandoned | -         | reverted
CONFERENCE    | completing  | reverted | reverted | reverted | failed | -         | abandoned | reverted  | no
CONFERENCE    | conferenced | failed   | failed   | failed   | failed | completed | abandoned | reverted  | no
""")
  void endsAsTheOutcomesMean(
      String kind,
      String stage,
      String refused,
      String failed,
      String silent,
      String lost,
      String transferorLeaves,
      String transfereeLeaves,
      String targetLeaves,
      String cancelled) {
    check(kind, stage, "refused", refused);
    check(kind, stage, "failed", failed);
    check(kind, stage, "silent", silent);
    check(kind, stage, "lost", lost);
    check(kind, stage, "transferor leaves", transferorLeaves);
    check(kind, stage, "transferee leaves", transfereeLeaves);
    check(kind, stage, "target leaves", targetLeaves);
    check(kind, stage, "cancelled", cancelled);
  }

  private static void check(String kind, String stage, String fault, String expected) {
    if (expected.equals("-")) {
      return;
    }
    Scene scene = at(kind, stage);
    String what = kind + " " + stage + ", " + fault;
    if (expected.equals("no")) {
      assertThat(scene.refuses(new TransferInput.CancelRequested())).as(what).isTrue();
      return;
    }
    inflict(scene, fault);
    scene.pbxGoesOn();
    if (expected.equals("waits")) {
      assertThat(scene.outcome()).as(what).isEmpty();
      scene.consulting(CAROL, CONNECTED).consulting(BOB, CONNECTED);
      assertThat(scene.wanted()).as(what + ": completed on the answer").contains("JoinCalls");
      return;
    }
    assertThat(scene.outcome().map(o -> o.text()).orElse("not ended " + scene.state()))
        .as(what)
        .isEqualTo(expected);
    assertThat(scene.finished()).as(what + ": one outcome").isEqualTo(1);
    if (kind.equals("HELD_CALL") && expected.equals("reverted") && !fault.equals("target leaves")) {
      assertThat(scene.heldCallStands()).as(what + ": the other call is held again").isTrue();
    }
  }

  private static void inflict(Scene scene, String fault) {
    switch (fault) {
      case "refused" ->
          scene.input(
              new TransferInput.StepRefused(
                  scene.lastAct(), ProviderReply.Refused.of(Reason.REFUSED_BY_PBX, "no")));
      case "failed" ->
          scene.input(
              new TransferInput.StepFailed(
                  scene.lastAct(), Cause.of(Cause.Code.TEMPORARY_FAILURE)));
      case "silent" -> scene.time();
      case "lost" ->
          scene.input(new TransferInput.ProviderLost(Cause.of(Cause.Code.PROVIDER_LOST))).time();
      case "transferor leaves" -> scene.transferorLeaves();
      case "transferee leaves" -> scene.leaves(ALICE, Cause.Code.NORMAL);
      case "target leaves" -> scene.targetLeaves();
      case "cancelled" -> scene.input(new TransferInput.CancelRequested());
      default -> throw new IllegalArgumentException(fault);
    }
  }

  private static Scene at(String kind, String stage) {
    return switch (kind) {
      case "BLIND" -> blind(stage);
      case "CONSULTATION" -> consulted(Scene.consulting(), stage);
      case "ONE_STEP" -> consulted(Scene.oneStep(), stage);
      case "HELD_CALL" -> heldCall(stage);
      case "NEW_CALL" -> newCall(stage);
      case "EARLY" -> early(stage);
      case "CONFERENCE" -> conference(stage);
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private static Scene blind(String stage) {
    Scene scene = Scene.blindOnAnswer();
    if (!stage.equals("begun")) {
      scene.atHome(BOB, ON_HOLD_PENDING_TRANSFER).aliceHeld(true).atHome(CAROL, OFFERING);
    }
    if (stage.equals("joined")) {
      scene.leaves(BOB, Cause.Code.NORMAL);
    }
    return scene;
  }

  private static Scene dialling(Scene scene) {
    return scene.atHome(BOB, ON_HOLD_PENDING_TRANSFER).aliceHeld(true).consulting(BOB, DIALTONE);
  }

  private static Scene consulted(Scene scene, String stage) {
    return switch (stage) {
      case "begun" -> scene;
      case "dialling" -> dialling(scene);
      case "ringing" -> dialling(scene).consulting(CAROL, OFFERING).consulting(BOB, RINGBACK);
      default ->
          dialling(scene)
              .consulting(CAROL, OFFERING)
              .consulting(BOB, RINGBACK)
              .consulting(CAROL, CONNECTED)
              .consulting(BOB, CONNECTED);
    };
  }

  private static Scene heldCall(String stage) {
    Scene scene = Scene.heldCall();
    return stage.equals("begun")
        ? scene
        : scene.atHome(BOB, ON_HOLD).aliceHeld(true).consulting(BOB, CONNECTED).carolHeld(false);
  }

  private static Scene newCall(String stage) {
    Scene scene = Scene.newCall();
    if (!stage.equals("begun")) {
      scene.atHome(BOB, ON_HOLD).aliceHeld(true);
    }
    return switch (stage) {
      case "begun", "held" -> scene;
      case "placed" -> scene.consulting(Scene.BOBS_OTHER_END, DIALTONE);
      case "ringing" ->
          scene.consulting(Scene.BOBS_OTHER_END, RINGBACK).consulting(CAROL, OFFERING);
      default ->
          scene
              .consulting(Scene.BOBS_OTHER_END, RINGBACK)
              .consulting(CAROL, OFFERING)
              .consulting(CAROL, CONNECTED)
              .consulting(Scene.BOBS_OTHER_END, CONNECTED);
    };
  }

  private static Scene early(String stage) {
    Scene scene = Scene.early();
    return switch (stage) {
      case "begun", "dialling" -> consulted(scene, stage);
      case "completing" -> consulted(scene, "ringing");
      default -> consulted(scene, "ringing").joined();
    };
  }

  private static Scene conference(String stage) {
    Scene scene = consulted(Scene.conferenceAndDrop(), stage);
    return stage.equals("conferenced")
        ? scene
            .merged()
            .atHome(CAROL, CONFERENCED)
            .atHome(ALICE, CONFERENCED)
            .atHome(BOB, CONFERENCED)
        : scene;
  }
}
