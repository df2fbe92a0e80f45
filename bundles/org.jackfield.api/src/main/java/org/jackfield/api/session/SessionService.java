package org.jackfield.api.session;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.capability.Operation;
import org.osgi.annotation.versioning.ProviderType;

/** Live sessions: look-up, lists, single operations. Any thread; nothing blocks. */
@ProviderType
public interface SessionService {
  /** The present snapshot of a session, in constant time. */
  Optional<Session> find(SessionId id);

  /** One page of a list, in time that does not depend on how many sessions live. */
  Page<Session> list(SessionQuery query);

  /** How many sessions live now. */
  int count();

  /** For each operation that the party may not do now, the fact that forbids it. */
  Map<Operation, Refusal> refused(Session session, ConnectionId party);

  /**
   * Asks for a single operation.
   *
   * @return completes soon, on a shared pool: accepted, or refused with nothing changed; never
   *     exceptionally
   */
  CompletionStage<OperationReply> operate(SessionRequest request);

  /** Where an accepted operation stands; ended ones are known for ten minutes. */
  Optional<OperationStatus> operation(OperationId id);

  /** Where a session went that is over: the one that has its parties now, through all merges. */
  Optional<SessionId> mergedInto(SessionId id);

  /**
   * How the sessions of this one's conversation came of one another, oldest first; live or over,
   * known for 24 hours after the last line. Empty for a call that has always been alone.
   */
  List<Kinship> genealogy(SessionId id);

  /**
   * The id that a conversation has now: its own, or that of the older conversation which it was
   * merged with, through all merges.
   */
  ConversationId surviving(ConversationId id);
}
