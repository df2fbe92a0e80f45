package org.jackfield.itests.odd;

import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.ConfigKey;
import org.jackfield.api.provider.Handover;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.provider.TelephonyDriver;
import org.jackfield.api.provider.TelephonyProvider;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.Connection;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.ConnectionState;
import org.jackfield.api.session.Reason;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/**
 * A driver of a PBX without calls. Its key {@code habit} says what it does when it has to open:
 * {@code good} brings the link up at once, {@code throws} breaks, {@code hangs} does not return
 * before its bundle has stopped, {@code floods} tells facts as fast as it can until then.
 */
public final class OddDriver implements BundleActivator, TelephonyDriver {
  private final CountDownLatch stopped = new CountDownLatch(1);
  private ServiceRegistration<TelephonyDriver> registration;

  @Override
  public void start(BundleContext context) {
    registration =
        context.registerService(
            TelephonyDriver.class,
            this,
            new Hashtable<>(Map.of("org.jackfield.driver.name", "odd")));
  }

  @Override
  public void stop(BundleContext context) {
    registration.unregister();
    stopped.countDown();
  }

  @Override
  public List<ConfigKey> schema() {
    return List.of(ConfigKey.optional("habit", ConfigKey.Type.TEXT, "good", "What it does."));
  }

  @Override
  public ProbeReport probe(ProviderConfig config) {
    return new ProbeReport(List.of());
  }

  @Override
  public TelephonyProvider open(
      ProviderConfig config, ProviderContext context, Optional<Handover> handover) {
    switch (config.require("habit")) {
      case "throws" -> throw new IllegalStateException("odd by habit");
      case "hangs" -> hang();
      case "floods" -> flood(context);
      default -> context.report(new ProviderEvent.LinkUp(Capabilities.NONE, Map.of()));
    }
    return new Quiet(context);
  }

  private void flood(ProviderContext context) {
    context.report(new ProviderEvent.LinkUp(Capabilities.NONE, Map.of()));
    Connection party =
        Connection.of(new ConnectionId("odd-1"), new Address("odd"), "", ConnectionState.CONNECTED);
    ProviderEvent fact = new ProviderEvent.ConnectionChanged(new CallId("odd"), party);
    Thread.ofPlatform()
        .name("odd-flood")
        .start(
            () -> {
              while (stopped.getCount() > 0) {
                context.report(fact);
              }
            });
  }

  private void hang() {
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A PBX on which nothing happens. */
  record Quiet(ProviderContext context) implements TelephonyProvider {
    @Override
    public CompletionStage<ProviderReply> execute(Command command) {
      return CompletableFuture.completedStage(
          ProviderReply.Refused.of(Reason.NOT_SUPPORTED, "nothing happens here"));
    }

    @Override
    public void requestSnapshot() {
      context.report(new ProviderEvent.Snapshot(List.of()));
    }

    @Override
    public void close() {
      // It has nothing to leave.
    }
  }
}
