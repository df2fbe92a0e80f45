package org.jackfield.api.policy;

import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.security.Requester;
import org.osgi.annotation.versioning.ProviderType;

/** The policy. Any thread; nothing blocks; no stage ever completes exceptionally. */
@ProviderType
public interface PolicyService {
  /** The policy in force. */
  PolicySnapshot current();

  /**
   * Puts another policy in force and rewrites the file. Decisions made from then on follow it;
   * transfers under way keep the plan that they have.
   *
   * @param json the policy as it stands in the file
   * @param ifVersion the version that the requester saw, where it insists on it
   */
  CompletionStage<PolicyReply> replace(Requester requester, String json, OptionalLong ifVersion);
}
