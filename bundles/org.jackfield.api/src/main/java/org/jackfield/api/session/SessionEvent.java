package org.jackfield.api.session;

/** What happened to a session; each carries the whole snapshot, so that a reader needs no other. */
public sealed interface SessionEvent {
  /** The session after the event; of an ended one, its last snapshot. */
  Session session();

  /** A call was seen for the first time. */
  record Started(Session session) implements SessionEvent {}

  /** Something of it changed. */
  record Changed(Session session) implements SessionEvent {}

  /** It is over. */
  record Ended(Session session, Cause cause) implements SessionEvent {}

  /**
   * It went on in another session: {@code session} is over, {@code into} has its parties. Of two
   * conversations the older one's id survives: {@code conversation}.
   */
  record Merged(Session session, SessionId into, ConversationId conversation)
      implements SessionEvent {}
}
