package org.jackfield.api.provider;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;

/**
 * How a configured PBX is.
 *
 * @param name its name
 * @param driver the driver its configuration asks for
 * @param driverVersion the version that has opened it; empty when none has
 * @param state how it is
 * @param why a sentence for a person when it is not up; else empty
 * @param since since when
 * @param capabilities what it may ever do; nothing before the link was up once
 * @param absent why an operation is not among them
 * @param probe what the last probe found
 * @param sessions how many sessions live on it
 */
public record ProviderStatus(
    String name,
    String driver,
    String driverVersion,
    State state,
    String why,
    Instant since,
    Capabilities capabilities,
    Map<Operation, String> absent,
    ProbeReport probe,
    int sessions) {
  public ProviderStatus {
    absent = Map.copyOf(absent);
  }

  /** How a PBX is. */
  public enum State {
    /** Its driver is not there. */
    WAITING,
    /** It is opened, the link is not up yet. */
    OPENING,
    UP,
    /** The link is lost; its sessions are shown as last known. */
    DOWN,
    /** It takes no new work: it, or its driver, goes when the sessions that live have ended. */
    DRAINING,
    /** It could not be opened. */
    FAILED;

    /** The name used in JSON. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
