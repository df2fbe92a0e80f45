package org.jackfield.api.rollout;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.security.Requester;
import org.osgi.annotation.versioning.ProviderType;

/** The way of a JAR into the running server. Any thread; nothing blocks. */
@ProviderType
public interface BundleService {
  /** What was deployed or refused, the newest first; also before the last restart. */
  List<DeployedBundle> bundles();

  /** One of them. */
  Optional<DeployedBundle> bundle(String id);

  /**
   * Verifies a JAR, installs and starts it beside what runs, and waits until the open PBXs of its
   * driver have moved to it; if one of them does not, all go back and it is gone. One JAR at a time
   * is worked on; the same bytes again give what became of them.
   *
   * @param jar the whole JAR
   * @param downgrade whether an older version than the one that is or was there is wanted
   * @return completes when it runs, was refused or has failed; never exceptionally
   */
  CompletionStage<DeployedBundle> deploy(Requester requester, byte[] jar, boolean downgrade);

  /**
   * Verifies a JAR and keeps it for a rollout; nothing of it is started.
   *
   * @return completes when it is staged or was refused; never exceptionally
   */
  CompletionStage<DeployedBundle> stage(Requester requester, byte[] jar, boolean downgrade);

  /** The rollouts that were begun, the newest first; also before the last restart. */
  List<Rollout> rollouts();

  /** One of them, by its bundle's id. */
  Optional<Rollout> rollout(String id);

  /**
   * Begins to roll a staged bundle out. One rollout at a time; it goes on by itself, and goes back
   * by itself where the plan's limits are broken or a PBX does not take the version.
   */
  CompletionStage<RolloutReply> rollOut(Requester requester, RolloutPlan plan);

  /** Goes back to the version before, also when the rollout is over; the bundle is taken out. */
  CompletionStage<RolloutReply> rollBack(Requester requester, String id);

  /**
   * Takes out one that runs. Its PBXs go on with another version of the driver; on those for which
   * there is none the calls that live are waited for, as the configuration says, and then they wait
   * for a version. The same bytes, brought again meanwhile, stay.
   *
   * @return completes with what became of it, removed or draining; empty where none of that id runs
   */
  CompletionStage<Optional<DeployedBundle>> withdraw(Requester requester, String id);

  /** The same, with a deadline of its own; also for one that drains already. */
  CompletionStage<Optional<DeployedBundle>> withdraw(Requester requester, String id, Drain how);
}
