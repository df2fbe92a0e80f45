package org.jackfield.core.arbiter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.policy.AutoChoice;
import org.jackfield.api.policy.DestinationGuard;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Refusal;
import org.jackfield.api.session.Session;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.Need;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferPlan;
import org.jackfield.api.transfer.TransferPlan.Kind;
import org.jackfield.api.transfer.TransferPlan.PlanReason;
import org.jackfield.api.transfer.TransferPlan.Rejected;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferTarget;

/**
 * Chooses between blind and consultation by what the PBX can do and by what the requester wants.
 *
 * <p>First what forbids any transfer, then each plan with the first fact that rules it out, then
 * the order of preference: the request, then the policy. Consultation is never silently made blind.
 */
public final class TransferArbiter {
  private final PreferenceRules rules;
  private final DestinationGuard guard;

  public TransferArbiter(PreferenceRules rules, DestinationGuard guard) {
    this.rules = rules;
    this.guard = guard;
  }

  /** With the same preferences for everybody. */
  public TransferArbiter(Preferences preferences, DestinationGuard guard) {
    this((request, session, transferor) -> preferences, guard);
  }

  /** The plan for a request, or why there is none. Pure. */
  public Decision decide(TransferRequest request, Situation situation) {
    Optional<Refusal> forbidden = forbidden(request, situation);
    if (forbidden.isPresent()) {
      return new Decision.Refused(
          new TransferReply.Refused(
              forbidden.get(), List.of(), List.of(), List.of(), situation.open()));
    }
    List<Party> candidates = candidates(request, situation);
    if (candidates.size() != 1) {
      return noTransferor(request, situation, candidates);
    }
    Party transferor = candidates.getFirst();
    Optional<Refusal> blocked = blocked(request, situation, transferor);
    if (blocked.isPresent()) {
      return new Decision.Refused(TransferReply.Refused.of(blocked.get()));
    }
    return choose(request, situation, transferor);
  }

  private static Optional<Refusal> forbidden(TransferRequest request, Situation situation) {
    Session session = situation.session();
    if (situation.open().isPresent()) {
      return refusal(
          Reason.TRANSFER_EXISTS,
          "the session has transfer " + situation.open().get() + "; cancel it or wait for its end");
    }
    if (request.ifRevision().isPresent()
        && request.ifRevision().getAsLong() != session.revision()) {
      return refusal(
          Reason.STALE_REVISION, "the session has changed since; look at it again and decide anew");
    }
    if (!situation.reachable()) {
      return refusal(
          Reason.PROVIDER_DOWN,
          "the PBX " + session.provider() + " cannot be reached now; try again when it is up");
    }
    return Optional.empty();
  }

  private Optional<Refusal> blocked(
      TransferRequest request, Situation situation, Party transferor) {
    return switch (request.target()) {
      case TransferTarget.To to ->
          guard.judge(request.requester(), situation.session(), transferor.id(), to.address());
      case TransferTarget.Held held ->
          refusal(
              Reason.NO_PLAN,
              "a held call as target is not among the plans; name the target's address");
    };
  }

  /** The party named, or those who may transfer. */
  private static List<Party> candidates(TransferRequest request, Situation situation) {
    Session session = situation.session();
    if (request.transferor().isPresent()) {
      return session.party(request.transferor().get()).stream().toList();
    }
    return session.parties().stream().filter(TransferArbiter::talks).toList();
  }

  private static boolean talks(Party party) {
    return party.state() == ConnectionState.CONNECTED;
  }

  private static Decision noTransferor(
      TransferRequest request, Situation situation, List<Party> candidates) {
    if (!candidates.isEmpty()) {
      return new Decision.Refused(
          new TransferReply.Refused(
              new Refusal(
                  Reason.PARTY_REQUIRED,
                  "more than one party may transfer; name the one that leaves as transferor"),
              List.of(),
              List.of(),
              candidates,
              Optional.empty()));
    }
    Refusal refusal =
        request.transferor().isPresent()
            ? new Refusal(
                Reason.NO_SUCH_PARTY,
                "there is no party " + request.transferor().get() + " in the session")
            : new Refusal(
                Reason.NOT_PERMITTED_NOW,
                "nobody in the session is connected; it is " + situation.session().state().text());
    return new Decision.Refused(TransferReply.Refused.of(refusal));
  }

