package org.jackfield.api.audit;

import java.util.concurrent.CompletionStage;
import org.jackfield.api.history.HistoryReply;
import org.jackfield.api.session.Page;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Reads the audit where it is kept for good, each row bound to the one before by a hash. Any
 * thread; nothing blocks.
 *
 * <p>A cursor that no page gave is an {@link IllegalArgumentException}, thrown at once.
 */
@ProviderType
public interface AuditTrail {
  /** Rows, the newest first. */
  CompletionStage<HistoryReply<Page<AuditRow>>> rows(AuditQuery query);

  /** Reads the whole chain and says whether it is as it was written. */
  CompletionStage<HistoryReply<AuditVerification>> verify();
}
