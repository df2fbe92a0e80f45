package org.jackfield.tck;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The threads of the process, virtual ones too, and its sockets, where the system shows them.
 *
 * @param threads names by their numbers
 * @param sockets how many; 0 where the system has no {@code /proc}
 */
record Leftovers(Map<Long, String> threads, long sockets) {

  private static final Path OPEN_FILES = Path.of("/proc/self/fd");
  private static final Pattern THREAD = Pattern.compile("#(\\d+) \"([^\"]*)\".*");

  /** Those of the Java runtime, and workers of a HTTP client that go by themselves. */
  private static final Pattern RUNTIME =
      Pattern.compile(
          "(Innocuous)?ForkJoin.*|VirtualThread-.*|.*Poller.*|process reaper.*|.*Cleaner.*"
              + "|C[12] .*|Attach Listener|CompletableFutureDelay.*|Keep-Alive.*"
              + "|HttpClient-\\d+-Worker.*|RMI .*|JFR .*|surefire.*|tck-.*");

  static Leftovers now() {
    return new Leftovers(countThreads(), countSockets());
  }

  /** What is there now and was not then; empty if nothing is. */
  String since(Leftovers before) {
    StringBuilder more = new StringBuilder();
    threads.forEach(
        (number, name) -> {
          if (!before.threads.containsKey(number)) {
            more.append(" thread #").append(number).append(" \"").append(name).append('"');
          }
        });
    if (sockets > before.sockets) {
      more.append(' ').append(sockets - before.sockets).append(" socket(s)");
    }
    return more.toString();
  }

  private static Map<Long, String> countThreads() {
    try {
      Path folder = Files.createTempDirectory("jackfield-tck");
      Path file = folder.resolve("threads.txt");
      try {
        Objects.requireNonNull(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class))
            .dumpThreads(file.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
        Map<Long, String> threads = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
          Matcher thread = THREAD.matcher(line);
          if (thread.matches() && !RUNTIME.matcher(thread.group(2)).matches()) {
            threads.put(Long.valueOf(thread.group(1)), thread.group(2));
          }
        }
        return threads;
      } finally {
        Files.deleteIfExists(file);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long countSockets() {
    if (!Files.isDirectory(OPEN_FILES)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(OPEN_FILES)) {
      return files.filter(Leftovers::isSocket).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isSocket(Path file) {
    try {
      return Files.readSymbolicLink(file).toString().startsWith("socket:");
    } catch (NoSuchFileException closed) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
