package org.jackfield.web;

import java.util.Locale;
import org.jackfield.api.session.Reason;

/**
 * Why a request was refused: one problem type each (RFC 9457), with the row that
 * docs/api-problems.md has for it.
 */
enum ProblemType {
  MALFORMED_JSON(400, "The body is not one well-formed JSON document"),
  MISSING_FIELD(400, "A field is missing"),
  UNKNOWN_FIELD(400, "A field is unknown"),
  WRONG_TYPE(400, "A field has the wrong type"),
  FIELD_TOO_LONG(400, "A field is too long"),
  INVALID_VALUE(400, "A value is not one of those allowed"),
  INVALID_CURSOR(400, "The cursor is not one that a page gave"),
  UNAUTHENTICATED(401, "Nobody, or nobody known, asks"),
  LOGIN_FAILED(401, "The code or the token is not valid"),
  NOT_OWNER(403, "The requester may not do this to the call"),
  CSRF(403, "The page's write lacks its CSRF token"),
  FOREIGN_ORIGIN(403, "A page of another origin asks"),
  FOREIGN_HOST(403, "The server is not known by this host name"),
  NO_SUCH_ROUTE(404, "There is no such route"),
  NO_SUCH_SESSION(404, "There is no such session"),
  SESSION_MERGED(404, "The session went on in another one"),
  NO_SUCH_PARTY(404, "There is no such party in the session"),
  NO_SUCH_TRANSFER(404, "There is no such transfer"),
  NO_SUCH_PROVIDER(404, "There is no such provider"),
  NO_SUCH_OPERATION(404, "There is no such operation"),
  NO_SUCH_BUNDLE(404, "There is no such bundle"),
  NO_SUCH_ROLLOUT(404, "There is no such rollout"),
  METHOD_NOT_ALLOWED(405, "The route does not know this method"),
  NOT_PERMITTED_NOW(409, "The operation is not permitted now"),
  DRAINING(409, "The PBX or its driver is being taken out"),
  LIMIT_REACHED(409, "A numeric limit of the PBX is reached"),
  REFUSED_BY_PBX(409, "The PBX or its driver has said no"),
  TRANSFER_EXISTS(409, "A transfer of this session is already under way"),
  ROLLOUT_REFUSED(409, "The rollout is not possible now"),
  ANSWER_LOST(409, "The answer to this request was lost"),
  STALE_REVISION(412, "The snapshot has changed since it was read"),
  BODY_TOO_LARGE(413, "The body is too large"),
  UNSUPPORTED_MEDIA_TYPE(415, "The body is of another type"),
  PARTY_REQUIRED(422, "More than one party could be the transferor"),
  NO_PLAN(422, "There is no way to do this transfer"),
  INVALID_ADDRESS(422, "The address cannot be called"),
  DESTINATION_BLOCKED(422, "The policy forbids the destination"),
  LOOP(422, "The transfer would send a party to itself"),
  NOT_SUPPORTED(422, "The PBX can never do this"),
  INVALID_POLICY(422, "The policy has problems"),
  BUNDLE_REFUSED(422, "The bundle was refused"),
  BUNDLE_FAILED(422, "The bundle could not be started"),
  IDEMPOTENCY_KEY_REUSED(422, "The idempotency key was used for another request"),
  TOO_MANY_REQUESTS(429, "Too many requests"),
  INTERNAL(500, "The server has failed"),
  OVERLOADED(503, "The server has too much to do"),
  RECOVERING(503, "The server is not ready yet"),
  HISTORY_UNAVAILABLE(503, "The history cannot be read now"),
  JOURNAL_UNAVAILABLE(503, "The intent could not be made durable"),
  PROVIDER_DOWN(503, "The provider's link is down");

  private final int status;
  private final String title;

  ProblemType(int status, String title) {
    this.status = status;
    this.title = title;
  }

  /** The type for a service's refusal. */
  static ProblemType of(Reason reason) {
    return valueOf(reason.name());
  }

  int status() {
    return status;
  }

  String title() {
    return title;
  }

  /** The last part of the problem's type, in lower case with hyphens. */
  String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String type() {
    return "urn:jackfield:problem:" + code();
  }
}
