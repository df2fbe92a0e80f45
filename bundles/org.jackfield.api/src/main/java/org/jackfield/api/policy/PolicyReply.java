package org.jackfield.api.policy;

import java.util.List;

/** The answer to a new policy. */
public sealed interface PolicyReply {
  /** It is in force, and in the file. */
  record Accepted(PolicySnapshot now) implements PolicyReply {}

  /** The policy in force is not the version that the requester saw. */
  record Stale(PolicySnapshot now) implements PolicyReply {}

  /** It is none; every problem is named. */
  record Invalid(List<PolicyProblem> problems) implements PolicyReply {
    public Invalid {
      problems = List.copyOf(problems);
    }
  }

  /** The file could not be written, so the old policy goes on. */
  record NotWritten(String why) implements PolicyReply {}
}
