package org.jackfield.api.provider;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * How the PBXs go over to another version of their driver step by step. For whoever leads a
 * rollout; without one each PBX goes over as soon as the version is there. Any thread; nothing
 * blocks.
 */
@ProviderType
public interface DriverShares {
  /**
   * Only these PBXs choose that version by themselves, until it is said otherwise; to be said
   * before its bundle starts.
   */
  void reserve(String bundle, String version, Set<String> providers);

  /** Any PBX may choose that version again. */
  void release(String bundle, String version);

  /** The PBXs that are open with another version of that driver and may have this one, by name. */
  CompletionStage<List<Candidate>> candidates(String bundle, String version);

  /**
   * A PBX that may go over.
   *
   * @param provider its name
   * @param shares whether both versions can serve it at once
   */
  record Candidate(String provider, boolean shares) {}

  /**
   * Opens a PBX with that version beside the present one, which goes on with all calls.
   *
   * @return completes empty when it works and has pictured the PBX; else with why not
   */
  CompletionStage<Optional<String>> begin(String provider, String bundle, String version);

  /** The newer version serves that part of the new calls from now on, 0 to 100. */
  void share(String provider, int percent);

  /** How the calls are shared; empty where they are not, or no longer. */
  CompletionStage<Optional<ShareProgress>> progress(String provider);

  /**
   * Ends it: the newer version serves all. It must be one that the PBX may choose by itself by now;
   * else the PBX goes back.
   *
   * @param release whether the older one lets its calls go to where the PBX keeps them; else it
   *     hands them over as they are
   * @return completes empty when it serves all; else with why the older one goes on
   */
  CompletionStage<Optional<String>> finish(String provider, boolean release);

  /** Ends it: the older version serves all, and the newer one hands its calls back. */
  CompletionStage<Void> takeBack(String provider, String why);

  /**
   * That version is to be taken out. PBXs go over to another one that is there; those that find
   * none, or none that takes over, stay with it and take no new work. To be said before its bundle
   * starts, if it is to be taken out already then; said again, the reason changes.
   *
   * @param why a part of a sentence for whoever is refused
   * @return completes when each PBX has gone over or stays
   */
  CompletionStage<Void> drain(String bundle, String version, String why);

  /** That version is not to be taken out after all, or has gone. */
  void drainNoMore(String bundle, String version);

  /**
   * How far a version has drained.
   *
   * @return completes with the PBXs that it serves, and how many sessions live on each that began
   *     before it drained, or belong to those; empty where it has not told its calls yet
   */
  CompletionStage<Map<String, OptionalInt>> left(String bundle, String version);
}
