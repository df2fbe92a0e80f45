package org.jackfield.journal;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.journal.Journal;
import org.jackfield.api.journal.JournalRecord;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal in the framework: {@code data/journal}, as {@code etc/org.jackfield.journal.cfg}
 * says. The file is read once, at the start, since nothing may be taken on before the journal is
 * there. An activator and no component: where what was promised cannot be read, the bundle does not
 * start, and with it the server, which says why. It must not go on as one that has promised
 * nothing.
 */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class JournalBundle implements BundleActivator {
  private static final Logger LOG = LoggerFactory.getLogger(JournalBundle.class);

  private @Nullable Journal journal;

  @Override
  public void start(BundleContext context) throws IOException {
    String home = context.getProperty("jackfield.home");
    Journal opened = open(Path.of(home == null ? "." : home));
    journal = opened;
    context.registerService(Journal.class, opened, null);
  }

  @Override
  public void stop(BundleContext context) {
    if (journal instanceof FileJournal open) {
      open.close();
    }
  }

  static Journal open(Path home) throws IOException {
    Path folder = home.resolve("data").resolve("journal");
    Level level = level(home.resolve("etc").resolve("org.jackfield.journal.cfg"));
    LOG.info("the journal is {}", level.text());
    if (level == Level.NONE) {
      return new Nothing();
    }
    JournalFiles files = JournalFiles.in(folder);
    try {
      return FileJournal.open(files, level);
    } catch (IOException | RuntimeException failed) {
      files.close();
      throw failed;
    }
  }

  private static Level level(Path file) throws IOException {
    Properties properties = new Properties();
    if (Files.exists(file)) {
      try (Reader in = Files.newBufferedReader(file)) {
        properties.load(in);
      }
    }
    String text = properties.getProperty("level", Level.POWER_SAFE.text()).strip();
    return Level.of(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    file + ": level is power-safe, kill-safe or none, and not " + text));
  }

  /** By wish: what is promised lives as long as the process. */
  private static final class Nothing implements Journal {
    @Override
    public CompletionStage<Void> append(JournalRecord journalRecord) {
      return CompletableFuture.completedStage(null);
    }
  }
}
