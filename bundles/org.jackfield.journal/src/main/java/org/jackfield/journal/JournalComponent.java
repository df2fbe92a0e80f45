package org.jackfield.journal;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jackfield.api.journal.Journal;
import org.jackfield.api.journal.JournalDamaged;
import org.jackfield.api.journal.JournalRecord;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal in the framework: {@code data/journal}, as {@code etc/org.jackfield.journal.cfg}
 * says. The file is read once, at the start, since nothing may be taken on before the journal is
 * there. A journal that cannot be used is there too, and refuses: the server must not go on as one
 * that has none.
 */
@Component(service = Journal.class, immediate = true)
public final class JournalComponent implements Journal {
  private static final Logger LOG = LoggerFactory.getLogger(JournalComponent.class);

  private final Journal journal;

  @Activate
  public JournalComponent(BundleContext context) {
    String home = context.getProperty("jackfield.home");
    this.journal = open(Path.of(home == null ? "." : home));
  }

  static Journal open(Path home) {
    try {
      Level level = level(home.resolve("etc").resolve("org.jackfield.journal.cfg"));
      LOG.info("the journal is {}", level.text());
      return level == Level.NONE
          ? new Nothing()
          : FileJournal.open(JournalFiles.in(home.resolve("data").resolve("journal")), level);
    } catch (IOException failed) {
      return refusing("the journal cannot be opened: " + failed.getMessage());
    } catch (JournalDamaged | Segment.UnknownVersion | IllegalArgumentException failed) {
      return refusing(String.valueOf(failed.getMessage()));
    }
  }

  private static Journal refusing(String why) {
    LOG.error("{}", why);
    return new Refusing(why);
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

  /** What was kept cannot be used, so nothing is promised. */
  private record Refusing(String why) implements Journal {
    @Override
    public CompletionStage<Void> append(JournalRecord journalRecord) {
      return CompletableFuture.failedStage(new IOException(why));
    }

    @Override
    public void replay(Consumer<JournalRecord> reader) {
      throw new JournalDamaged(why);
    }

    @Override
    public Optional<String> trouble() {
      return Optional.of(why);
    }
  }

  @Deactivate
  void close() {
    if (journal instanceof FileJournal open) {
      open.close();
    }
  }

  @Override
  public CompletionStage<Void> append(JournalRecord journalRecord) {
    return journal.append(journalRecord);
  }

  @Override
  public void replay(Consumer<JournalRecord> reader) {
    journal.replay(reader);
  }

  @Override
  public Optional<String> trouble() {
    return journal.trouble();
  }
}
