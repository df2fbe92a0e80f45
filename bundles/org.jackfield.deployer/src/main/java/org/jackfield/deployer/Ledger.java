package org.jackfield.deployer;

import java.time.InstantSource;
import org.jackfield.api.audit.AuditEntry;
import org.jackfield.api.audit.AuditLog;
import org.jackfield.api.event.EventLog;
import org.jackfield.api.rollout.BundleCheck;
import org.jackfield.api.rollout.BundleProblem;
import org.jackfield.api.rollout.DeployedBundle;
import org.jackfield.api.security.Requester;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what happens to JARs: in the events, the audit and the server's log. Any thread. */
final class Ledger implements Pipeline.Ears {
  private static final Logger LOG = LoggerFactory.getLogger(Deployer.class);
  private static final Logger AUDIT = LoggerFactory.getLogger("org.jackfield.audit");

  private final InstantSource clock;
  private volatile @Nullable AuditLog audit;
  private volatile @Nullable EventLog events;

  Ledger(InstantSource clock) {
    this.clock = clock;
  }

  void audit(AuditLog log) {
    audit = log;
  }

  void noAudit(AuditLog log) {
    audit = audit == log ? null : audit;
  }

  void events(EventLog log) {
    events = log;
  }

  void noEvents(EventLog log) {
    events = events == log ? null : events;
  }

  @Override
  public void shown(DeployedBundle what) {
    EventLog log = events;
    if (log != null) {
      log.tell(what);
    }
  }

  /** Each step is an event and an entry in the audit; the end is told in the log too. */
  @Override
  public void told(DeployedBundle what) {
    shown(what);
    switch (what.state()) {
      case VERIFYING, STAGED, INSTALLING, STARTING, MOVING, ROLLING ->
          record(what, what.state().text(), what.steps().isEmpty() ? "" : last(what));
      case DRAINING -> {
        LOG.info("{} drains: {}", name(what), what.why());
        record(what, what.state().text(), what.why());
      }
      case ACTIVE, REFUSED, FAILED, REMOVED -> ended(what);
    }
  }

  private static String last(DeployedBundle what) {
    DeployedBundle.Step step = what.steps().getLast();
    return "%s took %d ms: %s".formatted(step.name().text(), step.took().toMillis(), step.text());
  }

  static String name(DeployedBundle what) {
    return what.symbolicName().isEmpty()
        ? what.sha256().substring(0, 16)
        : what.symbolicName() + " " + what.version();
  }

  private void record(DeployedBundle what, String result, String detail) {
    record(new Requester(what.by(), what.via(), what.file()), "deploy", name(what), result, detail);
  }

  private void ended(DeployedBundle what) {
    String name = name(what);
    boolean warned = what.checks().stream().anyMatch(c -> c.state() == BundleCheck.State.WARNED);
    String result =
        what.checks().stream()
            .flatMap(check -> check.problem().stream())
            .findFirst()
            .map(BundleProblem::text)
            .orElse(what.state().text());
    switch (what.state()) {
      case ACTIVE -> {
        LOG.info("{} is deployed ({}, {})", name, what.via(), what.file());
        if (warned) {
          what.checks().stream()
              .filter(c -> c.state() == BundleCheck.State.WARNED)
              .forEach(c -> LOG.warn("{}: {}", name, c.text()));
        }
      }
      case REMOVED -> LOG.info("{} is taken out: {}", name, what.why());
      default -> LOG.warn("{} is not deployed, {}: {}", name, result, what.why());
    }
    record(what, result, what.why());
  }

  void record(Requester who, String action, String of, String result, String detail) {
    AuditEntry entry =
        new AuditEntry(
            clock.instant(),
            who,
            action,
            "bundle/" + of,
            result.equals("active") ? "accepted" : result,
            detail);
    AuditLog log = audit;
    if (log != null) {
      log.record(entry);
    } else {
      AUDIT.info("{} {} {} {} {}", who, action, entry.subject(), entry.result(), detail);
    }
  }
}
