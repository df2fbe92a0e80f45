package org.jackfield.shell;

import java.util.StringJoiner;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Kinship;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionService;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferOutcome;
import org.jackfield.api.transfer.TransferPlan;
import org.jackfield.api.transfer.TransferReply;

/** Plans, refusals and outcomes in lines for a person. */
final class Explained {
  private Explained() {}

  static String plan(TransferPlan plan) {
    StringJoiner lines = new StringJoiner("\n");
    lines.add("plan " + plan.kind().text());
    int number = 0;
    for (TransferPlan.PlanStep step : plan.steps()) {
      number++;
      String end = number == plan.irreversibleAfter() ? "  (not to be undone after this)" : "";
      lines.add("  " + number + ". " + step.text() + end);
    }
    for (TransferPlan.PlanReason reason : plan.reasons()) {
      lines.add("  because " + reason.text() + ": " + reason.effect());
    }
    for (TransferPlan.Rejected rejected : plan.rejected()) {
      lines.add("  not " + rejected(rejected));
    }
    plan.loss().forEach(loss -> lines.add("  lost: " + loss));
    plan.identities().forEach(sees -> lines.add("  shown: " + sees));
    return plainLines(lines);
  }

  static String transfer(Transfer transfer) {
    StringJoiner lines = new StringJoiner("\n");
    lines.add(
        "transfer "
            + transfer.id()
            + " "
            + transfer.phase().text()
            + (transfer.recovering() ? ", recovering" : ""));
    lines.add(plan(transfer.plan()));
    for (Transfer.TimelineEntry entry : transfer.timeline()) {
      lines.add("  " + entry.at() + "  " + entry.kind() + "  " + entry.text());
    }
    transfer.outcome().ifPresent(outcome -> lines.add("outcome " + outcome(outcome)));
    return plainLines(lines);
  }

  static String outcome(TransferOutcome outcome) {
    Cause cause = outcome.cause();
    String said = cause.driver().isEmpty() ? "" : " (" + cause.driver() + ")";
    String evidence =
        outcome.evidence().verified() ? "verified" : "unverified " + outcome.evidence().missing();
    return outcome.text() + ", " + cause.code().text() + said + ", " + evidence;
  }

  static String refusal(TransferReply.Refused refused) {
    StringJoiner lines = new StringJoiner("\n");
    lines.add(refused.refusal().reason().text() + ": " + refused.refusal().detail());
    for (Party party : refused.candidates()) {
      lines.add("  --from " + party.id() + "  " + party.address());
    }
    refused.existing().ifPresent(id -> lines.add("  transfer " + id));
    refused.reasons().forEach(r -> lines.add("  because " + r.text() + ": " + r.effect()));
    refused.rejected().forEach(plan -> lines.add("  not " + rejected(plan)));
    return plainLines(lines);
  }

  static String session(Session session, SessionService sessions) {
    StringJoiner lines = new StringJoiner("\n");
    lines.add("session " + session.id() + " " + session.state().text());
    lines.add("  conversation " + session.conversation());
    for (Kinship line : sessions.genealogy(session.id())) {
      lines.add("  " + line.at() + " " + line.from() + genealogy(line.how()) + line.into());
    }
    for (Party party : session.parties()) {
      lines.add("  " + party.address() + " (" + party.id() + ") " + party.state().text());
      party.permitted().operationSet().forEach(may -> lines.add("    may " + may.text()));
      sessions
          .refused(session, party.id())
          .forEach((no, why) -> lines.add("    not " + no.text() + ": " + why.detail()));
    }
    return plainLines(lines);
  }

  private static String genealogy(Kinship.How how) {
    return switch (how) {
      case MERGED -> " went on in ";
      case SPLIT -> " was split: a party of it went into ";
      case CONSULTATION -> " was held for a consultation in ";
    };
  }

  private static String rejected(TransferPlan.Rejected rejected) {
    String tapi = rejected.tapiError().isEmpty() ? "" : " (LINEERR_" + rejected.tapiError() + ")";
    return rejected.kind().text() + ": " + rejected.reason() + tapi;
  }

  private static String plainLines(StringJoiner lines) {
    return lines.toString().lines().map(Text::plain).reduce((a, b) -> a + "\n" + b).orElse("");
  }
}
