package org.jackfield.api.history;

import java.time.Instant;
import java.util.Optional;
import org.jackfield.api.event.Position;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.transfer.TransferId;

/**
 * One event as it was told.
 *
 * @param position its place in the event log, which is its identity
 * @param at when, to the microsecond
 * @param type as on the event stream: {@code session.changed}
 * @param session the session it is about
 * @param transfer the transfer it is about
 * @param text what was then, for a person
 */
public record EventRecord(
    Position position,
    Instant at,
    String type,
    Optional<SessionId> session,
    Optional<TransferId> transfer,
    String text) {}
