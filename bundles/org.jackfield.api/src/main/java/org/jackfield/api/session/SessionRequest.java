package org.jackfield.api.session;

import java.util.OptionalLong;
import org.jackfield.api.security.Requester;

/** A single operation on calls. */
public sealed interface SessionRequest {
  /** Who asks. */
  Requester requester();

  /** Make a call on a PBX from one of its addresses; {@code from}'s phone is rung first. */
  record MakeCall(Requester requester, String provider, Address from, Address to)
      implements SessionRequest {}

  /** A request about one session. */
  sealed interface OnSession extends SessionRequest {
    SessionId session();

    /** The revision the requester saw, where it insists on it. */
    OptionalLong ifRevision();
  }

  /** The party puts the others on hard hold. */
  record Hold(Requester requester, SessionId session, ConnectionId party, OptionalLong ifRevision)
      implements OnSession {}

  /** The party takes the others back from hold. */
  record Retrieve(
      Requester requester, SessionId session, ConnectionId party, OptionalLong ifRevision)
      implements OnSession {}

  /** The party exchanges this session, which it holds or talks in, with its other one. */
  record Alternate(
      Requester requester, SessionId session, ConnectionId party, OptionalLong ifRevision)
      implements OnSession {}

  /** The party is taken out of the session. */
  record Clear(Requester requester, SessionId session, ConnectionId party, OptionalLong ifRevision)
      implements OnSession {}

  /** Everybody is taken out of the session. */
  record ClearAll(Requester requester, SessionId session, OptionalLong ifRevision)
      implements OnSession {}

  /** The call that is offered to the party goes to another address: a deflection, no transfer. */
  record Redirect(
      Requester requester,
      SessionId session,
      ConnectionId party,
      Address to,
      OptionalLong ifRevision)
      implements OnSession {}
}
