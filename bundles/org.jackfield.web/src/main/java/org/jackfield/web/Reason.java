package org.jackfield.web;

import java.util.Locale;

/**
 * Why a request was refused: one problem type each (RFC 9457), with the row that
 * docs/api-problems.md has for it.
 */
enum Reason {
  MALFORMED_JSON(400, "The body is not one well-formed JSON document"),
  MISSING_FIELD(400, "A field is missing"),
  UNKNOWN_FIELD(400, "A field is unknown"),
  WRONG_TYPE(400, "A field has the wrong type"),
  FIELD_TOO_LONG(400, "A field is too long"),
  INVALID_VALUE(400, "A value is not one of those allowed"),
  INVALID_CURSOR(400, "The cursor is not one that a page gave"),
  UNAUTHENTICATED(401, "Nobody, or nobody known, asks"),
  LOGIN_FAILED(401, "The code or the token is not valid"),
  FORBIDDEN(403, "This user may not do this"),
  CSRF(403, "The page's write lacks its CSRF token"),
  FOREIGN_ORIGIN(403, "A page of another origin asks"),
  FOREIGN_HOST(403, "The server is not known by this host name"),
  NO_SUCH_ROUTE(404, "There is no such route"),
  NO_SUCH_SESSION(404, "There is no such session"),
  NO_SUCH_PARTY(404, "There is no such party in the session"),
  NO_SUCH_TRANSFER(404, "There is no such transfer"),
  NO_SUCH_PROVIDER(404, "There is no such provider"),
  NO_SUCH_DRIVER(404, "There is no such driver"),
  NO_SUCH_OPERATION(404, "There is no such operation"),
  METHOD_NOT_ALLOWED(405, "The route does not know this method"),
  NOT_PERMITTED(409, "The operation is not permitted now"),
  TRANSFER_EXISTS(409, "A transfer of this session is already under way"),
  STALE_REVISION(412, "The snapshot has changed since it was read"),
  BODY_TOO_LARGE(413, "The body is too large"),
  UNSUPPORTED_MEDIA_TYPE(415, "The body is not JSON"),
  PARTY_REQUIRED(422, "More than one party could be the transferor"),
  NO_PLAN(422, "There is no way to do this transfer"),
  INVALID_ADDRESS(422, "The address cannot be called"),
  DESTINATION_REFUSED(422, "This destination is not allowed"),
  UNSUPPORTED_OPERATION(422, "The provider can never do this"),
  IDEMPOTENCY_KEY_REUSED(422, "The idempotency key was used for another request"),
  TOO_MANY_REQUESTS(429, "Too many requests"),
  INTERNAL(500, "The server has failed"),
  OVERLOADED(503, "The server has too much to do"),
  RECOVERING(503, "The server is not ready yet"),
  PROVIDER_DOWN(503, "The provider's link is down");

  private final int status;
  private final String title;

  Reason(int status, String title) {
    this.status = status;
    this.title = title;
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
