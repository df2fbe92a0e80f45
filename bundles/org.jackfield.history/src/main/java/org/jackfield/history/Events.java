package org.jackfield.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jackfield.api.event.Event;
import org.jackfield.api.provider.ProviderStatus;
import org.jackfield.api.provider.ProviderStatusEvent;
import org.jackfield.api.rollout.DeployedBundle;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Cause;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionEvent;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferEvent;
import org.jackfield.api.transfer.TransferOutcome;
import org.jspecify.annotations.Nullable;

/** What an event leaves in the history. */
final class Events {
  private Events() {}

  /**
   * @param latest whether nothing later of the same transfer is taken together with it: then it is
   *     written whole where its phase is new
   * @param phases the phase in which each transfer under way was last written whole; kept up here
   */
  static Item item(Event event, boolean latest, Map<String, String> phases) {
    return switch (event) {
      case Event.OfSession of -> session(of);
      case Event.OfTransfer of -> transfer(of, latest, phases);
      case Event.OfProvider of -> provider(of);
      case Event.OfBundle of -> bundle(of);
    };
  }

  private static Item session(Event.OfSession of) {
    Session session = of.event().session();
    return switch (of.event()) {
      case SessionEvent.Started e ->
          seen(of, "session.started", false, null, null, parties(session));
      case SessionEvent.Changed e ->
          seen(of, "session.changed", false, null, null, parties(session));
      case SessionEvent.Ended e ->
          seen(of, "session.ended", true, null, e.cause(), e.cause().code().text());
      case SessionEvent.Merged e ->
          seen(of, "session.merged", true, e.into().toString(), null, "into " + e.into());
    };
  }

  private static Item seen(
      Event.OfSession of,
      String type,
      boolean over,
      @Nullable String into,
      @Nullable Cause cause,
      String text) {
    Session session = of.event().session();
    List<Item.PartySeen> parties = new ArrayList<>();
    for (Party party : session.parties()) {
      parties.add(
          new Item.PartySeen(
              party.id().value(),
              party.address().value(),
              party.connection().name(),
              party.role().text()));
    }
    String conversation =
        of.event() instanceof SessionEvent.Merged merged
            ? merged.conversation().toString()
            : session.conversation().toString();
    return new Item.SessionSeen(
        of.at(),
        of.position().epoch(),
        of.position().sequence(),
        type,
        session.id().toString(),
        session.provider(),
        conversation,
        session.startedAt(),
        parties,
        over,
        into,
        cause == null
            ? null
            : new Item.CauseSeen(cause.code().name(), cause.text(), cause.driver()),
        text);
  }

  private static String parties(Session session) {
    StringJoiner text = new StringJoiner(", ");
    for (Party party : session.parties()) {
      text.add(party.address().value() + " " + party.state().text());
    }
    return text.toString();
  }

  private static Item transfer(Event.OfTransfer of, boolean latest, Map<String, String> phases) {
    Transfer t = of.event().transfer();
    boolean over = of.event() instanceof TransferEvent.Ended;
    String phase = t.phase().text();
    String id = t.id().toString();
    boolean whole = latest && (over || !phase.equals(phases.put(id, phase)));
    if (over) {
      phases.remove(id);
    }
    String outcome = t.outcome().map(TransferOutcome::text).orElse(null);
    return new Item.TransferSeen(
        of.at(),
        of.position().epoch(),
        of.position().sequence(),
        over ? "transfer.ended" : "transfer.changed",
        id,
        t.session().toString(),
        t.conversation().toString(),
        t.requester().principal(),
        t.transferor().address().value(),
        t.transferee().address().value(),
        t.target().map(Address::value).orElse(null),
        t.acceptedAt(),
        over ? outcome : null,
        whole ? Codec.text(t) : null,
        outcome == null ? phase + ", target " + t.targetState().text() : outcome);
  }

  private static Item bundle(Event.OfBundle of) {
    DeployedBundle bundle = of.bundle();
    return new Item.ProviderSeen(
        of.at(),
        of.position().epoch(),
        of.position().sequence(),
        "rollout.changed",
        bundle.symbolicName(),
        bundle.state().text() + (bundle.why().isEmpty() ? "" : ": " + bundle.why()));
  }

  private static Item provider(Event.OfProvider of) {
    ProviderStatus provider = of.event().provider();
    boolean removed = of.event() instanceof ProviderStatusEvent.Removed;
    return new Item.ProviderSeen(
        of.at(),
        of.position().epoch(),
        of.position().sequence(),
        removed ? "provider.removed" : "provider.changed",
        provider.name(),
        provider.state().text());
  }
}
