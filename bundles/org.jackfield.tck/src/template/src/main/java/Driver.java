package driver.@name@;

import java.util.List;
import java.util.Optional;
import org.jackfield.api.provider.*;
import org.jackfield.api.provider.ProbeReport.Finding;
import org.jackfield.api.provider.ProbeReport.Level;
import org.osgi.service.component.annotations.Component;

/** What the bundle registers, and the most that it can do. Nothing is connected before open. */
@Component
@DriverName(name = "@name@", operations = {"makeCall", "blindTransfer", "clear"})
public final class @Name@Driver implements TelephonyDriver {

  @Override public List<ConfigKey> schema() {
    return List.of(ConfigKey.required("pbx", ConfigKey.Type.TEXT, "Where it listens: host:port."));
  }

  @Override public ProbeReport probe(ProviderConfig config) {
    String problem = PbxClient.problem(config.require("pbx"));
    Level level = problem.isEmpty() ? Level.OK : Level.FAIL;
    return new ProbeReport(List.of(new Finding(level, "the PBX", problem)));
  }

  @Override public TelephonyProvider open(
      ProviderConfig config, ProviderContext context, Optional<Handover> handover) {
    return new @Name@Provider(config.require("pbx"), context);
  }
}
