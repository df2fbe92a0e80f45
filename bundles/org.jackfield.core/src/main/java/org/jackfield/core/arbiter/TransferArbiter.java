package org.jackfield.core.arbiter;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jackfield.api.policy.DestinationGuard;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Refusal;
import org.jackfield.api.session.Session;
import org.jackfield.api.transfer.TransferPlan.Kind;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferTarget;
import org.jspecify.annotations.Nullable;

/**
 * Chooses one of eight plans by what the PBX can do, by what the requester wants and by the policy;
 * the eighth is to refuse, explained.
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
    Decision.Forbidden forbidden = forbidden(request, situation);
    if (forbidden != null) {
      return forbidden;
    }
    Party transferor = transferor(request, situation.session());
    if (transferor == null) {
      return noTransferor(request, situation.session());
    }
    Refusal blocked = blocked(request, situation, transferor);
    if (blocked != null) {
      return Decision.Forbidden.of(blocked);
    }
    return decision(request, situation, transferor, Map.of());
  }

  /**
   * Which plan {@link #decide} would take, or null if it would refuse: without reasons, so that
   * nothing is kept.
   */
  public @Nullable Kind choose(TransferRequest request, Situation situation) {
    Party transferor = transferor(request, situation.session());
    if (transferor == null
        || forbidden(request, situation) != null
        || blocked(request, situation, transferor) != null) {
      return null;
    }
    Preferences preferences = rules.of(request, situation.session(), transferor.address());
    long facts = Facts.of(request, situation, preferences, transferor);
    return Order.choose(
        request, situation, preferences, Plans.judge(facts, request.completeAs(), 0));
  }

  private @Nullable Refusal blocked(
      TransferRequest request, Situation situation, Party transferor) {
    Address target = target(request, situation, transferor);
    return target == null
        ? null
        : guard
            .judge(request.requester(), situation.session(), transferor.id(), target)
            .orElse(null);
  }

  /**
   * Decides again, from the present state, when the PBX has refused the first step of a plan. The
   * target was judged already.
   *
   * @param transferor the party that leaves by the transfer under way
   * @param present how things are now
   * @param refused the plans that the PBX has refused so far, each with the fact in words
   */
  public Decision replan(
      TransferRequest request,
      ConnectionId transferor,
      Situation present,
      Map<Kind, String> refused) {
    Optional<Party> party = present.session().party(transferor);
    if (party.isEmpty()) {
      return Decision.Forbidden.of(
          new Refusal(Reason.NO_SUCH_PARTY, "the transferor is no longer in the session"));
    }
    if (!present.reachable()) {
      return down(present.session());
    }
    return decision(request, present, party.get(), refused);
  }

  private Decision decision(
      TransferRequest request, Situation situation, Party transferor, Map<Kind, String> refused) {
    Preferences preferences = rules.of(request, situation.session(), transferor.address());
    long facts = Facts.of(request, situation, preferences, transferor);
    long verdict = Plans.judge(facts, request.completeAs(), Ruling.mask(refused));
    Kind chosen = Order.choose(request, situation, preferences, verdict);
    Ruling ruling =
        new Ruling(request, situation, preferences, transferor, facts, verdict, refused, chosen);
    return chosen == null ? new Decision.NoPlan(ruling) : new Decision.Planned(ruling, chosen);
  }

  /** What is dialled or joined, if it is known; of a held call, where the PBX could dial it. */
  private static @Nullable Address target(
      TransferRequest request, Situation situation, Party transferor) {
    if (request.target() instanceof TransferTarget.To to) {
      return to.address();
    }
    if (situation.held().isEmpty()) {
      return null;
    }
    Session call = situation.held().get().session();
    Party holder = Ends.same(call, transferor);
    Party held = holder == null ? null : Ends.other(call, holder);
    return held != null && held.address().isDialable() ? held.address() : null;
  }

  private static Decision.@Nullable Forbidden forbidden(
      TransferRequest request, Situation situation) {
    Session session = situation.session();
    if (situation.open().isPresent()) {
      Refusal exists =
          new Refusal(
              Reason.TRANSFER_EXISTS,
              "the session has transfer "
                  + situation.open().get()
                  + "; cancel it or wait for its end");
      return new Decision.Forbidden(
          new TransferReply.Refused(exists, List.of(), List.of(), List.of(), situation.open()));
    }
    if (request.ifRevision().isPresent()
        && request.ifRevision().getAsLong() != session.revision()) {
      return Decision.Forbidden.of(
          new Refusal(
              Reason.STALE_REVISION,
              "the session has changed since; look at it again and decide anew"));
    }
    return situation.reachable() ? null : down(session);
  }

  private static Decision.Forbidden down(Session session) {
    return Decision.Forbidden.of(
        new Refusal(
            Reason.PROVIDER_DOWN,
            "the PBX " + session.provider() + " cannot be reached now; try again when it is up"));
  }

  /** The party named, or the only one that may transfer; null where there is not exactly one. */
  private static @Nullable Party transferor(TransferRequest request, Session session) {
    Party found = null;
    List<Party> parties = session.parties();
    for (int i = 0; i < parties.size(); i++) {
      Party party = parties.get(i);
      if (request.transferor().isPresent()) {
        if (party.id().equals(request.transferor().get())) {
          return party;
        }
      } else if (talks(party)) {
        if (found != null) {
          return null;
        }
        found = party;
      }
    }
    return found;
  }

  private static boolean talks(Party party) {
    return party.state() == ConnectionState.CONNECTED;
  }

  private static Decision noTransferor(TransferRequest request, Session session) {
    if (request.transferor().isPresent()) {
      return Decision.Forbidden.of(
          new Refusal(
              Reason.NO_SUCH_PARTY,
              "there is no party " + request.transferor().get() + " in the session"));
    }
    List<Party> candidates = session.parties().stream().filter(TransferArbiter::talks).toList();
    if (candidates.isEmpty()) {
      return Decision.Forbidden.of(
          new Refusal(
              Reason.NOT_PERMITTED_NOW,
              "nobody in the session is connected; it is " + session.state().text()));
    }
    return new Decision.Forbidden(
        new TransferReply.Refused(
            new Refusal(
                Reason.PARTY_REQUIRED,
                "more than one party may transfer; name the one that leaves as transferor"),
            List.of(),
            List.of(),
            candidates,
            Optional.empty()));
  }
}
