package org.jackfield.core.session;

/** What else works on the lanes, beside single operations. */
public interface LaneWork {
  /** A PBX is configured: follows its calls. */
  CallWatcher open(SessionLane lane);

  /** A PBX is no longer configured. */
  void gone(String provider);
}
