package org.jackfield.provider.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.TelephonyProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Finding the PBX by its file, over real sockets. */
@Timeout(180)
class TcpLineTest implements ProviderContext {

  @TempDir Path folder;
  private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(1);
  private final BlockingQueue<ProviderEvent> facts = new LinkedBlockingQueue<>();

  @Override
  public String provider() {
    return "sim";
  }

  @Override
  public void report(ProviderEvent event) {
    if (!(event instanceof ProviderEvent.AddressChanged)) {
      facts.add(event);
    }
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(task);
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    var future = executor.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    return () -> future.cancel(false);
  }

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  private ProviderConfig byFile() {
    return new ProviderConfig(
        "sim", Map.of("pbx.address.file", folder.resolve("pbx.address").toString()));
  }

  private ProviderEvent next() throws InterruptedException {
    ProviderEvent fact = facts.poll(60, TimeUnit.SECONDS);
    assertThat(fact).as("a fact within a minute").isNotNull();
    return fact;
  }

  @Test
  void aPbxThatIsStartedAgainElsewhereIsFoundAgain() throws IOException, InterruptedException {
    SimulatedTestbed first = new SimulatedTestbed("full", folder);
    TelephonyProvider provider = new SimulatedDriver().open(byFile(), this, Optional.empty());
    assertThat(next()).isInstanceOf(ProviderEvent.LinkUp.class);

    first.close();
    assertThat(next()).isInstanceOf(ProviderEvent.LinkDown.class);
    SimulatedTestbed second = new SimulatedTestbed("noBlind", folder);
    assertThat(next()).isInstanceOf(ProviderEvent.LinkUp.class);

    executor.execute(provider::close);
    second.close();
  }

  @Test
  void theProbeNamesWhatIsWrong() throws IOException {
    assertThat(new SimulatedDriver().probe(byFile()))
        .satisfies(report -> assertThat(report.usable()).isFalse())
        .extracting(report -> report.findings().getFirst().text())
        .asString()
        .contains("there is no", "bin/jackfield pbx");

    Files.writeString(folder.resolve("pbx.address"), "nonsense\n");
    ProbeReport report = new SimulatedDriver().probe(byFile());
    assertThat(report.findings().getFirst().text()).contains("not an address host:port");
  }
}
