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
import org.jackfield.api.audit.AuditLog;
import org.jackfield.api.event.EventLog;
import org.jackfield.api.policy.Policy;
import org.jackfield.api.policy.PolicyService;
import org.jackfield.api.provider.DriverMove;
import org.jackfield.api.provider.DriverShares;
import org.jackfield.api.provider.ProviderService;
import org.jackfield.api.rollout.BundleService;
import org.jackfield.api.rollout.DeployedBundle;
import org.jackfield.api.rollout.Drain;
import org.jackfield.api.rollout.Rollout;
import org.jackfield.api.rollout.RolloutPlan;
import org.jackfield.api.rollout.RolloutReply;
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
  private static final long LOOK_MS = 500;

  private final BundleContext context;
  private final Clock clock = Clock.systemUTC();
  private final Gate gate = new Gate(this::keptOut);
  private final Etc etc;
  private final Pipeline pipeline;
  private final ScheduledExecutorService looker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("jackfield-deploy-folder").daemon().factory());
  private final Ledger ledger = new Ledger(clock);
  private final Withdrawals withdrawals;
  private final Rollouts rollouts;
  private volatile @Nullable ProviderService providers;
  private volatile @Nullable DriverShares shares;
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
        new Pipeline(context, gate, records, new Now(), ledger, clock, etc.startWithin());
    this.withdrawals = new Withdrawals(pipeline, clock, etc::drain);
    this.rollouts = new Rollouts(pipeline, withdrawals, new Plans(home.resolve("data/deploy")));
    DropFolder folder = new DropFolder(home.resolve("deploy"), pipeline, withdrawals);
    if (etc.development()) {
      LOG.warn("Unsigned drivers are let in: development = true in etc/org.jackfield.deployer.cfg");
    }
    pipeline.restore(folder::gone, rollouts::isReserved);
    Runnable look =
        () -> {
          folder.look();
          withdrawals.look();
        };
    var unused = looker.scheduleWithFixedDelay(look, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
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
    public Optional<DriverShares> shares() {
      return Optional.ofNullable(shares);
    }

    @Override
    public Optional<String> brokenRules(Bundle bundle) throws IOException {
      return etc.offlineKit() ? OfflineKit.broken(context, bundle) : Optional.empty();
    }

    @Override
    public boolean ready() {
      ProviderService some = providers;
      return some != null && some.ready();
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
  public CompletionStage<DeployedBundle> stage(Requester requester, byte[] jar, boolean downgrade) {
    return pipeline.submit(
        new Pipeline.Sender(requester.principal(), requester.via(), ""), jar, downgrade, true);
  }

  @Override
  public List<Rollout> rollouts() {
    return rollouts.all();
  }

  @Override
  public Optional<Rollout> rollout(String id) {
    return rollouts.find(id);
  }

  @Override
  public CompletionStage<RolloutReply> rollOut(Requester requester, RolloutPlan plan) {
    return asked(requester, "rollout", plan.bundle(), rollouts.begin(plan));
  }

  @Override
  public CompletionStage<RolloutReply> rollBack(Requester requester, String id) {
    String why = "It was rolled back by " + requester.principal() + ".";
    return rollouts.back(id, why).thenCompose(reply -> asked(requester, "rollback", id, reply));
  }

  private CompletionStage<RolloutReply> asked(
      Requester who, String action, String id, RolloutReply reply) {
    switch (reply) {
      case RolloutReply.Accepted yes ->
          ledger.record(
              who,
              action,
              Ledger.name(yes.rollout().bundle()),
              "accepted",
              Plans.text(yes.rollout().plan()));
      case RolloutReply.Refused no -> ledger.record(who, action, id, "refused", no.why());
    }
    return CompletableFuture.completedStage(reply);
  }

  @Override
  public CompletionStage<Optional<DeployedBundle>> withdraw(Requester requester, String id) {
    return withdrawals.withdraw(id, takenOutBy(requester));
  }

  @Override
  public CompletionStage<Optional<DeployedBundle>> withdraw(
      Requester requester, String id, Drain how) {
    return withdrawals.withdraw(id, takenOutBy(requester), how);
  }

  private static String takenOutBy(Requester requester) {
    return "It was taken out by " + requester.principal() + ".";
  }

  private void keptOut(Bundle bundle) {
    String text =
        "%s %s [%d] was installed past the deployer and does not resolve; put its JAR into deploy/"
            .formatted(bundle.getSymbolicName(), bundle.getVersion(), bundle.getBundleId());
    LOG.warn("{} ({})", text, bundle.getLocation());
    ledger.record(
        Requester.CORE, "resolve", String.valueOf(bundle.getSymbolicName()), "not-let-in", text);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void setAudit(AuditLog log) {
    ledger.audit(log);
  }

  void unsetAudit(AuditLog log) {
    ledger.noAudit(log);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void setEvents(EventLog log) {
    ledger.events(log);
  }

  void unsetEvents(EventLog log) {
    ledger.noEvents(log);
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

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void setShares(DriverShares service) {
    rollouts.reserve(service);
    withdrawals.reserve(service);
    shares = service;
    pipeline.restoreRest();
  }

  void unsetShares(DriverShares service) {
    shares = shares == service ? null : shares;
  }

  @Deactivate
  void leave() {
    looker.shutdownNow();
    rollouts.close();
    pipeline.close();
    ServiceRegistration<ResolverHookFactory> registered = hook;
    if (registered != null) {
      registered.unregister();
      context.removeBundleListener(gate);
    }
  }
}
