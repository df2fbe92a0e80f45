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
   * Takes out one that runs. Its PBXs go on with another version of the driver, or wait for one.
   *
   * @return completes with what became of it; empty where none of that id runs
   */
  CompletionStage<Optional<DeployedBundle>> withdraw(Requester requester, String id);
}
