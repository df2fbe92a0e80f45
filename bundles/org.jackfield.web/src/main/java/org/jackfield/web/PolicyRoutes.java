package org.jackfield.web;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.policy.PolicyReply;
import org.jackfield.api.policy.PolicySnapshot;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Refusal;

/** What holds where a request says nothing. */
final class PolicyRoutes {
  /** A version that no policy has: a tag of another start of the server is stale. */
  private static final long NO_VERSION = -1;

  private final Services services;

  PolicyRoutes(Services services) {
    this.services = services;
  }

  void addTo(Router.Builder routes) {
    routes.get("/policies", this::policy).on("PUT", "/policies", this::replace);
  }

  private Answer policy(Exchange exchange) {
    PolicySnapshot now = services.policies().current();
    String tag = tag(now);
    Optional<String> known = exchange.header("If-None-Match", SessionRoutes.LONGEST_ID);
    Answer.Reply reply =
        known.isPresent() && ETag.matches(known.get(), tag)
            ? Answer.Reply.empty(304)
            : Answer.Reply.json(200, PolicyShape.policy(now));
    return reply.with("ETag", tag);
  }

  private CompletionStage<Answer> replace(Exchange exchange) {
    return services
        .policies()
        .replace(exchange.requester(), exchange.json(), ifVersion(exchange))
        .thenApply(
            reply ->
                switch (reply) {
                  case PolicyReply.Accepted accepted ->
                      Answer.Reply.json(200, PolicyShape.policy(accepted.now()))
                          .with("ETag", tag(accepted.now()));
                  case PolicyReply.Stale stale -> Answer.Reply.of(stale(stale.now()));
                  case PolicyReply.Invalid invalid ->
                      Answer.Reply.of(
                          Problem.of(
                                  ProblemType.INVALID_POLICY,
                                  "Nothing has changed; `problems` names what is wrong.")
                              .with("problems", PolicyShape.problems(invalid.problems())));
                  case PolicyReply.NotWritten no ->
                      Answer.Reply.of(
                          Problem.of(new Refusal(Reason.JOURNAL_UNAVAILABLE, no.why())));
                });
  }

  private static Problem stale(PolicySnapshot now) {
    return Problem.of(ProblemType.STALE_REVISION, "The policy has changed since you saw it.")
        .with("current", PolicyShape.policy(now));
  }

  /** Nobody replaces a policy that they have not seen, or they say so by an asterisk. */
  private OptionalLong ifVersion(Exchange exchange) {
    String header =
        exchange
            .header("If-Match", SessionRoutes.LONGEST_ID)
            .orElseThrow(
                () ->
                    Fields.wrong(
                        ProblemType.MISSING_FIELD,
                        "If-Match",
                        "must name the policy that you saw, by the ETag of GET /policies"));
    return header.strip().equals("*")
        ? OptionalLong.empty()
        : OptionalLong.of(ETag.revision(header, epoch()).orElse(NO_VERSION));
  }

  private String tag(PolicySnapshot policy) {
    return ETag.of(epoch(), policy.version());
  }

  private String epoch() {
    return Long.toUnsignedString(services.log().epoch());
  }
}
