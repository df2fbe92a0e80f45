package org.jackfield.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.awaitility.Awaitility;
import org.jackfield.api.event.EventLog;
import org.jackfield.api.history.HistoryService;
import org.jackfield.api.history.HistoryStatus;
import org.jackfield.api.provider.DriverShares;
import org.jackfield.api.provider.ProviderStatus.State;
import org.jackfield.api.session.ConnectionState;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/**
 * The driver is swapped again and again between two editions while 500 transfers a second are asked
 * for. Nothing is refused, lost or done twice, and nothing of a driver that has gone stays behind.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class SwapUnderLoadIT {
  private static final boolean LONG = Boolean.getBoolean("jackfield.long");
  private static final int SWAPS = LONG ? 100 : 10;
  private static final int STEP_SECONDS = LONG ? 5 : 1;
  private static final Duration WARM = Duration.ofSeconds(LONG ? 60 : 10);
  private static final Duration BETWEEN = Duration.ofSeconds(LONG ? 5 : 1);
  private static final int PER_SECOND = 500;
  private static final int CALLS = 500;

  /** So many of the calls begin while two versions share them. */
  private static final int LATER = 30;

  @Inject private BundleContext context;

  private Path home;
  private LiveServer server;
  private Editions editions;
  private RunningProcess pbx;
  private PbxHands hands;

  @Configuration
  public Option[] distribution() throws Exception {
    return DistributionOptions.of(Distribution.unpacked());
  }

  @Before
  public void fiveHundredCalls() throws Exception {
    server = new LiveServer(context);
    editions = new Editions(context, server);
    home = Distribution.unpacked().newHome();
    pbx = Distribution.unpacked().startPbx(home, "--calls", "0", "--seed", "1");
    hands = new PbxHands(home);
    hands.answers(Transferring.SERVICE, 20);
    for (int i = 0; i < CALLS; i++) {
      hands.answers(phone(i), 20);
      hands.answers(phone(CALLS + i), 20);
      if (i >= LATER) {
        assertThat(hands.act(phone(i), "call", phone(CALLS + i))).isTrue();
      }
    }
    String address = Files.readString(home.resolve("data/pbx.address")).strip();
    server.configure("sim", "driver = simulated\npbx.address = " + address);
    server.awaitState("sim", State.UP);
  }

  @After
  public void nothingStays() throws Exception {
    server.unconfigure("sim");
    pbx.close();
    hands.close();
    server.close();
  }

  private static String phone(int number) {
    return String.valueOf(1_000 + number);
  }

  @Test
  public void nothingIsLostRefusedOrDoneTwice() throws Exception {
    try (Transferring requesters = new Transferring(server, service(EventLog.class))) {
      // given
      server.await("all talk", () -> talking() == CALLS - LATER);
      for (int i = LATER; i < CALLS; i++) {
        join(requesters, i);
      }
      load(
          requesters,
          () -> {
            pass(5);
            requesters.catchUp(WARM); // until what is asked often is compiled
          });
      System.out.println(requesters.times("no swap"));
      Bundle first = editions.install(DriverEdition.OTHER, "1.0.0");
      editions.awaitServes("1.0.0");
      List<byte[]> jars = jars();
      int threads = threads();
      int classes = classes();

      // when
      load(requesters, () -> swap(requesters, first, jars));

      // then
      System.out.println(requesters.times(SWAPS + " swaps"));
      assertThat(requesters.refused()).isEmpty();
      isReconciled(requesters);
      editions.awaitServes("1.0." + SWAPS);
      Awaitility.await("no class loader is left")
          .atMost(Duration.ofMinutes(1))
          .pollInterval(Duration.ofSeconds(1)) // each look is a whole collection
          .until(editions::goneOnesAreLetGo);
      server.await("threads as before, " + threads, () -> threads() <= threads);
      System.out.printf(
          "loaded classes %d before, %d after; threads %d before, %d after%n",
          classes, classes(), threads, threads());

      // when one version takes a share of the calls and is taken back, and the next takes all
      load(
          requesters,
          () -> {
            isTakenBack(requesters, "1.1.0");
            takesAll(requesters, "1.2.0");
          });

      // then
      System.out.println(requesters.times("two rollouts by shares"));
      assertThat(requesters.refused()).isEmpty();
      isReconciled(requesters);
      HistoryStatus history = service(HistoryService.class).status();
      System.out.println(history);
      assertThat(history.lost()).isZero();

      // when the plain way is taken, with no other version to go to
      editions.find("1.0." + SWAPS).uninstall();
      Bundle last = editions.find("1.2.0");
      Bundle shipped = editions.shipped();
      shipped.stop();
      requesters.insists = true;
      load(
          requesters,
          () -> {
            pass(1);
            last.update(
                new ByteArrayInputStream(DriverEdition.SAME.of(Distribution.unpacked(), "2.0.0")));
            editions.awaitServes("2.0.0");
            server.awaitState("sim", State.UP);
            pass(1);
          });

      // then
      System.out.println(requesters.times("one Bundle.update()"));
      System.out.printf(
          "meanwhile %d requests were refused, %d transfers were undone%n",
          requesters.refused().size(), requesters.undone());
      newHands();
      assertThat(hands.calls()).as("calls are the PBX's, and stay").hasSize(CALLS);
      shipped.start();
      last.uninstall();
    }
  }

  private <S> S service(Class<S> type) {
    return LiveServer.service(context, type);
  }

  private long talking() {
    return server.live("sim").stream()
        .filter(session -> session.parties().size() == 2)
        .filter(s -> s.parties().stream().allMatch(p -> p.state() == ConnectionState.CONNECTED))
        .count();
  }

  private void join(Transferring requesters, int number) {
    String from = phone(number);
    String to = phone(CALLS + number);
    requesters.add(server.talking("sim", from, to).orElseThrow(), from, to);
  }

  private interface Work {
    void run() throws Exception;
  }

  /** Requests come by the clock while something is done; then all is quiet again. */
  private void load(Transferring requesters, Work work) throws Exception {
    CompletableFuture<Void> end = new CompletableFuture<>();
    CompletableFuture<Void> asking = requesters.start(PER_SECOND, end);
    try {
      work.run();
    } finally {
      end.complete(null);
      asking.get(120, TimeUnit.SECONDS);
    }
    Awaitility.await("an outcome for each transfer")
        .atMost(Duration.ofMinutes(2))
        .until(() -> requesters.isQuiet() || !requesters.wrong().isEmpty());
    assertThat(requesters.wrong()).isEmpty();
  }

  private static void pass(int seconds) throws InterruptedException {
    new java.util.concurrent.CountDownLatch(1).await(seconds, TimeUnit.SECONDS);
  }

  /** From one edition to the other and back, made beforehand; whoever makes them is no server. */
  private static List<byte[]> jars() throws Exception {
    List<byte[]> jars = new ArrayList<>();
    for (int i = 1; i <= SWAPS; i++) {
      DriverEdition edition = i % 2 == 0 ? DriverEdition.OTHER : DriverEdition.SAME;
      jars.add(edition.of(Distribution.unpacked(), "1.0." + i));
    }
    return jars;
  }

  /**
   * The one before goes when the next one serves. Then the requests are given the time to be asked
   * for when they are due again, so that what they wait for is the swap and not the ones before.
   */
  private void swap(Transferring requesters, Bundle first, List<byte[]> jars) throws Exception {
    Bundle before = first;
    for (int i = 1; i <= SWAPS; i++) {
      Bundle next = editions.install(jars.get(i - 1), "1.0." + i);
      editions.awaitServes("1.0." + i);
      before.uninstall();
      before = next;
      requesters.catchUp(BETWEEN);
    }
  }

  private void isTakenBack(Transferring requesters, String version) throws Exception {
    Bundle bundle = shares(requesters, version, 0);
    DriverShares shares = service(DriverShares.class);
    LiveServer.answer(shares.takeBack("sim", "it fails too often"));
    bundle.uninstall();
    shares.release(Editions.SIMULATED, version);
    editions.awaitServes("1.0." + SWAPS);
  }

  private void takesAll(Transferring requesters, String version) throws Exception {
    shares(requesters, version, LATER / 2);
    DriverShares shares = service(DriverShares.class);
    shares.reserve(Editions.SIMULATED, version, Set.of("sim"));
    assertThat(LiveServer.answer(shares.finish("sim", false))).isEmpty();
    editions.awaitServes(version);
  }

  /** A version serves ever more of the calls that begin from now on, five of them in each step. */
  private Bundle shares(Transferring requesters, String version, int number) throws Exception {
    DriverShares shares = service(DriverShares.class);
    shares.reserve(Editions.SIMULATED, version, Set.of());
    Bundle bundle = editions.install(DriverEdition.SAME, version);
    editions.awaitThere(version);
    assertThat(LiveServer.answer(shares.begin("sim", Editions.SIMULATED, version))).isEmpty();
    int next = number;
    for (int percent : List.of(5, 50, 100)) {
      shares.share("sim", percent);
      try (PbxHands now = new PbxHands(home)) {
        for (int i = 0; i < LATER / 6; i++, next++) {
          assertThat(now.act(phone(next), "call", phone(CALLS + next))).isTrue();
        }
      }
      for (int i = next - LATER / 6; i < next; i++) {
        String from = phone(i);
        String to = phone(CALLS + i);
        server.await(from + " talks", () -> server.talking("sim", from, to).isPresent());
        join(requesters, i);
      }
      pass(STEP_SECONDS);
      System.out.println(percent + " %: " + LiveServer.answer(shares.progress("sim")));
    }
    return bundle;
  }

  /** Nobody has read that line meanwhile, so the PBX may have given it up. */
  private void newHands() throws Exception {
    hands.close();
    hands = new PbxHands(home);
  }

  private static int threads() {
    return ManagementFactory.getThreadMXBean().getThreadCount();
  }

  private static int classes() {
    System.gc();
    return ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
  }

  /** What the requesters know, what the server says and what the PBX was asked for is the same. */
  private void isReconciled(Transferring requesters) throws Exception {
    assertThat(requesters.transfers()).hasSize(requesters.acceptedOnce());
    newHands();
    server.await("everybody talks", () -> hands.talking().equals(requesters.talking()));
    Map<String, Integer> asked = new HashMap<>();
    int repeated = 0;
    for (JsonNode line : hands.commands()) {
      if (line.path("repeated").asBoolean()) {
        repeated++;
      } else {
        assertThat(line.path("accepted").asBoolean()).as(line.toString()).isTrue();
        String verb = line.path("verb").asText();
        asked.merge(verb + " " + line.path("command").path("call").asText(), 1, Integer::sum);
      }
    }
    assertThat(asked).isEqualTo(requesters.commands());
    System.out.printf(
        "%d transfers, %d kinds of command by call agree; asked for again %d%n",
        requesters.transfers().size(), asked.size(), repeated);
  }
}
