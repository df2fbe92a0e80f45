package org.jackfield.core.provider;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import org.jackfield.api.provider.AddressInfo;
import org.jackfield.api.provider.DriverInfo;
import org.jackfield.api.provider.DriverMove;
import org.jackfield.api.provider.DriverShares;
import org.jackfield.api.provider.ProviderService;
import org.jackfield.api.provider.ProviderStatus;
import org.jackfield.api.provider.ProviderStatusEvent;
import org.jackfield.api.provider.TelephonyDriver;
import org.jackfield.core.event.Teller;
import org.jackfield.core.run.Environment;
import org.jackfield.core.run.SerialExecutor;
import org.jackfield.core.session.Lanes;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the configured PBXs through the drivers that are there. What is decided is decided on one
 * serial executor; drivers are called on their own.
 */
public final class ProviderHost implements ProviderService {
  private static final Logger LOG = LoggerFactory.getLogger(ProviderHost.class);

  private final Environment environment;
  private final Teller teller;
  private final Lanes lanes;
  private final ToIntFunction<String> sessions;
  private final ProviderPublisher publisher;
  private final SerialExecutor serial;
  private final Drivers drivers = new Drivers();
  private final Map<String, Slot> slots = new HashMap<>();
  private final Map<String, AddressBook> addresses = new ConcurrentHashMap<>();
  private final Map<String, ProviderStatus> statuses = new ConcurrentHashMap<>();
  private final Set<OpenedProvider> opened = ConcurrentHashMap.newKeySet();
  private Set<String> expected = Set.of();
  private volatile boolean ready;
  private volatile boolean closed;

  /**
   * @param sessions how many sessions live on a PBX
   */
  public ProviderHost(
      Environment environment,
      Teller teller,
      Lanes lanes,
      ToIntFunction<String> sessions,
      ProviderPublisher publisher) {
    this.environment = environment;
    this.teller = teller;
    this.lanes = lanes;
    this.sessions = sessions;
    this.publisher = publisher;
    this.serial = new SerialExecutor(environment.pool(), Integer.MAX_VALUE);
  }

  /** Runs something where things are decided. Any thread. */
  void run(Runnable task) {
    serial.execute(
        () -> {
          if (!closed) {
            task.run();
          }
        });
  }

  /** The PBXs that are configured at the start: ready means that these are settled. Any thread. */
  public void expect(Set<String> providers) {
    run(
        () -> {
          expected = Set.copyOf(providers);
          settled();
        });
  }

  /** A driver has come. Any thread. */
  public void addDriver(
      TelephonyDriver driver, Map<String, ?> properties, Version version, String bundle) {
    Drivers.Driver known = Drivers.Driver.of(driver, properties, version, bundle);
    drivers.add(known);
    environment.blocking().execute(() -> learn(known));
    run(() -> slots.values().forEach(slot -> slot.driverCame(driver)));
  }

  /** On a thread of its own: whatever a driver does may block. */
  private static void learn(Drivers.Driver driver) {
    try {
      driver.askForSchema();
    } catch (RuntimeException | Error bug) {
      LOG.error("the driver {} {} broke", driver.name(), driver.version(), bug);
    }
  }

  /**
   * A driver goes. Its PBXs move to another version of it; if there is none, what it has open is
   * dead at once. Any thread.
   *
   * @return completes when it has left all its PBXs
   */
  public CompletionStage<Void> removeDriver(TelephonyDriver driver) {
    drivers.remove(driver);
    List<OpenedProvider> its = opened.stream().filter(o -> o.driver().driver() == driver).toList();
    List<OpenedProvider> moving =
        its.stream()
            .filter(
                one ->
                    drivers
                        .choose(one.provider(), one.driver().name(), Optional.empty())
                        .isPresent())
            .toList();
    its.stream().filter(one -> !moving.contains(one)).forEach(OpenedProvider::kill);
    if (closed) {
      return CompletableFuture.completedStage(
          null); // it has left everything, and nothing runs here
    }
    CompletableFuture<Void> gone = new CompletableFuture<>();
    serial.execute(
        () -> {
          CompletableFuture<Void> moved =
              allOf(slots.values().stream().map(slot -> slot.moveFrom(moving)).toList());
          if (moved.isDone()) {
            went(driver, its, gone);
          } else {
            moved.whenComplete((m, bug) -> serial.execute(() -> went(driver, its, gone)));
          }
        });
    return gone;
  }

  private void went(
      TelephonyDriver driver, List<OpenedProvider> its, CompletableFuture<Void> gone) {
    allOf(its.stream().map(this::close).toList()).whenComplete((left, bug) -> gone.complete(null));
    if (!closed) {
      List.copyOf(slots.values()).forEach(slot -> slot.driverWent(driver, its));
    }
  }

