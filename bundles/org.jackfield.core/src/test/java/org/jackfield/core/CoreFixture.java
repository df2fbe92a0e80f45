package org.jackfield.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jackfield.api.event.Event;
import org.jackfield.api.event.Position;
import org.jackfield.api.journal.Journal;
import org.jackfield.api.policy.DestinationGuard;
import org.jackfield.api.provider.ProviderStatus;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionQuery;
import org.jackfield.core.provider.ProviderPublisher;
import org.jackfield.core.record.MemoryAuditLog;
import org.jackfield.core.record.MemoryJournal;
import org.osgi.framework.Version;

/** A whole core on one thread, with one fake driver. */
public final class CoreFixture {
  public static final Requester ALICE = new Requester("alice", "rest", "127.0.0.1");
  public static final long EPOCH = 7;

  public final VirtualTime time;
  public final FakeDriver driver = new FakeDriver();
  public final MemoryAuditLog audit = new MemoryAuditLog();
  public final List<DestinationGuard> guards = new CopyOnWriteArrayList<>();
  public final CoreEngine core;

  public CoreFixture() {
    this(new VirtualTime(), 1);
  }

  public CoreFixture(VirtualTime time, long seed) {
    this(time, seed, new MemoryJournal());
  }

  public CoreFixture(VirtualTime time, long seed, Journal journal) {
    this.time = time;
    core =
        new CoreEngine(
            time.environment(seed), EPOCH, journal, audit, guards, ProviderPublisher.NONE);
  }

  /** With its PBX open. */
  public static CoreFixture open() {
    CoreFixture fixture = new CoreFixture();
    fixture.install(fixture.driver, "1.0.0");
    fixture.configure("host", "pbx.example");
    return fixture;
  }

  public void install(FakeDriver one, String version) {
    core.providers()
        .addDriver(one, FakeDriver.PROPERTIES, Version.parseVersion(version), "fake.bundle");
    time.settle();
  }

  public void configure(String... keysAndValues) {
    Map<String, String> properties = new java.util.HashMap<>(Map.of("driver", "fake"));
    for (int i = 0; i < keysAndValues.length; i += 2) {
      properties.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    core.providers().configure("pbx", properties);
    time.settle();
  }

  public ProviderStatus status() {
    return core.providers().provider("pbx").orElseThrow();
  }

  public List<Session> sessions() {
    time.settle();
    return core.sessions().list(SessionQuery.all(500)).items();
  }

  /** The only session. */
  public Session session() {
    List<Session> all = sessions();
    if (all.size() != 1) {
      throw new AssertionError("one session was expected, not " + all);
    }
    return all.getFirst();
  }

  /** alice has called bob, and they talk. */
  public Session aliceAndBobTalk() {
    driver.set("c1", "alice", ConnectionState.CONNECTED);
    driver.set("c1", "bob", ConnectionState.CONNECTED);
    return session();
  }

  /** The answer to a request. */
  public <T> T answer(Supplier<CompletionStage<T>> request) {
    CompletionStage<T> stage = request.get();
    time.settle();
    return stage.toCompletableFuture().getNow(null);
  }

  /** All events after a place. */
  public List<Event> events(long after) {
    time.settle();
    return new ArrayList<>(
        core.events().after(new Position(EPOCH, after), Integer.MAX_VALUE).orElseThrow());
  }

  public long latest() {
    time.settle();
    return core.events().latest().sequence();
  }

  public void pass(Duration duration) {
    time.pass(duration);
  }
}
