package org.jackfield.core.arbiter;

import java.util.ArrayList;
import java.util.List;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.session.Party;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.CompleteWhen;
import org.jackfield.api.transfer.ReleaseWhen;
import org.jackfield.api.transfer.TransferPlan.Kind;
import org.jackfield.api.transfer.TransferPlan.PlanStep;

/** What a plan does step by step, and what each party hears and sees of it. */
final class PlanScript {
  private final Ruling ruling;
  private final Kind kind;
  private final ReleaseWhen release;
  private final CompleteWhen complete;
  private final boolean conference;
  private final String from;
  private final String who;
  private final String to;

  PlanScript(Ruling ruling, Kind kind, ReleaseWhen release, CompleteWhen complete) {
    this.ruling = ruling;
    this.kind = kind;
    this.release = release;
    this.complete = complete;
    this.conference =
        kind == Kind.CONFERENCE_AND_DROP || ruling.request().completeAs() == CompleteAs.CONFERENCE;
    this.from = ruling.transferor().address().toString();
    this.who = stay();
    this.to = ruling.target();
  }

  /** All that stay in the call. */
  private String stay() {
    Party transferor = ruling.transferor();
    List<String> stay = new ArrayList<>();
    for (Party party : ruling.situation().session().parties()) {
      if (party.state().isTalking() && !party.id().equals(transferor.id())) {
        stay.add(party.address().toString());
      }
    }
    return String.join(" and ", stay);
  }

  List<PlanStep> steps() {
    if (kind == Kind.BLIND) {
      String when = release == ReleaseWhen.ON_ANSWER ? " when it answers" : " at once";
      return List.of(
          new PlanStep(
              Operation.BLIND_TRANSFER, "send " + who + " to " + to + ", release " + from + when));
    }
    List<PlanStep> steps = new ArrayList<>();
    open(steps);
    steps.add(new PlanStep(Operation.COMPLETE, completion()));
    if (!conference && ruling.mayConference()) {
      steps.add(
          new PlanStep(
              Operation.CONFERENCE,
              "only if the PBX refuses to: make a conference, and take " + from + " out of it"));
    }
    if (kind == Kind.CONFERENCE_AND_DROP) {
      if (ruling.mayJoin()) {
        steps.add(
            new PlanStep(
                Operation.COMPLETE, "only if the PBX refuses to: join " + who + " and " + to));
      }
      steps.add(new PlanStep(Operation.CLEAR, "take " + from + " out of the conference"));
    }
    return steps;
  }

  /** The number of the step after which there is no way back: the one that joins. */
  int irreversible() {
    List<PlanStep> steps = steps();
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).operation() == Operation.COMPLETE) {
        return i + 1;
      }
    }
    return steps.size();
  }

  private void open(List<PlanStep> steps) {
    switch (ruling.over(kind)) {
      case ONE_STEP ->
          steps.add(
              new PlanStep(
                  Operation.ONE_STEP_CONSULT,
                  "put " + who + " on consultation hold and dial " + to + " in one step"));
      case HELD_CALL ->
          steps.add(
              new PlanStep(
                  Operation.ALTERNATE,
                  "put " + who + " on hold, take the call with " + to + " back"));
      case NEW_CALL -> {
        steps.add(new PlanStep(Operation.HOLD, "put " + who + " on hold"));
        steps.add(new PlanStep(Operation.MAKE_CALL, "call " + to + " from " + from));
      }
      case BLIND, CONSULTATION, EARLY_COMPLETION, CONFERENCE_AND_DROP -> {
        steps.add(
            new PlanStep(
                Operation.CONSULT, "put " + who + " on consultation hold, open a second call"));
        steps.add(new PlanStep(Operation.DIAL, "dial " + to));
      }
    }
  }

  private String completion() {
    String what =
        conference
            ? "make a conference of " + from + ", " + who + " and " + to
            : "join " + who + " and " + to;
    boolean back =
        complete == CompleteWhen.MANUAL
            && ruling.situation().capabilities().permits(Operation.ALTERNATE);
    return what
        + when()
        + (back ? ", alternating back first if " + from + " talks with " + who : "");
  }

  private String when() {
    if (kind == Kind.HELD_CALL && complete != CompleteWhen.MANUAL) {
      return " at once";
    }
    return switch (complete) {
      case MANUAL -> ", when asked";
      case ON_ANSWER -> ", when " + to + " answers";
      case ON_RINGING -> ", when " + to + " rings";
    };
  }

  /** Phase by phase who hears what, and who sees which identity. */
  List<String> voices() {
    List<String> voices = new ArrayList<>();
    switch (kind) {
      case BLIND -> blind(voices);
      case HELD_CALL -> held(voices);
      case CONSULTATION, ONE_STEP, NEW_CALL, EARLY_COMPLETION, CONFERENCE_AND_DROP ->
          consultation(voices);
    }
    if (conference) {
      voices.add("completing: " + from + ", " + who + " and " + to + " hear and see one another");
    }
    voices.add(
        conference && kind != Kind.CONFERENCE_AND_DROP
            ? "ended: all three talk in a conference"
            : "ended: " + who + " and " + to + " hear and see each other, " + from + " is out");
    return voices;
  }

  private void blind(List<String> voices) {
    voices.add("redirecting: " + who + " hears ringback and sees " + to);
    voices.add("redirecting: " + to + " rings and sees " + who);
    voices.add(
        release == ReleaseWhen.ON_ANSWER
            ? "redirecting: " + from + " hears nothing until " + to + " answers"
            : "redirecting: " + from + " is out at once");
  }

  private void held(List<String> voices) {
    voices.add("holding: " + who + " hears music on hold and sees " + from);
    voices.add("consulting: " + from + " and " + to + " hear and see each other, as before");
  }

  private void consultation(List<String> voices) {
    voices.add("holding: " + who + " hears music on hold and sees " + from);
    voices.add("consulting: " + from + " hears ringback and sees " + to);
    voices.add("consulting: " + to + " rings and sees " + from);
    voices.add(
        kind == Kind.EARLY_COMPLETION
            ? "completing: " + who + " hears ringback while " + to + " rings, " + from + " is out"
            : "consulting: "
                + from
                + " and "
                + to
                + " hear each other when "
                + to
                + " has answered");
  }
}
