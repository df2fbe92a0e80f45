package org.jackfield.api.provider;

import java.util.List;
import org.jackfield.api.session.Connection;

/**
 * One call with all its present connections, as the PBX sees it.
 *
 * @param call its name
 * @param connections those that are in it now
 */
public record CallSnapshot(CallId call, List<Connection> connections) {
  public CallSnapshot {
    connections = List.copyOf(connections);
  }
}
