package org.jackfield.core.arbiter;

import java.util.Optional;
import org.jackfield.api.policy.DestinationGuard;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Refusal;
import org.jackfield.api.session.Session;

/** Refuses what no policy could want: no address, or one that is in the call already. */
public final class LoopGuard implements DestinationGuard {
  @Override
  public Optional<Refusal> judge(
      Requester requester, Session session, ConnectionId transferor, Address target) {
    if (!target.isDialable()) {
      return Optional.of(
          new Refusal(
              Reason.INVALID_ADDRESS,
              "a target has 1 to 64 of letters, digits and + * # . _ @ : -; nothing was dialled"));
    }
    for (Party party : session.parties()) {
      if (party.address().equals(target)) {
        String who =
            party.id().equals(transferor) ? "the transferor itself" : "in the call already";
        return Optional.of(
            new Refusal(Reason.LOOP, target + " is " + who + "; choose another target"));
      }
    }
    return Optional.empty();
  }
}
