package org.jackfield.api.event;

import java.time.Instant;
import org.jackfield.api.provider.ProviderStatusEvent;
import org.jackfield.api.rollout.DeployedBundle;
import org.jackfield.api.session.SessionEvent;
import org.jackfield.api.transfer.TransferEvent;

/** One event with its place in the log and its time, to the microsecond. */
public sealed interface Event {
  Position position();

  Instant at();

  record OfSession(Position position, Instant at, SessionEvent event) implements Event {}

  record OfTransfer(Position position, Instant at, TransferEvent event) implements Event {}

  record OfProvider(Position position, Instant at, ProviderStatusEvent event) implements Event {}

  /** A driver's way in has come a step further, or has ended. */
  record OfBundle(Position position, Instant at, DeployedBundle bundle) implements Event {}
}
