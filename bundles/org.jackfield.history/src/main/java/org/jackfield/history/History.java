package org.jackfield.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jackfield.api.audit.AuditLog;
import org.jackfield.api.audit.AuditTrail;
import org.jackfield.api.event.EventLog;
import org.jackfield.api.history.HistoryService;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root. A changed {@code etc/org.jackfield.history.cfg} closes everything and opens
 * it anew; what happens between the two is read from the event log afterwards.
 */
@Component(
    service = {},
    immediate = true,
    configurationPid = Settings.PID)
public final class History {
  private static final Logger LOG = LoggerFactory.getLogger(History.class);

  private final List<ServiceRegistration<?>> services = new ArrayList<>();
  private final List<Recorder> opened = new ArrayList<>();

  @Activate
  public History(BundleContext context, @Reference EventLog log, Map<String, Object> given)
      throws IOException {
    String property = context.getProperty("jackfield.home");
    Path home = Path.of(property == null ? "." : property).toAbsolutePath();
    if (Files.exists(Settings.file(home)) && !given.containsKey("felix.fileinstall.filename")) {
      LOG.info("waiting for {}", Settings.file(home)); // it is about to be read
      return;
    }
    try {
      Recorder recorder =
          new Recorder(Settings.of(given, home), home.resolve("data").resolve("history"), log);
      opened.add(recorder);
      services.add(context.registerService(AuditTrail.class, recorder, null));
      services.add(context.registerService(HistoryService.class, recorder, null));
      services.add(context.registerService(AuditLog.class, recorder, null));
    } catch (IllegalArgumentException wrong) {
      LOG.error("no history is kept: {}: {}", Settings.file(home), wrong.getMessage());
    }
  }

  @Deactivate
  public void close() {
    services.reversed().forEach(ServiceRegistration::unregister);
    opened.forEach(Recorder::close);
  }
}
