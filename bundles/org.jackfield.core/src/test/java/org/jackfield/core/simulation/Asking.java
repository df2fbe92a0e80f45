package org.jackfield.core.simulation;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.audit.AuditEntry;
import org.jackfield.api.audit.AuditLog;
import org.jackfield.api.session.OperationReply;
import org.jackfield.api.session.Reason;
import org.jackfield.api.transfer.TransferId;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferStep;

/** What clients ask: each is answered once, by a reason of its function's list, and audited. */
final class Asking implements AuditLog {
  /** What only a PBX or a driver can know at the time is no reason to refuse a request. */
  private static final Set<Reason> NEVER =
      EnumSet.of(Reason.REFUSED_BY_PBX, Reason.NO_SUCH_PROVIDER);

  /** Who asks for all transfers. */
  static final String FIRST = "client";

  private final Verdict verdict;
  private final Acting acting;
  private final Ladder ladder;
  private final Map<String, Integer> answered = new HashMap<>();
  private final Map<String, Integer> audited = new HashMap<>();
  private final Set<TransferId> contested = new HashSet<>();
  private int open;

  Asking(Verdict verdict, Acting acting, Ladder ladder) {
    this.verdict = verdict;
    this.acting = acting;
    this.ladder = ladder;
  }

  @Override
  public void record(AuditEntry entry) {
    audited.merge(entry.action() + " " + entry.result(), 1, Integer::sum);
  }

  @Override
  public List<AuditEntry> latest(int limit) {
    return List.of();
  }

  void transfer(String what, CompletionStage<TransferReply> reply) {
    transfer(what, "", reply);
  }

  /** A step in a transfer: only its owner's is taken, and only another's is refused for that. */
  void step(TransferStep step, CompletionStage<TransferReply> reply) {
    String who = step.requester().principal();
    boolean isOwner = who.equals(FIRST);
    if (step instanceof TransferStep.TakeOver) {
      // From now on it depends on who is faster.
      contested.add(step.transfer());
    } else if (!contested.contains(step.transfer())) {
      reply.thenAccept(answer -> owner(step, isOwner, answer));
    }
    transfer(words(step), who.equals(FIRST) ? "" : " by " + who, reply);
  }

  private void owner(TransferStep step, boolean isOwner, TransferReply answer) {
    boolean notOwner =
        answer instanceof TransferReply.Refused no && no.refusal().reason() == Reason.NOT_OWNER;
    boolean wrong = isOwner ? notOwner : answer instanceof TransferReply.Accepted;
    if (wrong && !contested.contains(step.transfer())) {
      verdict.broken("only the owner acts", step + ": " + answer);
    }
  }

  private void transfer(String what, String by, CompletionStage<TransferReply> reply) {
    asked(what + by);
    boolean[] twice = new boolean[1];
    reply.whenComplete((answer, bug) -> answered(what, answer, bug, twice));
  }

  private void asked(String what) {
    open++;
    ladder.tell(Ladder.At.CLIENT, Ladder.At.CORE, () -> what);
  }

  private void answered(String what, TransferReply answer, Throwable bug, boolean[] twice) {
    if (bug != null || twice[0]) {
      verdict.broken("each request is answered once", what + ": " + bug);
      return;
    }
    twice[0] = true;
    open--;
    String action = what.split(" ", 2)[0];
    switch (answer) {
      case TransferReply.Accepted yes -> {
        done(
            action,
            "accepted",
            "transfer " + yes.transfer().id() + ", " + yes.transfer().plan().kind().text());
        if (action.equals("cancel")) {
          acting.cancelled(yes.transfer().id());
        } else if (action.equals("transfer") && acting.of(yes.transfer().id()) == null) {
          verdict.broken("written before it is answered", String.valueOf(yes.transfer()));
        }
      }
      case TransferReply.Refused no ->
          refused(action, no.refusal().reason(), no.refusal().detail());
    }
  }

  private void refused(String action, Reason reason, String detail) {
    done(action, reason.text(), detail);
    if (NEVER.contains(reason)) {
      verdict.broken("an error is one of its function's list", action + ": " + reason);
    }
  }

  private void done(String action, String result, String detail) {
    answered.merge(action + " " + result, 1, Integer::sum);
    ladder.tell(Ladder.At.CORE, Ladder.At.CLIENT, () -> action + ": " + result + ", " + detail);
  }

  void operation(String what, CompletionStage<OperationReply> reply) {
    asked(what);
    reply.whenComplete(
        (answer, bug) -> {
          if (bug != null) {
            verdict.broken("each request is answered once", what + ": " + bug);
            return;
          }
          open--;
          String action = what.split(" ", 2)[0];
          switch (answer) {
            case OperationReply.Accepted yes -> done(action, "accepted", "");
            case OperationReply.Refused no ->
                refused(action, no.refusal().reason(), no.refusal().detail());
          }
        });
  }

  void allAnswered() {
    if (open > 0) {
      verdict.broken("each request is answered once", open + " are not answered");
    }
  }

  void everythingAudited() {
    if (!audited.equals(answered)) {
      verdict.broken(
          "one audit entry for each act and each refusal",
          "answered "
              + new java.util.TreeMap<>(answered)
              + ", audited "
              + new java.util.TreeMap<>(audited));
    }
  }

  static String words(TransferStep step) {
    return switch (step) {
      case TransferStep.Dial s -> "dial " + s.to().map(Object::toString).orElse("again");
      case TransferStep.Alternate s -> "alternate";
      case TransferStep.Complete s -> "complete " + s.as().map(Enum::name).orElse("");
      case TransferStep.Cancel s -> "cancel";
      case TransferStep.TakeOver s -> "takeOver";
    };
  }
}
