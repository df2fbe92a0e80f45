package org.jackfield.core.arbiter;

import java.util.ArrayList;
import java.util.List;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.session.Party;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.RecallRung;
import org.jackfield.api.transfer.ReleaseWhen;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferPlan;
import org.jackfield.api.transfer.TransferPlan.Kind;
import org.jackfield.api.transfer.TransferPlan.PlanReason;
import org.jackfield.api.transfer.TransferPlan.PlanStep;
import org.jackfield.api.transfer.TransferPlan.Rejected;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferTarget;

/** Writes out the plan that was chosen: its steps, its reasons, what it costs, who sees whom. */
record PlanWriter(
    TransferRequest request,
    Situation situation,
    Preferences preferences,
    Party transferor,
    Party transferee) {

  TransferPlan write(Kind kind, List<Rejected> rejected) {
    List<PlanReason> reasons = new ArrayList<>();
    List<String> loss = new ArrayList<>();
    ReleaseWhen release = release(kind, reasons, loss);
    CompleteWhen complete = complete(kind, reasons, loss);
    reasons.addFirst(
        request.mode() == TransferMode.AUTO
            ? new PlanReason("rule", preferences.rules().auto(), kind.text() + " is chosen")
            : new PlanReason(
                "rule",
                "the request asks for " + request.mode().text(),
                kind.text() + " is chosen"));
    List<PlanStep> steps = steps(kind, release, complete);
    int irreversible = kind == Kind.BLIND ? 1 : steps.size();
    if (kind == Kind.ONE_STEP) {
      loss.add("the consultation dials by itself: no control of the dialling");
    }
    if (kind != Kind.BLIND) {
      loss.add("the transferee waits on hold meanwhile");
    }
    return new TransferPlan(
        kind,
        TransferArbiter.mode(kind),
        steps,
        reasons,
        rejected,
        loss,
        identities(kind),
        irreversible,
        complete,
        release,
        request.completeAs(),
        request.timeouts().orElse(preferences.timeouts()),
        recall());
  }

  private ReleaseWhen release(Kind kind, List<PlanReason> reasons, List<String> loss) {
    boolean recoverable = situation.capabilities().has(Trait.RELEASE_ON_ANSWER);
    if (kind != Kind.BLIND) {
      return ReleaseWhen.ON_ANSWER;
    }
    ReleaseWhen wanted = request.release().orElse(ReleaseWhen.ON_ANSWER);
    if (wanted == ReleaseWhen.ON_ANSWER && recoverable) {
      reasons.add(
          new PlanReason(
              "fact",
              "the PBX keeps the transferor until the target answers",
              "a target that fails is undone"));
      return wanted;
    }
    if (wanted == ReleaseWhen.ON_ANSWER) {
      reasons.add(
          new PlanReason(
              "fact",
              "the PBX cannot keep the transferor until the target answers",
              "it is released when the transfer is accepted"));
    }
    loss.add("the transferor is out before the target is known: a failure goes down the ladder");
    return ReleaseWhen.ON_ACCEPT;
  }

  private CompleteWhen complete(Kind kind, List<PlanReason> reasons, List<String> loss) {
    Capabilities can = situation.capabilities();
    CompleteWhen wanted =
        request
            .complete()
            .orElse(
                request.mode() == TransferMode.CONSULTATION
                    ? CompleteWhen.MANUAL
                    : CompleteWhen.ON_ANSWER);
    if (kind == Kind.BLIND) {
      return CompleteWhen.ON_ANSWER;
    }
    if (wanted == CompleteWhen.ON_RINGING && !can.has(Trait.EARLY_COMPLETE)) {
      reasons.add(
          new PlanReason(
              "fact",
              "the PBX does not complete while the target rings",
              "it is completed when the target answers"));
      loss.add("the transferor waits for the answer");
      return CompleteWhen.ON_ANSWER;
    }
    if (can.completionUndeclared()) {
      reasons.add(
          new PlanReason(
              "fact",
              "the PBX has not said whether it completes as a transfer or as a conference",
              "a " + request.completeAs().text() + " is tried"));
    }
    return wanted;
  }

  private List<PlanStep> steps(Kind kind, ReleaseWhen release, CompleteWhen complete) {
    String to =
        request.target() instanceof TransferTarget.To t ? t.address().toString() : "the held call";
    if (kind == Kind.BLIND) {
      return List.of(
          new PlanStep(
              Operation.BLIND_TRANSFER,
              release == ReleaseWhen.ON_ANSWER
                  ? "send "
                      + transferee.address()
                      + " to "
                      + to
                      + ", release "
                      + transferor.address()
                      + " when it answers"
                  : "send "
                      + transferee.address()
                      + " to "
                      + to
                      + ", release "
                      + transferor.address()
                      + " at once"));
    }
    List<PlanStep> steps = new ArrayList<>();
    if (kind == Kind.ONE_STEP) {
      steps.add(
          new PlanStep(
              Operation.ONE_STEP_CONSULT,
              "hold " + transferee.address() + " and dial " + to + " in one step"));
    } else {
      steps.add(
          new PlanStep(
              Operation.CONSULT,
              "put " + transferee.address() + " on consultation hold, open a consultation call"));
      steps.add(new PlanStep(Operation.DIAL, "dial " + to));
    }
    String when =
        switch (complete) {
          case MANUAL -> "when asked";
          case ON_ANSWER -> "when " + to + " answers";
          case ON_RINGING -> "when " + to + " rings";
        };
    steps.add(
        new PlanStep(
            Operation.COMPLETE,
            request.completeAs() == CompleteAs.CONFERENCE
                ? "make a conference of the three, " + when
                : "join " + transferee.address() + " and " + to + ", " + when));
    return steps;
  }

  private List<String> identities(Kind kind) {
    String to =
        request.target() instanceof TransferTarget.To t ? t.address().toString() : "the held call";
    return kind == Kind.BLIND
        ? List.of(
            to + " sees " + transferee.address() + " ringing",
            "after it " + to + " and " + transferee.address() + " see each other")
        : List.of(
            to + " sees " + transferor.address() + " ringing",
            "after it " + to + " and " + transferee.address() + " see each other");
  }

  private List<RecallRung> recall() {
    return request.recall().isEmpty() ? preferences.recall() : request.recall();
  }
}
