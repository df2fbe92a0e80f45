package org.jackfield.pbx.simulated;

import com.fasterxml.jackson.databind.EnumNamingStrategies;
import com.fasterxml.jackson.databind.annotation.EnumNaming;

/** Why a connection came to be: TAPI's call reasons. A recall is TAPI's reminder. */
@EnumNaming(EnumNamingStrategies.LowerCamelCaseStrategy.class)
public enum Reason {
  DIRECT,
  TRANSFER,
  REDIRECT,
  REMINDER
}
