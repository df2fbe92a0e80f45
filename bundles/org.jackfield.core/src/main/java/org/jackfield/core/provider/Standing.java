package org.jackfield.core.provider;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderStatus;
import org.jackfield.api.provider.ProviderStatus.State;

/** How one PBX is, as it is told. Touched by the host's executor only. */
final class Standing {
  private final ProviderHost host;
  private final String name;
  private State state = State.WAITING;
  private Instant since;
  private String wished = "";
  private Optional<Drivers.Driver> servedBy = Optional.empty();
  private String refusal = "";
  private String health = "";
  private String draining = "";
  private Capabilities capabilities = Capabilities.NONE;
  private Map<Operation, String> absent = Map.of();
  private ProbeReport probe = new ProbeReport(List.of());

  Standing(ProviderHost host, String name) {
    this.host = host;
    this.name = name;
    this.since = host.environment().now();
  }

  /** Becomes that, and tells it. */
  void becomes(State now) {
    State before = shown();
    state = now;
    changed(before);
    tell();
  }

  private void changed(State before) {
    if (shown() != before) {
      since = host.environment().now();
    }
  }

  /** Who takes no new work shows that, whether its link is up or down. */
  private State shown() {
    boolean isOpen = state == State.UP || state == State.DOWN;
    return isOpen && !draining.isEmpty() ? State.DRAINING : state;
  }

  void tell() {
    host.publish(status());
  }

  /** The driver that its configuration asks for. */
  void wishes(String driver) {
    wished = driver;
  }

  void servedBy(Optional<Drivers.Driver> driver) {
    servedBy = driver;
  }

  /** Why what is wished for is not so; empty when it is. */
  void refused(String why) {
    refusal = why;
  }

  String refusal() {
    return refusal;
  }

  /** What is wrong with its driver; empty when it is well. */
  void health(String complaint) {
    health = complaint;
  }

  /** Takes no new work, and tells it; with an empty reason, takes it again. */
  void drains(String why) {
    if (!draining.equals(why)) {
      State before = shown();
      draining = why;
      changed(before);
      tell();
    }
  }

  void probed(ProbeReport found) {
    probe = found;
  }

  Capabilities can(ProviderEvent.LinkUp told) {
    capabilities = told.capabilities();
    absent = told.absent();
    return capabilities;
  }

  ProviderStatus status() {
    String why =
        Stream.of(refusal, draining, health)
            .filter(s -> !s.isEmpty())
            .collect(Collectors.joining("; "));
    if (why.isEmpty() && state == State.OPENING) {
      why = "the link is not up yet";
    }
    return new ProviderStatus(
        name,
        servedBy.map(Drivers.Driver::name).orElse(wished),
        servedBy.map(driver -> driver.version().toString()).orElse(""),
        shown(),
        why,
        since,
        capabilities,
        absent,
        probe,
        host.sessions(name));
  }
}
