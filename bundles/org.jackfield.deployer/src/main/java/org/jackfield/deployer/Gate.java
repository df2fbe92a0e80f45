package org.jackfield.deployer;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Keeps every bundle that was not let in from resolving, whoever installs it: without resolving it
 * loads no class and starts nothing (OSGi Core 8, 57.3.4). What is let in is one revision, so a
 * bundle whose content is updated has to be let in again. Any thread.
 */
final class Gate implements ResolverHookFactory, SynchronousBundleListener {
  private final Set<BundleRevision> admitted = ConcurrentHashMap.newKeySet();
  private final Map<Long, Bundle> keptOut = new ConcurrentHashMap<>();
  private final Consumer<Bundle> told;

  /**
   * @param told hears of each bundle that is kept out, once; on the resolving thread
   */
  Gate(Consumer<Bundle> told) {
    this.told = told;
  }

  /** Lets the present content of a bundle in. */
  void admit(Bundle bundle) {
    BundleRevision revision = bundle.adapt(BundleRevision.class);
    if (revision != null) {
      admitted.add(revision);
      keptOut.remove(bundle.getBundleId());
    }
  }

  /** The bundles that wanted to resolve and may not. */
  List<Bundle> keptOut() {
    return List.copyOf(keptOut.values());
  }

  @Override
  public void bundleChanged(BundleEvent event) {
    Bundle bundle = event.getBundle();
    if (event.getType() == BundleEvent.UNINSTALLED || event.getType() == BundleEvent.UPDATED) {
      admitted.removeIf(revision -> revision.getBundle().equals(bundle));
      keptOut.remove(bundle.getBundleId());
    }
  }

  @Override
  public ResolverHook begin(Collection<BundleRevision> triggers) {
    return new Hook();
  }

  private void keepOut(Bundle bundle) {
    if (keptOut.put(bundle.getBundleId(), bundle) == null) {
      told.accept(bundle);
    }
  }

  private final class Hook implements ResolverHook {
    @Override
    public void filterResolvable(Collection<BundleRevision> candidates) {
      for (Iterator<BundleRevision> each = candidates.iterator(); each.hasNext(); ) {
        BundleRevision revision = each.next();
        if (!admitted.contains(revision)) {
          each.remove();
          keepOut(revision.getBundle());
        }
      }
    }

    @Override
    public void filterSingletonCollisions(
        BundleCapability singleton, Collection<BundleCapability> candidates) {
      // whoever may resolve is no other bundle's concern
    }

    @Override
    public void filterMatches(
        BundleRequirement requirement, Collection<BundleCapability> candidates) {
      // the same
    }

    @Override
    public void end() {
      // nothing was begun
    }
  }
}
