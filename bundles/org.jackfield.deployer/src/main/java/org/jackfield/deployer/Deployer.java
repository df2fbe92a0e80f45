package org.jackfield.deployer;

import java.time.Clock;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.jackfield.api.audit.AuditEntry;
import org.jackfield.api.audit.AuditLog;
import org.jackfield.api.security.Requester;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root.
 *
 * <p>Before the framework starts, the launcher has made its bundles those of the distribution and
 * no others, so what is there when this starts is let in. From then on only what was verified is.
 * Where another launcher has started the framework nobody has looked at its bundles, and the gate
 * stays open: {@code jackfield.gate = shut} among the framework's properties closes it.
 */
@Component(
    immediate = true,
    service = {})
public final class Deployer {
  private static final Logger LOG = LoggerFactory.getLogger(Deployer.class);

  private final BundleContext context;
  private final Gate gate = new Gate(this::keptOut);
  private final AtomicReference<@Nullable AuditLog> audit = new AtomicReference<>();
  private @Nullable ServiceRegistration<ResolverHookFactory> hook;

  @Activate
  public Deployer(BundleContext context) {
    this.context = context;
    if (!"shut".equals(context.getProperty("jackfield.gate"))) {
      LOG.warn(
          "The gate is open (jackfield.gate is not shut): bundles resolve without being verified");
      return;
    }
    context.addBundleListener(gate);
    Arrays.stream(context.getBundles()).forEach(gate::admit);
    hook = context.registerService(ResolverHookFactory.class, gate, null);
  }

  private void keptOut(Bundle bundle) {
    String text =
        "%s %s [%d] was installed past the deployer and does not resolve; put its JAR into deploy/"
            .formatted(bundle.getSymbolicName(), bundle.getVersion(), bundle.getBundleId());
    LOG.warn("{} ({})", text, bundle.getLocation());
    AuditLog log = audit.get();
    if (log != null) {
      log.record(
          new AuditEntry(
              Clock.systemUTC().instant(),
              Requester.CORE,
              "resolve",
              "bundle/" + bundle.getSymbolicName(),
              "not-let-in",
              text));
    }
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void setAudit(AuditLog log) {
    audit.set(log);
  }

  void unsetAudit(AuditLog log) {
    audit.compareAndSet(log, null);
  }

  @Deactivate
  void leave() {
    ServiceRegistration<ResolverHookFactory> registered = hook;
    if (registered != null) {
      registered.unregister();
      context.removeBundleListener(gate);
    }
  }
}
