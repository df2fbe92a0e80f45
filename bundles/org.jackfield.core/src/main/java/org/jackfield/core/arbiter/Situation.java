package org.jackfield.core.arbiter;

import java.util.Optional;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.session.Session;
import org.jackfield.api.transfer.TransferId;

/**
 * What is known when a transfer is asked for.
 *
 * @param session the call
 * @param capabilities what its PBX may ever do
 * @param reachable whether the PBX can be reached now
 * @param open the transfer that the session has already
 * @param pending how many calls the PBX's parties hold for a consultation now
 */
public record Situation(
    Session session,
    Capabilities capabilities,
    boolean reachable,
    Optional<TransferId> open,
    int pending) {}
