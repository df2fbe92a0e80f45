package org.jackfield.core.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Listens to the core's log: what it caught and went on from is a bug all the same. */
final class CoreLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private static final List<String> BUGS =
      List.of("a lane failed", "cannot go on", "a task failed");

  private final Logger logger = (Logger) LoggerFactory.getLogger("org.jackfield.core");
  private final Level before = logger.getLevel();

  private CoreLog() {}

  /** From now on the core's log goes nowhere else. */
  static CoreLog listen() {
    CoreLog log = new CoreLog();
    log.setContext(log.logger.getLoggerContext());
    log.start();
    log.logger.setLevel(Level.ERROR);
    log.logger.setAdditive(false);
    log.logger.addAppender(log);
    return log;
  }

  @Override
  protected void append(ILoggingEvent event) {
    Run run = Run.CURRENT.get();
    if (run != null && BUGS.stream().anyMatch(event.getMessage()::contains)) {
      IThrowableProxy bug = event.getThrowableProxy();
      run.verdict.broken(
          "no exception",
          event.getFormattedMessage()
              + (bug == null ? "" : ": " + bug.getClassName() + " " + bug.getMessage() + at(bug)));
    }
  }

  private static String at(IThrowableProxy bug) {
    var trace = bug.getStackTraceElementProxyArray();
    return trace.length == 0 ? "" : " " + trace[0].getSTEAsString();
  }

  @Override
  public void close() {
    logger.detachAppender(this);
    logger.setAdditive(true);
    logger.setLevel(before);
    stop();
  }
}
