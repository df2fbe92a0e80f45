package org.jackfield.api.rollout;

import java.util.List;
import org.jackfield.api.provider.TelephonyDriver;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The part of the conformance kit that needs no PBX: what can be seen of a driver before it opens
 * one. A service, where the kit is installed.
 */
@ProviderType
public interface OfflineRules {
  /**
   * Puts a driver through them, with a configuration that leads to nothing. Takes a moment, and up
   * to a minute with a driver that hangs; any thread but one that must not wait.
   *
   * @return what it breaks, each a sentence that begins with the rule's number; empty where it
   *     keeps them all
   */
  List<String> broken(TelephonyDriver driver);
}
