package org.jackfield.pbx.simulated;

import com.fasterxml.jackson.databind.EnumNamingStrategies;
import com.fasterxml.jackson.databind.annotation.EnumNaming;

/** Why a connection ended: TAPI's disconnect modes, those that this PBX knows. */
@EnumNaming(EnumNamingStrategies.LowerCamelCaseStrategy.class)
public enum Cause {
  NORMAL,
  REJECT,
  FORWARDED,
  BUSY,
  NO_ANSWER,
  BAD_ADDRESS,
  OUT_OF_ORDER,
  CANCELLED
}
