package org.jackfield.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.CallSnapshot;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandFate;
import org.jackfield.api.provider.ConfigKey;
import org.jackfield.api.provider.Handover;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.provider.ProviderStatus;
import org.jackfield.api.provider.ProviderStatus.State;
import org.jackfield.api.provider.TelephonyDriver;
import org.jackfield.api.provider.TelephonyProvider;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.OperationReply;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionQuery;
import org.jackfield.api.session.SessionRequest;
import org.jackfield.core.provider.ProviderPublisher;
import org.jackfield.core.record.MemoryAuditLog;
import org.jackfield.core.record.MemoryJournal;
import org.jackfield.core.run.Environment;
import org.jackfield.core.run.IdSource;
import org.jackfield.core.run.Threads;
import org.jackfield.core.run.WallTimers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Version;

/**
 * Drivers that hang for ever, flood or break hurt their own PBX only. On real threads, since a
 * driver that hangs holds one.
 */
class HostileDriverTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  /** In which of its methods a driver hangs. */
  private enum Hangs {
    NOWHERE,
    SCHEMA,
    PROBE,
    OPEN,
    SNAPSHOT,
    EXECUTE,
    FATE,
    HAND_OVER,
    TAKE_OVER,
    CLOSE;

    /** A PBX's, a driver's and a call's. */
    String text() {
      return name().toLowerCase(Locale.ROOT).replace("_", "");
    }
  }

  private final CountDownLatch end = new CountDownLatch(1);
  private final Set<Hangs> interrupted = ConcurrentHashMap.newKeySet();
  private final Threads threads = new Threads();
  private final WallTimers timers = new WallTimers();
  private CoreEngine core;

  @BeforeEach
  void aCore() {
    core =
        new CoreEngine(
            new Environment(
                Instant::now,
                timers,
                threads.pool(),
                threads.blocking(),
                new IdSource(new Random())),
            7,
            new MemoryJournal(),
            new MemoryAuditLog(),
            List.of(),
            ProviderPublisher.NONE);
  }

  @AfterEach
  void letGo() {
    end.countDown();
    core.providers().close();
    timers.close();
    threads.close();
  }

  /** A PBX with one call, whose driver hangs for ever in one place. */
  private final class Hostile implements TelephonyDriver {
    final Hangs where;
    final String name;
    volatile ProviderContext context;

    Hostile(Hangs where, String name) {
      this.where = where;
      this.name = name;
    }

    private void at(Hangs place) {
      while (where == place && end.getCount() > 0) {
        try {
          end.await();
        } catch (InterruptedException ignored) {
          interrupted.add(place); // and hangs on
        }
      }
    }

    @Override
    public List<ConfigKey> schema() {
      at(Hangs.SCHEMA);
      return List.of();
    }

    @Override
    public ProbeReport probe(ProviderConfig config) {
      at(Hangs.PROBE);
      return new ProbeReport(List.of());
    }

    @Override
    public TelephonyProvider open(
        ProviderConfig config, ProviderContext its, Optional<Handover> handover) {
      at(Hangs.OPEN);
      context = its;
      its.execute(() -> its.report(new ProviderEvent.LinkUp(FakeDriver.ALL, Map.of())));
      return new Opened(its);
    }

    private void tell(ProviderContext to) {
      for (String who : List.of("alice", "bob")) {
        to.report(new ProviderEvent.ConnectionChanged(new CallId(name), party(who)));
      }
    }

    private Connection party(String who) {
      return FakeDriver.connection(who + name, ConnectionState.CONNECTED);
    }

    private final class Opened implements TelephonyProvider {
      private final ProviderContext to;
      private boolean asked;

      Opened(ProviderContext to) {
        this.to = to;
      }

      @Override
      public CompletionStage<ProviderReply> execute(Command command) {
        at(Hangs.EXECUTE);
        return CompletableFuture.completedStage(ProviderReply.ACCEPTED);
      }

      @Override
      public CompletionStage<CommandFate> fate(Command command) {
        at(Hangs.FATE);
        return CompletableFuture.completedStage(CommandFate.UNKNOWN);
      }

      @Override
      public void requestSnapshot() {
        if (asked) {
          at(Hangs.SNAPSHOT);
        }
        asked = true;
        to.report(
            new ProviderEvent.Snapshot(
                List.of(
                    new CallSnapshot(new CallId(name), List.of(party("alice"), party("bob"))))));
      }

      @Override
      public Optional<Handover> handOver() {
        at(Hangs.HAND_OVER);
        return Optional.of(new Handover("hostile/1", new byte[0]));
      }

      @Override
      public void takeOver(Handover handover) {
        at(Hangs.TAKE_OVER);
      }

      @Override
      public void close() {
        at(Hangs.CLOSE);
      }
    }
  }

  private Hostile add(Hangs where, String name, String version) {
    Hostile driver = new Hostile(where, name);
    core.providers()
        .addDriver(
            driver,
            Map.of("org.jackfield.driver.name", name),
            Version.parseVersion(version),
            "hostile.bundle");
    return driver;
  }

  private void open(String name) {
    core.providers().configure(name, Map.of("driver", name));
  }

  private ProviderStatus status(String name) {
    return core.providers().provider(name).orElseThrow();
  }

  private static void await(String what, BooleanSupplier fact) {
    long begin = System.nanoTime();
    while (!fact.getAsBoolean()) {
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).as(what).isLessThan(SOON);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
    System.out.println(what + " after " + (System.nanoTime() - begin) / 1_000_000 + " ms");
  }

  private void awaitUp(String name) {
    await(
        name + " is up with its call",
        () -> {
          Optional<ProviderStatus> known = core.providers().provider(name);
          return known.isPresent()
              && known.get().state() == State.UP
              && known.get().sessions() == 1;
        });
  }

  private OperationReply hold(String name) {
    Session session =
        core.sessions().list(SessionQuery.all(500)).items().stream()
            .filter(s -> s.provider().equals(name))
            .findFirst()
            .orElseThrow();
    return core.sessions()
        .operate(
            new SessionRequest.Hold(
                CoreFixture.ALICE,
                session.id(),
                session.parties().getFirst().id(),
                OptionalLong.empty()))
        .toCompletableFuture()
        .orTimeout(SOON.toSeconds(), TimeUnit.SECONDS)
        .join();
  }

  /** Others' calls are seen and moved as ever. */
  private void worksOn(Hostile good, String name) {
    awaitUp(name);
    assertThat(hold(name)).isInstanceOf(OperationReply.Accepted.class);
    good.context.report(
        new ProviderEvent.ConnectionChanged(
            new CallId(good.name),
            FakeDriver.connection("carol" + good.name, ConnectionState.CONNECTED)));
    await(
        "the fact is heard",
        () ->
            core.sessions().list(SessionQuery.all(500)).items().stream()
                .anyMatch(
                    s ->
                        s.parties().stream()
                            .anyMatch(p -> p.address().equals(new Address("carol" + good.name)))));
  }

  @Test
  void oneThatHangsForEverInAnyOfItsMethodsHurtsItsOwnPbxOnly() {
    // given drivers that hang at once, and others that hang when they are asked for something
    Map<Hangs, Hostile> all = new EnumMap<>(Hangs.class);
    for (Hangs where : Hangs.values()) {
      String name = where.text();
      all.put(where, add(where, name, "1.0.0"));
      open(name);
    }
    for (Hangs where :
        List.of(Hangs.SNAPSHOT, Hangs.EXECUTE, Hangs.FATE, Hangs.HAND_OVER, Hangs.CLOSE)) {
      awaitUp(all.get(where).name);
    }

    // when
    OperationReply held = hold("execute");
    all.get(Hangs.SNAPSHOT)
        .context
        .report(new ProviderEvent.LinkUp(FakeDriver.ALL, Map.of())); // a picture is asked for
    add(Hangs.TAKE_OVER, "close", "2.0.0");

    // then it is said of each, and nobody waits for it
    assertThat(held).isNotNull();
    await("probe", () -> status("probe").why().contains("the probe took more than 10 s"));
    await("schema", () -> status("schema").why().contains("the probe took more than 10 s"));
    await("open", () -> status("open").why().contains("takes more than 2 s"));
    await("snapshot", () -> status("snapshot").why().contains("takes more than 2 s"));
    await("execute", () -> status("execute").why().contains("takes more than 2 s"));
    await("close", () -> status("close").why().contains("the hand-over took more than 5 s"));
    isServed("close", "1.0.0");

    // and the circuit refuses at once what it would only wait for
    assertThat(hold("execute"))
        .isInstanceOfSatisfying(
            OperationReply.Refused.class,
            no -> assertThat(no.refusal().reason()).isEqualTo(Reason.PROVIDER_DOWN));

    // and everybody else works
    worksOn(all.get(Hangs.NOWHERE), "nowhere");
    assertThat(core.providers().drivers()).hasSize(Hangs.values().length + 1);

    // when newer versions come that work
    List<Hangs> hanging = new ArrayList<>(List.of(Hangs.values()));
    hanging.removeAll(List.of(Hangs.NOWHERE, Hangs.TAKE_OVER)); // those have nothing to hang in
    for (Hangs where : hanging) {
      add(Hangs.NOWHERE, where.text(), "3.0.0");
    }

    // then they serve, with the calls, and nobody waits for those that hang
    for (Hangs where : hanging) {
      await(where + " is replaced", () -> status(where.text()).driverVersion().equals("3.0.0"));
      awaitUp(where.text());
      isServed(where.text(), "3.0.0");
      await(
          where + " is interrupted",
          () ->
              interrupted.contains(where) || where == Hangs.FATE); // asked for after a restart only
      assertThat(hold(where.text())).isInstanceOf(OperationReply.Accepted.class);
    }
    worksOn(all.get(Hangs.NOWHERE), "nowhere");
  }

  private void isServed(String name, String version) {
    assertThat(status(name).driverVersion()).isEqualTo(version);
    assertThat(status(name).state()).isEqualTo(State.UP);
    assertThat(status(name).sessions()).isEqualTo(1);
  }

  @Test
  void oneThatFloodsIsToldOfAndOthersWorkOn() throws Exception {
    // given
    Hostile good = add(Hangs.NOWHERE, "nowhere", "1.0.0");
    open("nowhere");
    Hostile floods = add(Hangs.FATE, "floods", "1.0.0");
    open("floods");
    awaitUp("floods");

    // when it tells, and runs, as fast as it can
    Thread flood =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (end.getCount() > 0) {
                    floods.tell(floods.context);
                    floods.tell(floods.context);
                  }
                });

    // then
    await("it is said", () -> status("floods").why().contains("more than can be heard"));
    worksOn(good, "nowhere");
    end.countDown();
    flood.join();
    await("it is heard again", () -> status("floods").sessions() == 1);
  }
}
