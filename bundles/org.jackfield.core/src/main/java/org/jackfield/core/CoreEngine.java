package org.jackfield.core;

import java.util.Collection;
import java.util.List;
import org.jackfield.api.audit.AuditLog;
import org.jackfield.api.event.EventLog;
import org.jackfield.api.journal.Journal;
import org.jackfield.api.journal.Remembered;
import org.jackfield.api.policy.DestinationGuard;
import org.jackfield.api.session.SessionService;
import org.jackfield.api.transfer.TransferService;
import org.jackfield.core.arbiter.FailClosed;
import org.jackfield.core.arbiter.PreferenceRules;
import org.jackfield.core.event.Teller;
import org.jackfield.core.provider.ProviderHost;
import org.jackfield.core.provider.ProviderPublisher;
import org.jackfield.core.run.Environment;
import org.jackfield.core.runner.Transfers;
import org.jackfield.core.session.Genealogy;
import org.jackfield.core.session.Lanes;
import org.jackfield.core.session.OperationLog;
import org.jackfield.core.session.Published;
import org.jackfield.core.session.SessionIndex;
import org.jackfield.core.session.Sessions;
import org.jackfield.core.transfer.Machine;

/** The whole core, put together without a framework: with a virtual environment, a simulation. */
public final class CoreEngine {
  private final SessionIndex index = new SessionIndex();
  private final Teller teller;
  private final Genealogy genealogy;
  private final Lanes lanes;
  private final ProviderHost providers;
  private final Sessions sessions;
  private final Transfers transfers;

  /**
   * @param epoch this start of the server, greater than that of any start before
   * @param guards who judges destinations; read at each request
   */
  public CoreEngine(
      Environment environment,
      long epoch,
      Journal journal,
      AuditLog audit,
      Collection<DestinationGuard> guards,
      ProviderPublisher publisher) {
    this(environment, epoch, journal, audit, guards, PreferenceRules.SHIPPED, publisher);
  }

  /**
   * @param rules the policy; read at each request
   */
  public CoreEngine(
      Environment environment,
      long epoch,
      Journal journal,
      AuditLog audit,
      Collection<DestinationGuard> guards,
      PreferenceRules rules,
      ProviderPublisher publisher) {
    this(
        environment,
        epoch,
        journal,
        audit,
        guards,
        rules,
        publisher,
        Machine.PLAIN,
        Teller.CAPACITY);
  }

  /**
   * With parts of its own, for a simulation.
   *
   * @param machine by which transfers step
   * @param events how many events are kept at most, a power of two
   */
  public CoreEngine(
      Environment environment,
      long epoch,
      Journal journal,
      AuditLog audit,
      Collection<DestinationGuard> guards,
      PreferenceRules rules,
      ProviderPublisher publisher,
      Machine machine,
      int events) {
    teller = new Teller(environment, epoch, events);
    genealogy = new Genealogy(environment);
    Published out = new Published(environment, index, teller, journal, genealogy);
    OperationLog operations = new OperationLog(environment);
    Collection<DestinationGuard> guard = List.of(new FailClosed(guards));
    transfers = new Transfers(out, audit, guard, rules, machine);
    lanes = new Lanes(out, operations, guard, transfers);
    providers = new ProviderHost(environment, teller, lanes, index::count, publisher);
    sessions = new Sessions(out, lanes, operations, audit, transfers::marks);
  }

  /** Takes over what an earlier life of the server has left; before any PBX is configured. */
  public void recover(Remembered left) {
    left.kinships().forEach(genealogy::restore);
    lanes.remember(left);
    transfers.remember(left);
  }

  public SessionService sessions() {
    return sessions;
  }

  public TransferService transfers() {
    return transfers;
  }

  public EventLog events() {
    return teller;
  }

  public ProviderHost providers() {
    return providers;
  }

  /** Whether no session, lane or index knows or waits for anything, for tests of residue. */
  public boolean isEmpty() {
    return sessions.count() == 0 && index.isEmpty() && lanes.areEmpty() && transfers.areIdle();
  }
}
