package org.jackfield.pbx.simulated;

import com.fasterxml.jackson.databind.EnumNamingStrategies;
import com.fasterxml.jackson.databind.annotation.EnumNaming;

/** A command that cannot be accepted. Nothing has changed. */
final class Refused extends Exception {

  private static final long serialVersionUID = 1L;

  /** In TAPI's words. TAPI does not have the last two. */
  @EnumNaming(EnumNamingStrategies.LowerCamelCaseStrategy.class)
  public enum Because {
    INVALID_CALL_STATE,
    OPERATION_UNAVAILABLE,
    INVALID_ADDRESS,
    RESOURCE_UNAVAILABLE,
    INVALID_CALL_HANDLE,
    NO_SUCH_CONNECTION,
    MALFORMED
  }

  private final Because because;

  Refused(Because because) {
    super(because.name(), null, false, false);
    this.because = because;
  }

  Because because() {
    return because;
  }

  static void unless(boolean allowed, Because because) throws Refused {
    if (!allowed) {
      throw new Refused(because);
    }
  }
}
