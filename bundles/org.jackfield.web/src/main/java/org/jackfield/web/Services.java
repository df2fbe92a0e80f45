package org.jackfield.web;

import java.time.Duration;
import java.util.Optional;
import org.jackfield.api.audit.AuditTrail;
import org.jackfield.api.event.EventLog;
import org.jackfield.api.history.HistoryService;
import org.jackfield.api.policy.PolicyService;
import org.jackfield.api.provider.ProviderService;
import org.jackfield.api.rollout.BundleService;
import org.jackfield.api.session.SessionService;
import org.jackfield.api.transfer.TransferService;
import org.jspecify.annotations.Nullable;

/**
 * The services that answer, as they come and go. While one is away its callers are told to try
 * again, and everything else goes on. Any thread.
 */
final class Services {
  private volatile @Nullable SessionService sessions;
  private volatile @Nullable TransferService transfers;
  private volatile @Nullable ProviderService providers;
  private volatile @Nullable PolicyService policies;
  private volatile @Nullable HistoryService history;
  private volatile @Nullable AuditTrail trail;
  private volatile @Nullable BundleService bundles;
  private volatile @Nullable EventLog log;
  private volatile @Nullable EventStream stream;

  synchronized void set(SessionService service) {
    sessions = service;
  }

  synchronized void set(TransferService service) {
    transfers = service;
  }

  synchronized void set(ProviderService service) {
    providers = service;
  }

  synchronized void set(PolicyService service) {
    policies = service;
  }

  synchronized void set(HistoryService service) {
    history = service;
  }

  synchronized void set(AuditTrail service) {
    trail = service;
  }

  synchronized void set(BundleService service) {
    bundles = service;
  }

  /** Lets a service go, unless another one has taken its place: the new one comes before. */
  synchronized void unset(Object gone) {
    sessions = sessions == gone ? null : sessions;
    transfers = transfers == gone ? null : transfers;
    providers = providers == gone ? null : providers;
    policies = policies == gone ? null : policies;
    history = history == gone ? null : history;
    trail = trail == gone ? null : trail;
    bundles = bundles == gone ? null : bundles;
  }

  /** Takes a log with its stream; the stream before it is closed. */
  synchronized void follow(EventLog next, EventStream its) {
    unfollow();
    log = next;
    stream = its;
  }

  /** Lets a log go, unless another one has taken its place. */
  synchronized void unfollow(EventLog gone) {
    if (log == gone) {
      unfollow();
    }
  }

  synchronized void unfollow() {
    EventStream old = stream;
    log = null;
    stream = null;
    if (old != null) {
      old.close();
    }
  }

  SessionService sessions() {
    return there(sessions);
  }

  TransferService transfers() {
    return there(transfers);
  }

  ProviderService providers() {
    return there(providers);
  }

  PolicyService policies() {
    return there(policies);
  }

  /** A server may run without a history. */
  Optional<HistoryService> history() {
    return Optional.ofNullable(history);
  }

  Optional<AuditTrail> trail() {
    return Optional.ofNullable(trail);
  }

  BundleService bundles() {
    return there(bundles);
  }

  EventLog log() {
    return there(log);
  }

  EventStream stream() {
    return there(stream);
  }

  @Nullable EventLog logOrNull() {
    return log;
  }

  /** Whether every service is there and what was configured at the start has been opened. */
  boolean ready() {
    ProviderService all = providers;
    return sessions != null && transfers != null && log != null && all != null && all.ready();
  }

  private static <T> T there(@Nullable T service) {
    if (service == null) {
      throw recovering().refused();
    }
    return service;
  }

  static Problem recovering() {
    return Problem.of(ProblemType.RECOVERING, "The server is not ready yet.")
        .retryAfter(Duration.ofSeconds(1));
  }
}
