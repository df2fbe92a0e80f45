package org.jackfield.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A process that a test has started; closing it stops it, whatever happens. */
public class RunningProcess implements AutoCloseable {
  private static final long STOP_SECONDS = 120;

  private final String name;
  private final Process process;
  private final Path out;

  RunningProcess(String name, Process process, Path out) {
    this.name = name;
    this.process = process;
    this.out = out;
  }

  RunningProcess(RunningProcess other) {
    this(other.name, other.process, other.out);
  }

  public Process process() {
    return process;
  }

  /** What it has printed so far. */
  public String output() throws IOException {
    return Files.readString(out);
  }

  /** Waits for a fact, prints how long it took, and fails at once when the process has ended. */
  public void await(String fact, Duration atMost, Callable<Boolean> condition) {
    Awaitility.await(name + ": " + fact)
        .atMost(atMost)
        .pollInterval(Duration.ofMillis(20))
        .conditionEvaluationListener(
            c -> {
              if (c.isSatisfied()) {
                System.out.println(name + ": " + fact + " after " + c.getElapsedTimeInMS() + " ms");
              }
            })
        .failFast(name + " has ended, see " + out, () -> !process.isAlive())
        .until(condition);
  }

  /** Asks it to stop (SIGTERM) and waits for its end. */
  public int stop() throws InterruptedException {
    process.destroy();
    return waitForEnd();
  }

  /** Kills it (SIGKILL) and waits for its end. */
  public int kill() throws InterruptedException {
    process.destroyForcibly();
    return waitForEnd();
  }

  /** Waits for its end without asking for it. */
  public int waitForEnd() throws InterruptedException {
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(name + " still runs after " + STOP_SECONDS + " s");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    if (!process.isAlive()) {
      return;
    }
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
