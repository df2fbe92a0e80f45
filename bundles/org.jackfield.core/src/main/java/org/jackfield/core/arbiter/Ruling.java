package org.jackfield.core.arbiter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jackfield.api.capability.Limits;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Refusal;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferPlan.Kind;
import org.jackfield.api.transfer.TransferPlan.PlanReason;
import org.jackfield.api.transfer.TransferPlan.Rejected;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferTarget;
import org.jspecify.annotations.Nullable;

/**
 * A decision with its reasons, compact: the words are written when somebody reads them.
 *
 * @param transferor the party that leaves
 * @param facts the facts that held
 * @param verdict the first fact against each plan, see {@link Plans#judge}
 * @param refused what the PBX said to the plans that it has refused
 * @param chosen the plan that is taken, or null
 */
record Ruling(
    TransferRequest request,
    Situation situation,
    Preferences preferences,
    Party transferor,
    long facts,
    long verdict,
    Map<Kind, String> refused,
    @Nullable Kind chosen) {

  static int mask(Map<Kind, String> refused) {
    int mask = 0;
    if (!refused.isEmpty()) {
      for (Kind kind : refused.keySet()) {
        mask |= 1 << kind.ordinal();
      }
    }
    return mask;
  }

  Limits limits() {
    return situation.capabilities().limits();
  }

  boolean isLegal(Kind kind) {
    return Plans.first(verdict, kind) == Plans.LEGAL;
  }

  /** The first fact against a plan that is not legal. */
  Fact first(Kind kind) {
    return Fact.of(Plans.first(verdict, kind));
  }

  /** By which way the plan calls its target. */
  Kind over(Kind kind) {
    return Plans.over(kind, facts, mask(refused));
  }

  /** Whether a conference may stand in where the PBX will not join two calls after all. */
  boolean mayConference() {
    return chosen != Kind.EARLY_COMPLETION && Plans.mayConference(facts);
  }

  /** Whether two calls may be joined where the PBX makes no conference after all. */
  boolean mayJoin() {
    return (facts & Fact.NO_TRANSFER_NORM.bit()) == 0;
  }

  /** The first of those that stay. */
  Party transferee() {
    Party transferee = Ends.other(situation.session(), transferor);
    if (transferee == null) {
      throw new IllegalStateException("a plan without a transferee is not legal");
    }
    return transferee;
  }

  /** The transferor's end of the held call that is to be the target. */
  private @Nullable Party holder() {
    return situation.held().map(held -> Ends.same(held.session(), transferor)).orElse(null);
  }

  /** How the transferor is in the call that is said to be held. */
  String heldState() {
    Party holder = holder();
    return (holder == null ? ConnectionState.UNKNOWN : holder.state()).text();
  }

  /** Whom the target's address reaches, or who is in the held call. */
  String target() {
    if (request.target() instanceof TransferTarget.To to) {
      return to.address().toString();
    }
    Party holder = holder();
    Party held =
        holder == null ? null : Ends.other(situation.held().orElseThrow().session(), holder);
    return held == null ? "the held call" : held.address().toString();
  }

  private String words(Kind kind, Fact fact) {
    String said = refused.getOrDefault(kind, "");
    return fact == Fact.REFUSED_BY_PBX && !said.isEmpty()
        ? fact.words(this) + ": " + said
        : fact.words(this);
  }

  /** Every plan that is not taken, with the first fact or the rule against it. */
  List<Rejected> rejected() {
    List<Kind> preferred = Order.of(request, situation, preferences);
    List<Rejected> rejected = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      if (kind == chosen) {
        continue;
      }
      if (isLegal(kind)) {
        rejected.add(new Rejected(kind, "legal, but " + rule(kind, preferred), ""));
      } else {
        Fact fact = first(kind);
        rejected.add(new Rejected(kind, words(kind, fact), fact.tapiError()));
      }
    }
    return rejected;
  }

  /** The rule by which a legal plan is not taken. */
  private String rule(Kind kind, List<Kind> preferred) {
    boolean auto = request.mode() == TransferMode.AUTO;
    if (preferred.contains(kind) && chosen != null) {
      return auto
          ? "the rule \"" + preferences.rules().auto() + "\" prefers " + chosen.text()
          : "the request is for " + request.mode().text() + ": " + chosen.text() + " is it";
    }
    return auto
        ? "the rule \"" + preferences.rules().auto() + "\" does not take it"
        : "the request asks for " + request.mode().text();
  }

  /** A no, with the fact of the plan that came furthest: a state can change, a bit cannot. */
  TransferReply.Refused reply() {
    List<Kind> preferred = Order.of(request, situation, preferences);
    List<PlanReason> reasons = new ArrayList<>();
    Kind furthest = null;
    for (Kind kind : preferred) {
      reasons.add(new PlanReason("fact", words(kind, first(kind)), kind.text() + " is ruled out"));
      if (furthest == null || first(kind).compareTo(first(furthest)) > 0) {
        furthest = kind;
      }
    }
    return new TransferReply.Refused(
        refusal(furthest), reasons, rejected(), List.of(), Optional.empty());
  }

  private Refusal refusal(@Nullable Kind furthest) {
    if (furthest == null) {
      return new Refusal(
          Reason.NO_PLAN,
          "the rule \"" + preferences.rules().auto() + "\" takes no plan of this PBX");
    }
    Fact fact = first(furthest);
    Reason reason = fact.reason() == Reason.NOT_SUPPORTED ? Reason.NO_PLAN : fact.reason();
    return new Refusal(reason, "no plan fits: " + words(furthest, fact));
  }
}
