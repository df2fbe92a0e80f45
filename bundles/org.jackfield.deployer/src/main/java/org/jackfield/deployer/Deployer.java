package org.jackfield.deployer;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jackfield.api.audit.AuditEntry;
import org.jackfield.api.audit.AuditLog;
import org.jackfield.api.event.EventLog;
import org.jackfield.api.policy.Policy;
import org.jackfield.api.policy.PolicyService;
import org.jackfield.api.provider.DriverMove;
import org.jackfield.api.provider.ProviderService;
import org.jackfield.api.rollout.BundleCheck;
import org.jackfield.api.rollout.BundleProblem;
import org.jackfield.api.rollout.BundleService;
import org.jackfield.api.rollout.DeployedBundle;
import org.jackfield.api.security.Requester;
import org.jackfield.deployer.verify.Rules;
import org.jackfield.deployer.verify.Surroundings;
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
@Component(immediate = true)
public final class Deployer implements BundleService {
  private static final Logger LOG = LoggerFactory.getLogger(Deployer.class);
  private static final Logger AUDIT = LoggerFactory.getLogger("org.jackfield.audit");
  private static final long LOOK_MS = 500;

  private final BundleContext context;
  private final Clock clock = Clock.systemUTC();
  private final Gate gate = new Gate(this::keptOut);
  private final Etc etc;
  private final Pipeline pipeline;
  private final ScheduledExecutorService looker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("jackfield-deploy-folder").daemon().factory());
  private volatile @Nullable AuditLog audit;
  private volatile @Nullable EventLog events;
  private volatile @Nullable ProviderService providers;
  private volatile @Nullable PolicyService policies;
  private @Nullable ServiceRegistration<ResolverHookFactory> hook;

  @Activate
  public Deployer(BundleContext context) throws IOException {
    this.context = context;
    String property = context.getProperty("jackfield.home");
    Path home = Path.of(property == null ? "" : property);
    this.etc = new Etc(home.resolve("etc"));
    shut();
    Records records = new Records(home.resolve("data/deploy"));
    this.pipeline =
        new Pipeline(context, gate, records, new Now(), this::told, clock, etc.startWithin());
    DropFolder folder = new DropFolder(home.resolve("deploy"), pipeline);
    if (etc.development()) {
      LOG.warn("Unsigned drivers are let in: development = true in etc/org.jackfield.deployer.cfg");
    }
    pipeline.restore(folder::gone);
    var unused =
        looker.scheduleWithFixedDelay(folder::look, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
  }

  private void shut() {
    if (!"shut".equals(context.getProperty("jackfield.gate"))) {
      LOG.warn(
          "The gate is open (jackfield.gate is not shut): bundles resolve without being verified");
      return;
    }
    context.addBundleListener(gate);
    Arrays.stream(context.getBundles()).forEach(gate::admit);
    hook = context.registerService(ResolverHookFactory.class, gate, null);
  }

  /** What a JAR is held against, as it is at that moment. */
  private final class Now implements Pipeline.Present {
    @Override
    public Rules rules() throws IOException {
      return etc.rules();
    }

    @Override
    public Surroundings surroundings() {
      ProviderService some = providers;
      PolicyService rules = policies;
      return Picture.of(
          context,
          pipeline.records().highest(),
          some == null ? List.of() : some.drivers(),
          rules == null ? new Policy(List.of()) : rules.current().policy());
    }

    @Override
    public CompletionStage<List<DriverMove>> moves(Bundle bundle) {
      ProviderService some = providers;
      return some == null
          ? CompletableFuture.completedStage(List.of())
          : some.moves(bundle.getSymbolicName(), bundle.getVersion().toString());
    }
  }

  @Override
  public List<DeployedBundle> bundles() {
    return pipeline.records().newest();
  }

  @Override
  public Optional<DeployedBundle> bundle(String id) {
    return pipeline.records().find(id);
  }

  @Override
  public CompletionStage<DeployedBundle> deploy(
      Requester requester, byte[] jar, boolean downgrade) {
    return pipeline.submit(
        new Pipeline.Sender(requester.principal(), requester.via(), ""), jar, downgrade);
  }

  @Override
  public CompletionStage<Optional<DeployedBundle>> withdraw(Requester requester, String id) {
    return pipeline.withdraw(id, "It was taken out by " + requester.principal() + ".");
  }

  /** Each step is an event and an entry in the audit; the end is told in the log too. */
  private void told(DeployedBundle what) {
    EventLog log = events;
    if (log != null) {
      log.tell(what);
    }
    switch (what.state()) {
      case VERIFYING, INSTALLING, STARTING, MOVING ->
          record(what, what.state().text(), what.steps().isEmpty() ? "" : last(what));
      case ACTIVE, REFUSED, FAILED, REMOVED -> ended(what);
    }
  }

  private static String last(DeployedBundle what) {
    DeployedBundle.Step step = what.steps().getLast();
    return "%s took %d ms: %s".formatted(step.name().text(), step.took().toMillis(), step.text());
  }

  private static String name(DeployedBundle what) {
    return what.symbolicName().isEmpty()
        ? what.sha256().substring(0, 16)
        : what.symbolicName() + " " + what.version();
  }

  private void record(DeployedBundle what, String result, String detail) {
    record(new Requester(what.by(), what.via(), what.file()), "deploy", name(what), result, detail);
  }

  private void ended(DeployedBundle what) {
    String name = name(what);
    boolean warned = what.checks().stream().anyMatch(c -> c.state() == BundleCheck.State.WARNED);
    String result =
        what.checks().stream()
            .flatMap(check -> check.problem().stream())
            .findFirst()
            .map(BundleProblem::text)
            .orElse(what.state().text());
    switch (what.state()) {
      case ACTIVE -> {
        LOG.info("{} is deployed ({}, {})", name, what.via(), what.file());
        if (warned) {
          what.checks().stream()
              .filter(c -> c.state() == BundleCheck.State.WARNED)
              .forEach(c -> LOG.warn("{}: {}", name, c.text()));
        }
      }
      case REMOVED -> LOG.info("{} is taken out: {}", name, what.why());
      default -> LOG.warn("{} is not deployed, {}: {}", name, result, what.why());
    }
    record(what, result, what.why());
  }

  private void keptOut(Bundle bundle) {
    String text =
        "%s %s [%d] was installed past the deployer and does not resolve; put its JAR into deploy/"
            .formatted(bundle.getSymbolicName(), bundle.getVersion(), bundle.getBundleId());
    LOG.warn("{} ({})", text, bundle.getLocation());
    record(Requester.CORE, "resolve", String.valueOf(bundle.getSymbolicName()), "not-let-in", text);
  }

  private void record(Requester who, String action, String of, String result, String detail) {
    AuditEntry entry =
        new AuditEntry(
            clock.instant(),
            who,
            action,
            "bundle/" + of,
            result.equals("active") ? "accepted" : result,
            detail);
    AuditLog log = audit;
    if (log != null) {
      log.record(entry);
    } else {
      AUDIT.info("{} {} {} {} {}", who, action, entry.subject(), entry.result(), detail);
    }
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void setAudit(AuditLog log) {
    audit = log;
  }

  void unsetAudit(AuditLog log) {
    audit = audit == log ? null : audit;
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void setEvents(EventLog log) {
    events = log;
  }

  void unsetEvents(EventLog log) {
    events = events == log ? null : events;
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void setProviders(ProviderService service) {
    providers = service;
  }

  void unsetProviders(ProviderService service) {
    providers = providers == service ? null : providers;
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void setPolicies(PolicyService service) {
    policies = service;
  }

  void unsetPolicies(PolicyService service) {
    policies = policies == service ? null : policies;
  }

  @Deactivate
  void leave() {
    looker.shutdownNow();
    pipeline.close();
    ServiceRegistration<ResolverHookFactory> registered = hook;
    if (registered != null) {
      registered.unregister();
      context.removeBundleListener(gate);
    }
  }
}
