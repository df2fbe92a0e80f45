package driver.@name@;

import java.nio.file.Path;
import org.jackfield.tck.TelephonyDriverContract;
import org.jackfield.tck.Testbed;
import org.junit.jupiter.api.io.TempDir;

/** The driver keeps what every driver keeps. The report is in {@code target/conformance}. */
class @Name@DriverTest extends TelephonyDriverContract {
  @TempDir Path folder;

  @Override
  protected Testbed testbed() {
    return new @Name@Testbed(folder);
  }
}
