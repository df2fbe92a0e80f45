package org.jackfield.itests.asterisk;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jackfield.tck.TelephonyDriverContract;
import org.jackfield.tck.Testbed;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The Asterisk driver keeps what every driver keeps, on a real Asterisk. */
class AsteriskDriverContractIT extends TelephonyDriverContract {
  private static final Map<String, Phone> PHONES = new HashMap<>();
  private static AsteriskLab lab;

  @BeforeAll
  static void upTheLab(@TempDir Path dir) {
    lab = AsteriskLab.start(dir);
    for (var voice : Voice.values()) {
      PHONES.put(voice.address(), lab.phone(voice, voice != Voice.DAVE));
    }
  }

  @AfterAll
  static void downTheLab() {
    lab.close();
  }

  @Override
  protected Testbed testbed() {
    return new AsteriskTestbed(lab, PHONES);
  }
}
