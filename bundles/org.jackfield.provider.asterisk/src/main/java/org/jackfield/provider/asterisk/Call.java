package org.jackfield.provider.asterisk;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jackfield.api.provider.CallId;
import org.jackfield.api.session.Connection;
import org.jspecify.annotations.Nullable;

/** One call as it has been told. Confined to the provider's executor. */
final class Call {
  final CallId id;

  /** The connections as last told, by party. */
  final Map<String, Connection> told = new LinkedHashMap<>();

  /** Who was told as gone, and when: the PBX may have a channel of theirs for a moment more. */
  final Map<String, Long> left = new HashMap<>();

  /** Set while the driver itself keeps the call, in its Stasis application. */
  @Nullable StasisCall stasis;

  /** Whether it was told that this one has come out of another. */
  boolean hasBranched;

  Call(CallId id) {
    this.id = id;
  }
}
