package org.jackfield.web;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.policy.AutoChoice;
import org.jackfield.api.policy.Policy;
import org.jackfield.api.policy.PolicyProblem;
import org.jackfield.api.policy.PolicyReply;
import org.jackfield.api.policy.PolicyRule;
import org.jackfield.api.policy.PolicyService;
import org.jackfield.api.policy.PolicySnapshot;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Address;
import org.jackfield.api.transfer.RecallRung;

/** A policy behind the API: it takes what has a rule, and keeps none of it but the number. */
final class Rulebook implements PolicyService {
  static final PolicyProblem PROBLEM =
      new PolicyProblem(PolicyProblem.Type.INVALID_VALUE, 2, "night", "set.answerMs", "too long");

  private static final Policy POLICY =
      new Policy(
          List.of(
              new PolicyRule(
                  "outside",
                  "they pay",
                  new PolicyRule.Match(
                      Optional.of("demo"),
                      Optional.of("1*"),
                      Optional.of("0*"),
                      Optional.of("admin")),
                  new PolicyRule.Settings(
                      Optional.of(List.of(AutoChoice.CONSULTATION, AutoChoice.BLIND)),
                      Optional.of(false),
                      Optional.of(Duration.ofSeconds(45)),
                      Optional.of(Duration.ofHours(1)),
                      Optional.of(Duration.ofSeconds(20)),
                      Optional.of(
                          List.of(
                              new RecallRung.ToTransferor(),
                              new RecallRung.ToPark(new Address("70"))))))));

  volatile String asked = "";
  volatile boolean diskFull;
  private volatile long version = 3;

  @Override
  public PolicySnapshot current() {
    return new PolicySnapshot(
        version,
        Switchboard.NOON,
        PolicySnapshot.Source.FILE,
        "jackfield",
        "policy.jsonc",
        POLICY,
        List.of(
            new PolicyProblem(PolicyProblem.Type.NEVER_REACHED, 1, "outside", "", "never reached")),
        List.of(new PolicyProblem(PolicyProblem.Type.MALFORMED, 0, "", "", "line 1")));
  }

  @Override
  public CompletionStage<PolicyReply> replace(
      Requester requester, String json, OptionalLong ifVersion) {
    asked = json;
    if (ifVersion.isPresent() && ifVersion.getAsLong() != version) {
      return CompletableFuture.completedFuture(new PolicyReply.Stale(current()));
    }
    if (!json.contains("outside")) {
      return CompletableFuture.completedFuture(new PolicyReply.Invalid(List.of(PROBLEM)));
    }
    if (diskFull) {
      return CompletableFuture.completedFuture(new PolicyReply.NotWritten("the disk is full"));
    }
    version++;
    return CompletableFuture.completedFuture(new PolicyReply.Accepted(current()));
  }
}
