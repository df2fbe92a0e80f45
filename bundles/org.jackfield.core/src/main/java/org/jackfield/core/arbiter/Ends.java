package org.jackfield.core.arbiter;

import java.util.List;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Session;
import org.jspecify.annotations.Nullable;

/** Who is who in a call. */
final class Ends {
  private Ends() {}

  /** Whoever talks with the party. */
  static @Nullable Party other(Session session, Party party) {
    List<Party> parties = session.parties();
    for (int i = 0; i < parties.size(); i++) {
      Party other = parties.get(i);
      if (other.state().isTalking() && !other.id().equals(party.id())) {
        return other;
      }
    }
    return null;
  }

  /** The same device in another call: by its identity, else by its address. */
  static @Nullable Party same(Session session, Party party) {
    Party found = null;
    for (Party other : session.parties()) {
      if (other.id().equals(party.id())) {
        return other;
      }
      if (other.address().equals(party.address())) {
        found = other;
      }
    }
    return found;
  }
}