  private Decision choose(TransferRequest request, Situation situation, Party transferor) {
    Optional<Party> transferee =
        situation.session().parties().stream()
            .filter(p -> !p.id().equals(transferor.id()))
            .filter(p -> p.state().isTalking())
            .findFirst();
    Candidate blind =
        new Candidate(Kind.BLIND, noBlind(request, situation, transferor, transferee));
    Candidate consultation =
        new Candidate(
            Kind.CONSULTATION, noConsultation(request, situation, transferor, transferee));
    Candidate oneStep =
        new Candidate(Kind.ONE_STEP, noOneStep(request, situation, transferor, transferee));

    Preferences preferences = rules.of(request, situation.session(), transferor.address());
    List<Candidate> preferred =
        preferred(request, situation, preferences, blind, consultation, oneStep);
    Optional<Candidate> chosen = preferred.stream().filter(Candidate::legal).findFirst();
    List<Rejected> rejected =
        rejected(List.of(blind, consultation, oneStep), chosen, preferred, request);
    if (chosen.isEmpty() || transferee.isEmpty()) {
      return refused(preferred, rejected);
    }
    TransferPlan plan =
        new PlanWriter(request, situation, preferences, transferor, transferee.get())
            .write(chosen.get().kind(), rejected);
    return new Decision.Planned(plan, transferor, transferee.get());
  }

  /** A plan and the first fact that rules it out. */
  record Candidate(Kind kind, Optional<No> no) {
    boolean legal() {
      return no.isEmpty();
    }
  }

  /** A fact that rules a plan out. */
  record No(Reason reason, String fact) {}

  /**
   * The order in which plans are taken. A mode that was asked for has no substitute but the one
   * that does the same: a one-step consultation for a consultation. The order of auto is the
   * policy's.
   */
  private static List<Candidate> preferred(
      TransferRequest request,
      Situation situation,
      Preferences preferences,
      Candidate blind,
      Candidate consultation,
      Candidate oneStep) {
    return switch (request.mode()) {
      case BLIND -> List.of(blind);
      case CONSULTATION -> List.of(consultation, oneStep);
      case ONE_STEP -> List.of(oneStep);
      case AUTO -> {
        boolean recoverable = situation.capabilities().has(Trait.RELEASE_ON_ANSWER);
        yield preferences.auto().stream()
            .filter(choice -> recoverable || choice != AutoChoice.BLIND_IF_RECOVERABLE)
            .flatMap(choice -> candidate(choice, List.of(blind, consultation, oneStep)))
            .distinct()
            .toList();
      }
    };
  }

  private static Stream<Candidate> candidate(AutoChoice choice, List<Candidate> all) {
    return all.stream().filter(candidate -> candidate.kind() == choice.kind());
  }

  private static List<Rejected> rejected(
      List<Candidate> all,
      Optional<Candidate> chosen,
      List<Candidate> preferred,
      TransferRequest request) {
    List<Rejected> rejected = new ArrayList<>();
    for (Candidate candidate : all) {
      if (chosen.filter(c -> c == candidate).isPresent()) {
        continue;
      }
      if (candidate.no().isPresent()) {
        No no = candidate.no().get();
        rejected.add(new Rejected(candidate.kind(), no.fact(), no.reason().tapiError()));
      } else if (preferred.contains(candidate)) {
        rejected.add(new Rejected(candidate.kind(), "legal, another is preferred", ""));
      } else {
        rejected.add(
            new Rejected(
                candidate.kind(), "legal, but the request asks for " + request.mode().text(), ""));
      }
    }
    return rejected;
  }

  private static Decision refused(List<Candidate> preferred, List<Rejected> rejected) {
    No first =
        preferred.stream()
            .findFirst()
            .flatMap(Candidate::no)
            .orElse(new No(Reason.NO_PLAN, "nobody would be transferred"));
    List<PlanReason> reasons = new ArrayList<>();
    for (Candidate candidate : preferred) {
      candidate
          .no()
          .ifPresent(
              no ->
                  reasons.add(
                      new PlanReason(
                          "fact", no.fact(), candidate.kind().text() + " is ruled out")));
    }
    Reason reason = first.reason() == Reason.NOT_SUPPORTED ? Reason.NO_PLAN : first.reason();
    return new Decision.Refused(
        new TransferReply.Refused(
            new Refusal(reason, "no plan fits: " + first.fact()),
            reasons,
            rejected,
            List.of(),
            Optional.empty()));
  }

