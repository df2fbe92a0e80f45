package org.jackfield.shell;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jackfield.api.security.Requester;
import org.jackfield.api.session.ConnectionId;
import org.jackfield.api.session.Party;
import org.jackfield.api.session.Reason;
import org.jackfield.api.session.Refusal;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.session.SessionService;

/** What the commands share: who asks, and how words become ids. */
final class Answers {
  private static final long PATIENCE_SECONDS = 30;

  private Answers() {}

  /** Only the server's own user can open the shell, so the asker is that user. */
  static Requester requester() {
    String user = System.getProperty("user.name", "");
    return new Requester(user.isBlank() ? "operator" : user, "shell", "");
  }

  static <T> T await(CompletionStage<T> answer) throws Refused, InterruptedException {
    try {
      return answer.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new Refused("no answer within " + PATIENCE_SECONDS + " s; it may still be done");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  static Session session(SessionService sessions, String word) throws Refused {
    Optional<SessionId> id = SessionId.parse(word);
    return id.flatMap(sessions::find)
        .orElseThrow(
            () ->
                new Refused(
                    new Refusal(
                        Reason.NO_SUCH_SESSION,
                        id.flatMap(sessions::mergedInto)
                            .map(into -> word + " went on in session " + into)
                            .orElse("no live session is " + word))));
  }

  /** A party by its id, or by its address where only one party of the session has it. */
  static ConnectionId party(Session session, String word) throws Refused {
    for (Party party : session.parties()) {
      if (party.id().value().equals(word)) {
        return party.id();
      }
    }
    var byAddress =
        session.parties().stream().filter(p -> p.address().value().equals(word)).toList();
    if (byAddress.size() != 1) {
      throw new Refused(
          new Refusal(
              Reason.NO_SUCH_PARTY, byAddress.size() + " parties of the session are " + word));
    }
    return byAddress.getFirst().id();
  }
}
