package org.jackfield.api.audit;

import java.time.Instant;
import org.jackfield.api.security.Requester;

/**
 * One act or refusal.
 *
 * @param at when, to the microsecond
 * @param requester who asked
 * @param action what was asked: {@code transfer}, {@code hold}
 * @param subject of what: {@code session/2x9…}
 * @param result {@code accepted}, or the word of the refusal's reason
 * @param detail more, for a person; never a secret
 */
public record AuditEntry(
    Instant at, Requester requester, String action, String subject, String result, String detail) {}
