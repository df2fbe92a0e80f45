package org.jackfield.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jackfield.api.event.Event;
import org.jackfield.api.provider.ProviderStatusEvent;
import org.jackfield.api.session.SessionEvent;
import org.jackfield.api.transfer.TransferEvent;

/** Events as JSON: the type, the time, and the whole snapshot. */
final class EventShape {
  private final SessionShape sessions;

  EventShape(SessionShape sessions) {
    this.sessions = sessions;
  }

  ObjectNode event(Event event) {
    ObjectNode json = Json.object();
    json.put("type", type(event));
    json.put("at", Json.time(event.at()));
    switch (event) {
      case Event.OfSession of -> session(json, of.event());
      case Event.OfTransfer of ->
          json.set("transfer", TransferShape.transfer(of.event().transfer()));
      case Event.OfProvider of ->
          json.set("provider", ProviderShape.provider(of.event().provider()));
      case Event.OfBundle of -> json.set("bundle", BundleRoutes.bundle(of.bundle()));
    }
    return json;
  }

  private void session(ObjectNode json, SessionEvent event) {
    json.set("session", sessions.session(event.session()));
    switch (event) {
      case SessionEvent.Ended ended -> json.set("cause", SessionShape.cause(ended.cause()));
      case SessionEvent.Merged merged ->
          json.put("from", merged.session().id().toString())
              .put("into", merged.into().toString())
              .put("conversationId", merged.conversation().toString());
      case SessionEvent.Started started ->
          sessions.origin(started.session().id()).ifPresent(origin -> json.set("origin", origin));
      case SessionEvent.Changed changed -> {}
    }
  }

  private static String type(Event event) {
    return switch (event) {
      case Event.OfSession of ->
          switch (of.event()) {
            case SessionEvent.Started e -> "session.started";
            case SessionEvent.Changed e -> "session.changed";
            case SessionEvent.Ended e -> "session.ended";
            case SessionEvent.Merged e -> "session.merged";
          };
      case Event.OfTransfer of ->
          switch (of.event()) {
            case TransferEvent.Changed e -> "transfer.changed";
            case TransferEvent.Ended e -> "transfer.ended";
          };
      case Event.OfProvider of ->
          switch (of.event()) {
            case ProviderStatusEvent.Changed e -> "provider.changed";
            case ProviderStatusEvent.Removed e -> "provider.removed";
          };
      case Event.OfBundle of -> "rollout.changed";
    };
  }
}
