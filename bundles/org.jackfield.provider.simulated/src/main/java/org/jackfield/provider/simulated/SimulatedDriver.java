package org.jackfield.provider.simulated;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jackfield.api.provider.ConfigKey;
import org.jackfield.api.provider.DriverName;
import org.jackfield.api.provider.Handover;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProbeReport.Finding;
import org.jackfield.api.provider.ProbeReport.Level;
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.api.provider.TelephonyDriver;
import org.jackfield.api.provider.TelephonyProvider;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The driver for the simulated PBX: the bundle's composition root. */
@Component
@DriverName(
    name = "simulated",
    operations = {
      "makeCall",
      "hold",
      "retrieve",
      "alternate",
      "blindTransfer",
      "consult",
      "dial",
      "oneStepConsult",
      "complete",
      "conference",
      "redirect",
      "recall",
      "clear"
    },
    traits = {
      "transferNorm",
      "transferConf",
      "transferHeld",
      "transferMake",
      "earlyComplete",
      "completeOnBusy",
      "releaseOnAnswer",
      "autoReconnect",
      "shares"
    })
public final class SimulatedDriver implements TelephonyDriver {

  private static final String ADDRESS = "pbx.address";
  private static final String FILE = "pbx.address.file";
  private static final int PROBE_SECONDS = 5;

  private final Function<ProviderConfig, PbxLine.Connector> connectors;

  /** The driver for PBXs on TCP. */
  @Activate
  public SimulatedDriver() {
    this(config -> TcpLine.to(place(config)));
  }

  /** The driver for PBXs on other lines, such as one in memory. */
  public SimulatedDriver(Function<ProviderConfig, PbxLine.Connector> connectors) {
    this.connectors = connectors;
  }

  @Override
  public List<ConfigKey> schema() {
    return List.of(
        ConfigKey.optional(
            ADDRESS, ConfigKey.Type.TEXT, "", "Where the PBX listens, as host:port."),
        ConfigKey.optional(
            FILE,
            ConfigKey.Type.TEXT,
            "data/pbx.address",
            "The file in which the PBX writes where it listens; used when no address is given."));
  }

  @Override
  public TelephonyProvider open(
      ProviderConfig config, ProviderContext context, Optional<Handover> handover) {
    SimulatedProvider provider = new SimulatedProvider(connectors.apply(config), context);
    context.execute(provider::connect);
    return provider;
  }

  @Override
  public ProbeReport probe(ProviderConfig config) {
    CompletableFuture<String> first = new CompletableFuture<>();
    PbxLine line =
        connectors
            .apply(config)
            .connect(
                new PbxLine.Ears() {
                  @Override
                  public void heard(String text) {
                    first.complete(text);
                  }

                  @Override
                  public void lost(String why) {
                    first.completeExceptionally(new IOException(why));
                  }
                });
    try {
      JsonNode hello = Words.read(first.get(PROBE_SECONDS, TimeUnit.SECONDS));
      return report(Level.OK, "profile " + hello.path("profile").asText());
    } catch (ExecutionException | TimeoutException | IllegalArgumentException unusable) {
      String why = unusable.getCause() == null ? "no answer" : unusable.getCause().getMessage();
      return report(Level.FAIL, why + "; start it with bin/jackfield pbx");
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return report(Level.FAIL, "the probe was stopped");
    } finally {
      line.close();
    }
  }

  private static ProbeReport report(Level level, String text) {
    return new ProbeReport(List.of(new Finding(level, "simulated PBX", text)));
  }

  private static TcpLine.Place place(ProviderConfig config) {
    Optional<String> address = config.get(ADDRESS).filter(text -> !text.isBlank());
    if (address.isPresent()) {
      InetSocketAddress given = parse(address.get());
      return () -> given;
    }
    Path file = Path.of(config.require(FILE));
    return () -> read(file);
  }

  private static InetSocketAddress read(Path file) throws IOException {
    try {
      return parse(Files.readString(file));
    } catch (NoSuchFileException notRunning) {
      throw new IOException("there is no " + file, notRunning);
    } catch (IllegalArgumentException nonsense) {
      throw new IOException("in " + file + ": " + nonsense.getMessage(), nonsense);
    }
  }

  private static InetSocketAddress parse(String address) {
    int colon = address.lastIndexOf(':');
    try {
      int port = Integer.parseInt(address.substring(colon + 1).strip());
      return new InetSocketAddress(address.substring(0, Math.max(0, colon)).strip(), port);
    } catch (IllegalArgumentException notOne) {
      throw new IllegalArgumentException("not an address host:port: " + address.strip(), notOne);
    }
  }
}
