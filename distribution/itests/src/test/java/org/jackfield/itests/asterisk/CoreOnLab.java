package org.jackfield.itests.asterisk;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.session.SessionQuery;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.Timeouts;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferId;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferTarget;
import org.jackfield.core.CoreEngine;
import org.jackfield.core.provider.ProviderPublisher;
import org.jackfield.core.record.MemoryAuditLog;
import org.jackfield.core.record.MemoryJournal;
import org.jackfield.core.run.Environment;
import org.jackfield.core.run.IdSource;
import org.jackfield.core.run.Threads;
import org.jackfield.core.run.WallTimers;
import org.jackfield.provider.asterisk.AsteriskDriver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Version;

/** The core and the driver on a real Asterisk with its phones, without a server around them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CoreOnLab {
  static final Duration SOON = Duration.ofSeconds(60);
  private static final Timeouts LONG =
      new Timeouts(Duration.ofMinutes(10), Duration.ofMinutes(10), Duration.ofMinutes(1));
  private static final long EPOCH = 1;

  private final Threads threads = new Threads();
  private final WallTimers timers = new WallTimers();
  AsteriskLab lab;
  Phone alice;
  Phone bob;
  Phone carol;
  CoreEngine core;

  @BeforeAll
  void up(@TempDir Path dir) {
    lab = AsteriskLab.start(dir);
    alice = lab.phone(Voice.ALICE);
    bob = lab.phone(Voice.BOB);
    carol = lab.phone(Voice.CAROL);
    Environment environment =
        new Environment(
            InstantSource.system(),
            timers,
            threads.pool(),
            threads.blocking(),
            new IdSource(new SecureRandom()));
    core =
        new CoreEngine(
            environment,
            EPOCH,
            new MemoryJournal(),
            new MemoryAuditLog(),
            List.of(),
            ProviderPublisher.NONE);
    install(new AsteriskDriver(), "1.0.0");
    Map<String, String> config = new HashMap<>(TransferScenarios.config(lab));
    config.put("driver", "asterisk");
    core.providers().configure("lab", config);
    Wait.until(
        "the PBX is reached",
        SOON,
        () ->
            core.providers()
                .provider("lab")
                .filter(p -> p.state().text().equals("up"))
                .isPresent());
  }

  void install(AsteriskDriver driver, String version) {
    core.providers()
        .addDriver(
            driver,
            Map.of("org.jackfield.driver.name", "asterisk"),
            Version.parseVersion(version),
            "asterisk");
  }

  @AfterAll
  void down() {
    var gone = core.providers().close();
    try {
      gone.toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("the PBX is not closed", e);
    }
    timers.close();
    threads.close();
    lab.close();
  }

  @AfterEach
  void nothingIsLeft() {
    lab.clear();
    Wait.until("no call is known", SOON, () -> core.sessions().count() == 0, this::picture);
  }

  List<Session> sessions() {
    return core.sessions().list(SessionQuery.all(100)).items();
  }

  String picture() {
    return sessions().stream()
            .map(
                s ->
                    s.id()
                        + " of "
                        + s.conversation()
                        + ": "
                        + s.parties().stream()
                            .map(p -> p.address() + " " + p.state().text())
                            .toList())
            .collect(Collectors.joining("\n", "\n", "\n"))
        + lab.channels();
  }

  static Optional<Party> party(Session session, Voice voice) {
    return session.parties().stream()
        .filter(p -> p.address().value().equals(voice.address()))
        .findFirst();
  }

  /** Waits until exactly these talk in one session. */
  Session talking(Voice... voices) {
    Set<String> wanted =
        Arrays.stream(voices).map(Voice::address).collect(Collectors.toCollection(TreeSet::new));
    Session[] found = new Session[1];
    Wait.until(
        Arrays.toString(voices) + " talk",
        SOON,
        () -> {
          found[0] = null;
          for (Session session : sessions()) {
            Set<String> in = new TreeSet<>();
            session.parties().forEach(p -> in.add(p.address().value()));
            boolean talk =
                session.parties().stream()
                    .allMatch(p -> p.state().isTalking() && !p.connection().heldByThem());
            if (talk && in.equals(wanted)) {
              found[0] = session;
            }
          }
          return found[0] != null;
        },
        this::picture);
    return found[0];
  }

  /** Where a session's parties are now: in it, or in the one that it was merged into. */
  SessionId now(Session old) {
    return core.sessions().mergedInto(old.id()).orElse(old.id());
  }

  Transfer consult(Session session, Voice transferor, String target) {
    TransferRequest request =
        new TransferRequest(
            new Requester("tester", "core", ""),
            session.id(),
            party(session, transferor).map(Party::id),
            new TransferTarget.To(new Address(target)),
            TransferMode.CONSULTATION,
            Optional.empty(),
            Optional.empty(),
            CompleteAs.TRANSFER,
            Set.of(),
            Optional.of(LONG),
            List.of(),
            OptionalLong.empty(),
            "");
    try {
      var reply =
          core.transfers().transfer(request).toCompletableFuture().get(60, TimeUnit.SECONDS);
      if (reply instanceof TransferReply.Accepted yes) {
        return yes.transfer();
      }
      throw new AssertionError("refused: " + reply);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("no answer", e);
    }
  }

  Transfer transfer(TransferId id) {
    return core.transfers().find(id).orElseThrow();
  }

  Transfer ended(TransferId id) {
    Wait.until(
        "the transfer has ended",
        Duration.ofMinutes(2),
        () -> transfer(id).outcome().isPresent(),
        () -> story(id));
    return transfer(id);
  }

  String story(TransferId id) {
    return transfer(id).timeline().stream()
            .map(line -> line.at() + " " + line.kind() + " " + line.text())
            .collect(Collectors.joining("\n", "\n", "\n"))
        + picture();
  }

  static void hearEachOther(Phone one, Phone other) {
    Tones.await(Map.of(one, Set.of(other.voice()), other, Set.of(one.voice())));
  }

  void awaitTarget(TransferId id, Transfer.TargetState state) {
    Wait.until(
        "the target is " + state.text(),
        SOON,
        () -> transfer(id).targetState() == state,
        () -> story(id));
  }
}
