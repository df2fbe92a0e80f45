package org.jackfield.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.awaitility.Awaitility;
import org.jackfield.api.event.EventLog;
import org.jackfield.api.provider.DriverInfo;
import org.jackfield.api.provider.ProviderStatus.State;
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
import org.osgi.framework.wiring.BundleWiring;

/**
 * The driver is swapped again and again between two editions while 500 transfers a second are asked
 * for. Nothing is refused, lost or done twice, and nothing of a driver that has gone stays behind.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class SwapUnderLoadIT {
  private static final int SWAPS = Boolean.getBoolean("jackfield.long") ? 100 : 10;
  private static final int PER_SECOND = 500;
  private static final int CALLS = 500;
  private static final String SIMULATED = "org.jackfield.provider.simulated";

  @Inject private BundleContext context;

  private final List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
  private Path home;
  private LiveServer server;
  private RunningProcess pbx;
  private PbxHands hands;

  @Configuration
  public Option[] distribution() throws Exception {
    return DistributionOptions.of(Distribution.unpacked());
  }

  @Before
  public void fiveHundredCalls() throws Exception {
    server = new LiveServer(context);
    home = Distribution.unpacked().newHome();
    pbx = Distribution.unpacked().startPbx(home, "--calls", "0", "--seed", "1");
    hands = new PbxHands(home);
    hands.answers(Transferring.SERVICE, 20);
    for (int i = 0; i < CALLS; i++) {
      hands.answers(phone(i), 20);
      hands.answers(phone(CALLS + i), 20);
      assertThat(hands.act(phone(i), "call", phone(CALLS + i))).isTrue();
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

  private Bundle shipped() {
    return Stream.of(context.getBundles())
        .filter(b -> SIMULATED.equals(b.getSymbolicName()))
        .filter(b -> !b.getLocation().startsWith("itests:"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  public void nothingIsLostRefusedOrDoneTwice() throws Exception {
    EventLog log = context.getService(context.getServiceReference(EventLog.class));
    try (Transferring requesters = new Transferring(server, log)) {
      // given
      for (int i = 0; i < CALLS; i++) {
        String from = phone(i);
        String to = phone(CALLS + i);
        if (i == 0) {
          server.await("all calls", () -> server.live("sim").size() == CALLS);
        }
        requesters.add(server.talking("sim", from, to).orElseThrow(), from, to);
      }
      load(requesters, () -> pass(10)); // until all is compiled
      System.out.println(requesters.times("no swap"));
      Bundle first = install("1.0.0", DriverEdition.OTHER.of(Distribution.unpacked(), "1.0.0"));
      awaitVersion("1.0.0");
      int threads = threads();
      int classes = classes();

      // when
      load(requesters, () -> swap(first));

      // then
      System.out.println(requesters.times(SWAPS + " swaps"));
      assertThat(requesters.refused()).isEmpty();
      isReconciled(requesters);
      awaitVersion("1.0." + SWAPS);
      Awaitility.await("no class loader is left")
          .atMost(Duration.ofMinutes(1))
          .pollInterval(Duration.ofSeconds(1)) // each look is a whole collection
          .until(this::loadersAreGone);
      server.await("threads as before, " + threads, () -> threads() <= threads);
      System.out.printf(
          "loaded classes %d before, %d after; threads %d before, %d after%n",
          classes, classes(), threads, threads());

      // when the plain way is taken, with no other version to go to
      Bundle last = bundle("1.0." + SWAPS);
      Bundle shipped = shipped();
      shipped.stop();
      requesters.insists = true;
      load(
          requesters,
          () -> {
            pass(1);
            last.update(
                new ByteArrayInputStream(DriverEdition.SAME.of(Distribution.unpacked(), "2.0.0")));
            awaitVersion("2.0.0");
            server.awaitState("sim", State.UP);
            pass(1);
          });

      // then
      System.out.println(requesters.times("one Bundle.update()"));
      System.out.printf(
          "meanwhile %d requests were refused, %d transfers were undone%n",
          requesters.refused().size(), requesters.undone());
      assertThat(hands.calls()).as("calls are the PBX's, and stay").hasSize(CALLS);
      shipped.start();
      last.uninstall();
    }
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
      asking.get(60, TimeUnit.SECONDS);
    }
    Awaitility.await("an outcome for each transfer")
        .atMost(Duration.ofMinutes(2))
        .until(() -> requesters.isQuiet() || !requesters.wrong().isEmpty());
    assertThat(requesters.wrong()).isEmpty();
  }

  private static void pass(int seconds) throws InterruptedException {
    new java.util.concurrent.CountDownLatch(1).await(seconds, TimeUnit.SECONDS);
  }

  /** From one edition to the other and back; the one before goes when the next one serves. */
  private void swap(Bundle first) throws Exception {
    Bundle before = first;
    for (int i = 1; i <= SWAPS; i++) {
      String version = "1.0." + i;
      Bundle next =
          install(
              version,
              i % 2 == 0
                  ? DriverEdition.OTHER.of(Distribution.unpacked(), version)
                  : DriverEdition.SAME.of(Distribution.unpacked(), version));
      awaitVersion(version);
      before.uninstall();
      before = next;
    }
  }

  private Bundle install(String version, byte[] edition) throws Exception {
    Bundle bundle =
        context.installBundle("itests:simulated-" + version, new ByteArrayInputStream(edition));
    bundle.start();
    loaders.add(new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader()));
    return bundle;
  }

  private Bundle bundle(String version) {
    return context.getBundle("itests:simulated-" + version);
  }

  private void awaitVersion(String version) {
    server.await(version + " serves", () -> server.status("sim").driverVersion().equals(version));
    DriverInfo info =
        server.providers.drivers().stream()
            .filter(d -> d.version().equals(version))
            .findFirst()
            .orElseThrow();
    System.out.println(version + " declares " + info.declared().traits());
  }

  private boolean loadersAreGone() {
    System.gc();
    // the last one serves
    return loaders.subList(0, loaders.size() - 1).stream().allMatch(l -> l.get() == null);
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
    hands.close(); // nobody has read that line meanwhile, so the PBX may have given it up
    hands = new PbxHands(home);
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