  static CompletableFuture<Void> allOf(List<? extends CompletionStage<?>> many) {
    return CompletableFuture.allOf(
        many.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture[]::new));
  }

  /** A PBX is configured, newly or otherwise than before. Any thread. */
  public void configure(String name, Map<String, String> properties) {
    run(
        () -> {
          Slot slot = slots.computeIfAbsent(name, n -> new Slot(this, n));
          addresses.put(name, slot.addresses());
          slot.configure(properties);
        });
  }

  /** A PBX is no longer configured. Any thread. */
  public void remove(String name) {
    run(
        () -> {
          Slot slot = slots.get(name);
          if (slot != null) {
            slot.remove();
          }
        });
  }

  /**
   * Leaves every PBX as it is and closes. Any thread.
   *
   * @return completes when all drivers have left, or cannot
   */
  public CompletionStage<Void> close() {
    CompletableFuture<Void> left = new CompletableFuture<>();
    serial.execute(
        () -> {
          slots.values().forEach(Slot::shutDown);
          closed = true;
          allOf(opened.stream().map(this::close).toList())
              .whenComplete((done, bug) -> left.complete(null));
        });
    return left;
  }

  // For the slots.

  Optional<Slot> slot(String name) {
    return Optional.ofNullable(slots.get(name));
  }

  List<Slot> slots() {
    return List.copyOf(slots.values());
  }

  Environment environment() {
    return environment;
  }

  Lanes lanes() {
    return lanes;
  }

  Drivers theDrivers() {
    return drivers;
  }

  ProviderPublisher publisher() {
    return publisher;
  }

  int sessions(String provider) {
    return sessions.applyAsInt(provider);
  }

  void opened(OpenedProvider provider) {
    opened.add(provider);
  }

  CompletionStage<Void> close(OpenedProvider provider) {
    opened.remove(provider);
    return provider.close();
  }

  void publish(ProviderStatus status) {
    ProviderStatus before = statuses.put(status.name(), status);
    if (!status.equals(before)) {
      teller.tell(new ProviderStatusEvent.Changed(status));
    }
  }

  void gone(String name, ProviderStatus last) {
    slots.remove(name);
    addresses.remove(name);
    statuses.remove(name);
    lanes.remove(name);
    teller.tell(new ProviderStatusEvent.Removed(last));
  }

  void settled() {
    ready =
        ready
            || slots.keySet().containsAll(expected)
                && slots.values().stream().allMatch(Slot::isSettled);
  }

  // For everybody.

  /** How its PBXs go over step by step. */
  public DriverShares shares() {
    return new Shares(this);
  }

  @Override
  public List<DriverInfo> drivers() {
    return drivers.infos();
  }

  @Override
  public List<ProviderStatus> providers() {
    return statuses.values().stream()
        .map(this::withSessions)
        .sorted(Comparator.comparing(ProviderStatus::name))
        .toList();
  }

  @Override
  public Optional<ProviderStatus> provider(String name) {
    return Optional.ofNullable(statuses.get(name)).map(this::withSessions);
  }

  private ProviderStatus withSessions(ProviderStatus s) {
    return new ProviderStatus(
        s.name(),
        s.driver(),
        s.driverVersion(),
        s.state(),
        s.why(),
        s.since(),
        s.capabilities(),
        s.absent(),
        s.probe(),
        sessions(s.name()));
  }

  @Override
  public List<AddressInfo> addresses(String provider, String prefix, int limit) {
    AddressBook book = addresses.get(provider);
    return book == null ? List.of() : book.find(prefix, limit);
  }

  @Override
  public CompletionStage<List<DriverMove>> moves(String bundle, String version) {
    Optional<Drivers.Driver> driver = drivers.find(bundle, version);
    if (driver.isEmpty()) {
      return CompletableFuture.completedStage(List.of());
    }
    CompletableFuture<List<DriverMove>> moves = new CompletableFuture<>();
    Instant from = environment.now();
    run(
        () -> {
          List<DriverMove> all = new ArrayList<>();
          List<CompletableFuture<Void>> each = new ArrayList<>();
          for (Slot slot : slots.values()) {
            CompletableFuture<Void> one = new CompletableFuture<>();
            each.add(one);
            slot.moveTo(
                driver.get(),
                from,
                move -> {
                  move.ifPresent(all::add);
                  one.complete(null);
                });
          }
          allOf(each).whenComplete((done, bug) -> moves.complete(List.copyOf(all)));
        });
    return moves;
  }

  @Override
  public boolean ready() {
    return ready;
  }
}