  private static Optional<No> notConnected(Party transferor, Optional<Party> transferee) {
    if (!talks(transferor)) {
      return no(
          Reason.NOT_PERMITTED_NOW,
          "the transferor is " + transferor.state().text() + "; it must be connected");
    }
    if (transferee.isEmpty()) {
      return no(Reason.NOT_PERMITTED_NOW, "nobody else in the session is connected");
    }
    return Optional.empty();
  }

  /** A blind transfer takes a connected call whose BLINDTRANSFER is on. */
  private static Optional<No> noBlind(
      TransferRequest request, Situation situation, Party transferor, Optional<Party> transferee) {
    Capabilities can = situation.capabilities();
    if (!can.permits(Operation.BLIND_TRANSFER)) {
      return no(Reason.NOT_SUPPORTED, "the PBX has no blind transfer");
    }
    Optional<No> state = notConnected(transferor, transferee);
    if (state.isPresent()) {
      return state;
    }
    if (request.needs().contains(Need.SPEAK)) {
      return no(Reason.NO_PLAN, "the request needs to speak with the target first");
    }
    if (request.needs().contains(Need.CANCEL) && !can.has(Trait.RELEASE_ON_ANSWER)) {
      return no(Reason.NO_PLAN, "the PBX cannot take a blind transfer back");
    }
    if (request.completeAs() == CompleteAs.CONFERENCE) {
      return no(Reason.NO_PLAN, "the request asks for a conference");
    }
    return Optional.empty();
  }

  /** A consultation takes SETUPTRANSFER, COMPLETETRANSF and a free pending hold. */
  private static Optional<No> noConsultation(
      TransferRequest request, Situation situation, Party transferor, Optional<Party> transferee) {
    Capabilities can = situation.capabilities();
    if (!can.permits(Operation.CONSULT) || !can.permits(Operation.DIAL)) {
      return no(Reason.NOT_SUPPORTED, "the PBX has no consultation (SETUPTRANSFER)");
    }
    return noCompletion(request, situation, transferor, transferee);
  }

  /** One-step is a consultation with ONESTEPTRANSFER; it still needs its completion. */
  private static Optional<No> noOneStep(
      TransferRequest request, Situation situation, Party transferor, Optional<Party> transferee) {
    if (!situation.capabilities().permits(Operation.ONE_STEP_CONSULT)) {
      return no(Reason.NOT_SUPPORTED, "the PBX has no one-step consultation (ONESTEPTRANSFER)");
    }
    return noCompletion(request, situation, transferor, transferee);
  }

  private static Optional<No> noCompletion(
      TransferRequest request, Situation situation, Party transferor, Optional<Party> transferee) {
    Capabilities can = situation.capabilities();
    if (!can.permits(Operation.COMPLETE)) {
      return no(Reason.NOT_SUPPORTED, "the PBX cannot complete a transfer (COMPLETETRANSF)");
    }
    if (request.completeAs() == CompleteAs.CONFERENCE
        && !can.has(Trait.TRANSFER_CONF)
        && !can.completionUndeclared()) {
      return no(Reason.NOT_SUPPORTED, "the PBX cannot complete as a conference (TRANSFERCONF)");
    }
    Optional<No> state = notConnected(transferor, transferee);
    if (state.isPresent()) {
      return state;
    }
    if (situation.pending() >= can.limits().onHoldPending()) {
      return no(
          Reason.LIMIT_REACHED,
          "the PBX allows " + can.limits().onHoldPending() + " calls on consultation hold");
    }
    return Optional.empty();
  }

  private static Optional<No> no(Reason reason, String fact) {
    return Optional.of(new No(reason, fact));
  }

  private static Optional<Refusal> refusal(Reason reason, String detail) {
    return Optional.of(new Refusal(reason, detail));
  }

  /** The mode that a plan amounts to. */
  static TransferMode mode(Kind kind) {
    return switch (kind) {
      case BLIND, EARLY_COMPLETION -> TransferMode.BLIND;
      case ONE_STEP -> TransferMode.ONE_STEP;
      case CONSULTATION, HELD_CALL, NEW_CALL, CONFERENCE_AND_DROP -> TransferMode.CONSULTATION;
    };
  }
}
