package org.jackfield.core.simulation;

import org.jackfield.api.audit.AuditLog;
import org.jackfield.api.journal.Journal;
import org.jackfield.api.provider.TelephonyDriver;
import org.jackfield.core.run.Timers;
import org.jackfield.core.transfer.Machine;

/** A fault of the server, put in on purpose at one of the places where its parts are handed in. */
interface Bug {
  Bug NONE = new Bug() {};

  default Machine machine(Machine machine) {
    return machine;
  }

  default Timers timers(Timers timers) {
    return timers;
  }

  default Journal journal(Journal journal) {
    return journal;
  }

  default AuditLog audit(AuditLog audit) {
    return audit;
  }

  default TelephonyDriver driver(TelephonyDriver driver) {
    return driver;
  }
}
