package org.jackfield.core.arbiter;

import java.util.ArrayList;
import java.util.List;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.Need;
import org.jackfield.api.transfer.RecallRung;
import org.jackfield.api.transfer.ReleaseWhen;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferPlan;
import org.jackfield.api.transfer.TransferPlan.Kind;
import org.jackfield.api.transfer.TransferPlan.PlanReason;
import org.jackfield.api.transfer.TransferRequest;

/** Writes out the plan that was chosen: its settings, its reasons, what it costs. */
final class PlanWriter {
  private final Ruling ruling;
  private final Kind kind;
  private final Preferences preferences;
  private final TransferRequest request;
  private final Capabilities can;
  private final List<PlanReason> reasons = new ArrayList<>();
  private final List<String> loss = new ArrayList<>();

  PlanWriter(Ruling ruling, Kind kind) {
    this.ruling = ruling;
    this.kind = kind;
    this.preferences = ruling.preferences();
    this.request = ruling.request();
    this.can = ruling.situation().capabilities();
  }

  TransferPlan write() {
    because("rule", rule(), kind.text() + " is chosen");
    lose();
    ReleaseWhen release = release();
    CompleteWhen complete = complete();
    List<RecallRung> recall = recall();
    PlanScript script = new PlanScript(ruling, kind, release, complete);
    return new TransferPlan(
        kind,
        mode(kind),
        script.steps(),
        reasons,
        ruling.rejected(),
        loss,
        script.voices(),
        script.irreversible(),
        complete,
        release,
        request.completeAs(),
        request.timeouts().orElse(preferences.timeouts()),
        recall);
  }

  private void because(String source, String text, String effect) {
    reasons.add(new PlanReason(source, text, effect));
  }

  private String rule() {
    return request.mode() == TransferMode.AUTO
        ? preferences.rules().auto()
        : "the request asks for " + request.mode().text();
  }

  /** What the plan cannot give that the ideal would. */
  private void lose() {
    Kind over = ruling.over(kind);
    if (kind != Kind.BLIND && kind != Kind.HELD_CALL) {
      loss.add("time: the transferee waits on hold meanwhile");
    }
    if (over == Kind.ONE_STEP) {
      loss.add("the consultation dials by itself: no control of the dialling");
    }
    if (over == Kind.NEW_CALL) {
      loss.add("the transferor's phone shows two calls");
    }
    switch (kind) {
      case BLIND -> loss.add("nobody speaks with the target first");
      case EARLY_COMPLETION -> {
        loss.add("nobody speaks with the target first; no cancelling once it rings");
        loss.add("the target sees the transferor calling, and the bill may name it");
      }
      case CONFERENCE_AND_DROP -> {
        loss.add("a conference port, for as long as they talk");
        loss.add("a tone may be heard, and the transferor is seen until it has dropped out");
      }
      case CONSULTATION, ONE_STEP, HELD_CALL, NEW_CALL -> {}
    }
  }

  private ReleaseWhen release() {
    if (kind == Kind.EARLY_COMPLETION) {
      because(
          "fact",
          "the PBX has no blind transfer, but completes while the target rings",
          "the transferor is released when it rings: a blind transfer, emulated");
      return ReleaseWhen.ON_ACCEPT;
    }
    if (kind != Kind.BLIND) {
      return ReleaseWhen.ON_ANSWER;
    }
    if (request.release().orElse(ReleaseWhen.ON_ANSWER) == ReleaseWhen.ON_ANSWER) {
      if (can.has(Trait.RELEASE_ON_ANSWER)) {
        because(
            "fact",
            "the PBX keeps the transferor until the target answers",
            "a target that fails is undone");
        return ReleaseWhen.ON_ANSWER;
      }
      because(
          "fact",
          "the PBX cannot keep the transferor until the target answers",
          "it is released when the transfer is accepted");
    }
    loss.add("no proof of answer before the transferor is out: a failure goes down the ladder");
    return ReleaseWhen.ON_ACCEPT;
  }

