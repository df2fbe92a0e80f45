package org.jackfield.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import org.jackfield.api.session.Refusal;

/**
 * One refusal as RFC 9457 problem details. The extra members are those of the schema Problem in
 * openapi.json.
 *
 * @param detail what was wrong this time; it never repeats a secret
 * @param extra members beside the standard's
 * @param retryAfter zero where waiting does not help
 */
record Problem(ProblemType reason, String detail, ObjectNode extra, Duration retryAfter) {

  static Problem of(ProblemType reason, String detail) {
    return new Problem(reason, detail, Json.object(), Duration.ZERO);
  }

  /** A service's no. */
  static Problem of(Refusal refusal) {
    Problem problem =
        of(ProblemType.of(refusal.reason()), refusal.detail())
            .with("tapiError", "LINEERR_" + refusal.reason().tapiError());
    return problem.reason().status() == 503 ? problem.retryAfter(Duration.ofSeconds(1)) : problem;
  }

  Problem with(String member, JsonNode value) {
    ObjectNode more = extra.deepCopy();
    more.set(member, value);
    return new Problem(reason, detail, more, retryAfter);
  }

  Problem with(String member, String value) {
    return with(member, Json.text(value));
  }

  Problem retryAfter(Duration wait) {
    return new Problem(reason, detail, extra, wait);
  }

  Refused refused() {
    return new Refused(this);
  }

  ObjectNode toJson() {
    ObjectNode json = Json.object();
    json.put("type", reason.type());
    json.put("title", reason.title());
    json.put("status", reason.status());
    json.put("detail", detail);
    json.put("reason", reason.code());
    json.setAll(extra);
    if (!retryAfter.isZero()) {
      json.put("retryAfterMs", retryAfter.toMillis());
    }
    return json;
  }
}
