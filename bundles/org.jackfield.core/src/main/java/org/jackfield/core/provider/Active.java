package org.jackfield.core.provider;

import java.time.Instant;
import java.util.Map;
import org.jackfield.api.provider.TelephonyDriver;

/**
 * What a PBX is served by.
 *
 * @param opened its driver, opened
 * @param from the configuration from which it was
 * @param since since when it serves
 */
record Active(OpenedProvider opened, Map<String, String> from, Instant since) {
  boolean isOf(TelephonyDriver driver) {
    return opened.driver().driver() == driver;
  }
}