  private CompleteWhen complete() {
    switch (kind) {
      case BLIND -> {
        return CompleteWhen.ON_ANSWER;
      }
      case EARLY_COMPLETION -> {
        return CompleteWhen.ON_RINGING;
      }
      default -> {}
    }
    undeclared();
    boolean asked = request.mode() == TransferMode.CONSULTATION || speaks();
    CompleteWhen wanted =
        request.complete().orElse(asked ? CompleteWhen.MANUAL : CompleteWhen.ON_ANSWER);
    boolean early =
        can.has(Trait.EARLY_COMPLETE)
            && kind != Kind.CONFERENCE_AND_DROP
            && request.completeAs() == CompleteAs.TRANSFER;
    if (wanted == CompleteWhen.ON_RINGING && !early) {
      because(
          "fact",
          can.has(Trait.EARLY_COMPLETE)
              ? "nobody is conferenced who has not answered"
              : "the PBX does not complete while the target rings",
          "it is completed when the target answers");
      loss.add("the transferor waits for the answer");
      return CompleteWhen.ON_ANSWER;
    }
    return wanted;
  }

  private boolean speaks() {
    return request.needs().contains(Need.SPEAK);
  }

  /** TAPI's tri-state. */
  private void undeclared() {
    if (kind == Kind.CONFERENCE_AND_DROP) {
      because(
          "rule",
          preferences.rules().conference(),
          "a conference may stand in for the transfer that the PBX does not complete");
    } else if (can.completionUndeclared()) {
      because(
          "fact",
          "the PBX has not said whether it completes as a transfer or as a conference"
              + " (TRANSFERNORM and TRANSFERCONF are off)",
          "a "
              + request.completeAs().text()
              + " is tried"
              + (request.completeAs() == CompleteAs.CONFERENCE
                  ? ""
                  : ruling.mayConference()
                      ? ", a conference if that is refused"
                      : ", and no conference"));
    }
  }

  /** The ladder, without the rungs that this PBX does not have. */
  private List<RecallRung> recall() {
    boolean own = !request.recall().isEmpty();
    List<RecallRung> wanted = own ? request.recall() : preferences.recall();
    List<RecallRung> rungs = new ArrayList<>();
    for (RecallRung rung : wanted) {
      switch (rung) {
        case RecallRung.ToPark park when !can.permits(Operation.PARK) ->
            because(
                "fact", "the PBX parks no call (PARK is off)", "the rung of parking is left out");
        case RecallRung.ToAddress to when !can.permits(Operation.RECALL) ->
            because(
                "fact",
                "the PBX connects no party that waits (RECALL is off)",
                "the rung to " + to.address() + " is left out");
        default -> rungs.add(rung);
      }
    }
    if (rungs.isEmpty()) {
      rungs.add(new RecallRung.ToTransferor());
    }
    because(
        "rule",
        own ? "the request names the recall ladder" : preferences.rules().recall(),
        "who cannot be delivered goes " + ladder(rungs));
    return rungs;
  }

  private static String ladder(List<RecallRung> rungs) {
    List<String> words = new ArrayList<>();
    for (RecallRung rung : rungs) {
      words.add(
          switch (rung) {
            case RecallRung.ToTransferor r -> "to the transferor";
            case RecallRung.ToAddress r -> "to " + r.address();
            case RecallRung.ToPark r -> "to the parking place " + r.place();
          });
    }
    return String.join(", then ", words);
  }

  /** The mode that a plan amounts to. */
  private static TransferMode mode(Kind kind) {
    return switch (kind) {
      case BLIND, EARLY_COMPLETION -> TransferMode.BLIND;
      case ONE_STEP -> TransferMode.ONE_STEP;
      case CONSULTATION, HELD_CALL, NEW_CALL, CONFERENCE_AND_DROP -> TransferMode.CONSULTATION;
    };
  }
}
