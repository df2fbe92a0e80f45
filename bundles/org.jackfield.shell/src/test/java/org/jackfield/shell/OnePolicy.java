package org.jackfield.shell;

import java.time.Duration;
import java.time.Instant;
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

/** A policy with one rule, whose file is wrong. */
final class OnePolicy implements PolicyService {
  @Override
  public PolicySnapshot current() {
    PolicyRule outside =
        new PolicyRule(
            "outside",
            "",
            new PolicyRule.Match(
                Optional.empty(), Optional.empty(), Optional.of("0*"), Optional.empty()),
            new PolicyRule.Settings(
                Optional.of(List.of(AutoChoice.CONSULTATION, AutoChoice.BLIND)),
                Optional.empty(),
                Optional.of(Duration.ofSeconds(45)),
                Optional.empty(),
                Optional.empty(),
                Optional.of(
                    List.of(
                        new RecallRung.ToTransferor(), new RecallRung.ToPark(new Address("70"))))));
    return new PolicySnapshot(
        4,
        Instant.parse("2026-11-22T12:00:00Z"),
        PolicySnapshot.Source.FILE,
        "jackfield",
        "policy.jsonc",
        new Policy(List.of(outside)),
        List.of(),
        List.of(
            new PolicyProblem(
                PolicyProblem.Type.INVALID_VALUE, 2, "night", "set.answerMs", "is too long")));
  }

  @Override
  public CompletionStage<PolicyReply> replace(
      Requester requester, String json, OptionalLong ifVersion) {
    return CompletableFuture.completedFuture(new PolicyReply.Stale(current()));
  }
}
