package org.jackfield.core;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jackfield.api.audit.AuditLog;
import org.jackfield.api.event.EventLog;
import org.jackfield.api.journal.Journal;
import org.jackfield.api.journal.Remembered;
import org.jackfield.api.policy.DestinationGuard;
import org.jackfield.api.policy.PolicyService;
import org.jackfield.api.provider.DriverShares;
import org.jackfield.api.provider.ProviderService;
import org.jackfield.api.provider.TelephonyDriver;
import org.jackfield.api.provider.TelephonyProvider;
import org.jackfield.api.session.SessionService;
import org.jackfield.api.transfer.TransferService;
import org.jackfield.core.policy.PolicyBook;
import org.jackfield.core.record.MemoryAuditLog;
import org.jackfield.core.record.SwitchedAuditLog;
import org.jackfield.core.run.Environment;
import org.jackfield.core.run.IdSource;
import org.jackfield.core.run.Threads;
import org.jackfield.core.run.WallTimers;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ManagedServiceFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The core in the framework: its services, its drivers, its configurations. */
@Component(
    service = {},
    immediate = true)
public final class Core implements ManagedServiceFactory {
  static final String FACTORY_PID = "org.jackfield.provider";

  /** How long drivers that leave are waited for. */
  private static final long PATIENCE_SECONDS = 3;

  /** How long a driver that goes waits until another version has taken its PBXs over. */
  private static final long MOVING_SECONDS = 20;

  private static final Logger LOG = LoggerFactory.getLogger(Core.class);

  private final BundleContext context;
  private final Threads threads = new Threads();
  private final WallTimers timers = new WallTimers();
  private final SwitchedAuditLog audit = new SwitchedAuditLog(new MemoryAuditLog());
  private final Collection<DestinationGuard> guards = new CopyOnWriteArrayList<>();
  private final PolicyBook policy;
  private final CoreEngine engine;
  private final List<ServiceRegistration<?>> services = new CopyOnWriteArrayList<>();

  /**
   * @param journal read before anything is taken on; without one there is no server
   */
  @Activate
  public Core(BundleContext context, @Reference Journal journal) throws IOException {
    this.context = context;
    Path home =
        Path.of(
            context.getProperty("jackfield.home") == null
                ? "."
                : context.getProperty("jackfield.home"));
    Environment environment =
        new Environment(
            InstantSource.system(),
            timers,
            threads.pool(),
            threads.blocking(),
            new IdSource(new SecureRandom()));
    long epoch = Epoch.next(home.resolve("data").resolve("epoch"), environment.clock().millis());
    policy = new PolicyBook(environment, audit, home.resolve("etc"), home.resolve("data"));
    engine = new CoreEngine(environment, epoch, journal, audit, guards, policy, this::publish);
    engine.recover(Remembered.of(journal, environment.now()));
    engine.providers().expect(configured(home.resolve("etc")));
    register(EventLog.class, engine.events());
    register(ProviderService.class, engine.providers());
    register(DriverShares.class, engine.providers().shares());
    register(SessionService.class, engine.sessions());
    register(TransferService.class, engine.transfers());
    register(PolicyService.class, policy);
    policy.watch();
    services.add(
        context.registerService(
            ManagedServiceFactory.class,
            this,
            dictionary(Map.of(Constants.SERVICE_PID, FACTORY_PID))));
  }

  private <S> void register(Class<S> type, S service) {
    services.add(context.registerService(type, service, null));
  }

  private Runnable publish(TelephonyProvider provider, Map<String, Object> properties) {
    ServiceRegistration<TelephonyProvider> registration =
        context.registerService(TelephonyProvider.class, provider, dictionary(properties));
    return registration::unregister;
  }

  private static Dictionary<String, Object> dictionary(Map<String, ?> properties) {
    return new Hashtable<>(properties);
  }

  /** Which PBXs the folder of configurations names, so that ready means that all these are. */
  private static Set<String> configured(Path etc) throws IOException {
    Set<String> names = new HashSet<>();
    if (Files.isDirectory(etc)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(etc, FACTORY_PID + "~*.cfg")) {
        for (Path file : files) {
          String name = file.getFileName().toString();
          names.add(providerName(name.substring(0, name.length() - ".cfg".length())));
        }
      }
    }
    return names;
  }

  private static String providerName(String pid) {
    return pid.startsWith(FACTORY_PID + "~") ? pid.substring(FACTORY_PID.length() + 1) : pid;
  }

  @Deactivate
  public void close() {
    services.forEach(ServiceRegistration::unregister);
    policy.close();
    await(engine.providers().close().toCompletableFuture(), PATIENCE_SECONDS, "the drivers");
    timers.close();
    threads.close();
  }

  private static void await(java.util.concurrent.Future<Void> leaving, long seconds, String who) {
    try {
      leaving.get(seconds, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException late) {
      LOG.warn("{} did not leave in {} s", who, seconds, late);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removeDriver")
  void addDriver(ServiceReference<TelephonyDriver> reference, TelephonyDriver driver) {
    Map<String, Object> properties = new HashMap<>();
    for (String key : reference.getPropertyKeys()) {
      properties.put(key, reference.getProperty(key));
    }
    engine
        .providers()
        .addDriver(
            driver,
            properties,
            reference.getBundle().getVersion(),
            reference.getBundle().getSymbolicName());
  }

  void removeDriver(TelephonyDriver driver) {
    await(
        engine.providers().removeDriver(driver).toCompletableFuture(), MOVING_SECONDS, "a driver");
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY,
      unbind = "unsetAuditLog")
  void setAuditLog(AuditLog kept) {
    audit.use(kept);
  }

  void unsetAuditLog(AuditLog kept) {
    audit.leave(kept);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removeGuard")
  void addGuard(DestinationGuard guard) {
    guards.add(guard);
  }

  void removeGuard(DestinationGuard guard) {
    guards.remove(guard);
  }

  @Override
  public String getName() {
    return "the PBXs of Jackfield";
  }

  @Override
  public void updated(String pid, Dictionary<String, ?> properties) {
    Map<String, String> own = new HashMap<>();
    for (String key : Collections.list(properties.keys())) {
      if (!isOfTheFramework(key)) {
        own.put(key, String.valueOf(properties.get(key)));
      }
    }
    engine.providers().configure(providerName(pid), own);
  }

  private static boolean isOfTheFramework(String key) {
    return key.startsWith("service.")
        || key.startsWith("felix.fileinstall.")
        || key.startsWith("component.")
        || key.startsWith(".");
  }

  @Override
  public void deleted(String pid) {
    engine.providers().remove(providerName(pid));
  }
}
