package org.jackfield.api.history;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.session.Page;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.transfer.TransferId;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Reads what has been. It runs a little behind the calls, see {@link HistoryStatus#owed}. Any
 * thread; nothing blocks, the answers come on the history's own threads.
 *
 * <p>A cursor that no page gave is an {@link IllegalArgumentException}, thrown at once.
 */
@ProviderType
public interface HistoryService {
  /** Sessions, those that started last first. */
  CompletionStage<HistoryReply<Page<SessionRecord>>> sessions(SessionHistoryQuery query);

  CompletionStage<HistoryReply<Optional<SessionRecord>>> session(SessionId id);

  /** What happened to a session, in order: its first {@value #MOST_EVENTS} events. */
  CompletionStage<HistoryReply<List<EventRecord>>> events(SessionId id);

  /** Transfers, those that were accepted last first. */
  CompletionStage<HistoryReply<Page<TransferRecord>>> transfers(TransferHistoryQuery query);

  CompletionStage<HistoryReply<Optional<TransferRecord>>> transfer(TransferId id);

  /** How it stands with the database, without asking it. */
  HistoryStatus status();

  /** So many events of one session are given at most. */
  int MOST_EVENTS = 1_000;
}
