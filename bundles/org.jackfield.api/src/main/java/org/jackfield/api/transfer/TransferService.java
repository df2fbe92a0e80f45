package org.jackfield.api.transfer;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.session.Page;
import org.jackfield.api.session.SessionId;
import org.osgi.annotation.versioning.ProviderType;

/** Moves calls. Any thread; nothing blocks; no stage ever completes exceptionally. */
@ProviderType
public interface TransferService {
  /**
   * Asks for a transfer. When the answer is Accepted, the intent is durable, the id is known before
   * any event with it, and exactly one outcome will follow.
   */
  CompletionStage<TransferReply> transfer(TransferRequest request);

  /** What would be done with the request now, and why; changes nothing. */
  CompletionStage<PlanReply> plan(TransferRequest request);

  /** Takes a step in a transfer under way. */
  CompletionStage<TransferReply> step(TransferStep step);

  /** The present snapshot of a transfer, under way or lately ended. */
  Optional<Transfer> find(TransferId id);

  /** The transfer under way of a session, as its primary or its consultation session. */
  Optional<Transfer> ofSession(SessionId session);

  /** One page of a list. */
  Page<Transfer> list(TransferQuery query);
}
