package org.jackfield.provider.simulated;

import java.nio.file.Path;
import org.jackfield.tck.TelephonyDriverContract;
import org.jackfield.tck.Testbed;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The driver keeps the contract on each make of PBX. */
class SimulatedDriverContractTest {

  private abstract static class On extends TelephonyDriverContract {
    private final String profile;
    @TempDir Path folder;

    On(String profile) {
      this.profile = profile;
    }

    @Override
    protected Testbed testbed() {
      return new SimulatedTestbed(profile, folder);
    }
  }

  @Nested
  class Full extends On {
    Full() {
      super("full");
    }
  }

  @Nested
  class NoBlind extends On {
    NoBlind() {
      super("noBlind");
    }
  }

  @Nested
  class NoConsultation extends On {
    NoConsultation() {
      super("noConsultation");
    }
  }

  @Nested
  class OneStepOnly extends On {
    OneStepOnly() {
      super("oneStepOnly");
    }
  }

  @Nested
  class HeldOrMakeOnly extends On {
    HeldOrMakeOnly() {
      super("heldOrMakeOnly");
    }
  }

  @Nested
  class TriState extends On {
    TriState() {
      super("triState");
    }
  }
}
