package org.jackfield.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.felix.framework.FrameworkFactory;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;

/**
 * The server's process: one framework, started level by level, stopped in the reverse order.
 *
 * <p>Exit codes: 0 after an ordered stop, 1 when the server could not start, 2 when its home or its
 * port is taken, 4 when it had to be left before every bundle had stopped.
 */
public final class Main {
  static final int STOPPED = 0;
  static final int NOT_STARTED = 1;
  static final int TAKEN = 2;
  static final int NOT_STOPPED = 4;

  private static final long STOP_MS = 30_000;

  /** What a signal's end should be told as; the JVM's own 143 would look like a failure. */
  private static volatile int exitCode = STOPPED;

  private static volatile boolean stopping;

  private Main() {}

  /**
   * @param args none; the folders come as the system properties {@code jackfield.base} (the
   *     unpacked distribution) and {@code jackfield.home} (etc, deploy, data)
   */
  public static void main(String[] args) {
    try {
      Home home = new Home(folder("jackfield.base"), folder("jackfield.home"));
      home.prepare();
      System.exit(run(home));
    } catch (IOException | BundleException e) {
      System.err.println("jackfield: cannot start: " + e.getMessage());
      System.exit(NOT_STARTED);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      System.exit(NOT_STOPPED);
    }
  }

  private static Path folder(String property) {
    return Path.of(System.getProperty(property, "")).toAbsolutePath().normalize();
  }

  private static int run(Home home) throws IOException, BundleException, InterruptedException {
    // Locked for the life of the process: a pid that was left behind by a kill proves nothing.
    try (FileChannel file =
            FileChannel.open(
                home.data("server.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = file.tryLock()) {
      if (lock == null) {
        System.err.println("jackfield: a server already runs in " + home.path());
        return TAKEN;
      }
      Map<String, String> properties = home.frameworkProperties();
      String port = properties.getOrDefault("org.osgi.service.http.port", "8080");
      String host = properties.getOrDefault("org.apache.felix.http.host", "127.0.0.1");
      if (portIsTaken(host, port)) {
        System.err.println(
            "jackfield: " + host + ":" + port + " is in use; another port: run --port N, or 0");
        return TAKEN;
      }
      return runFramework(home, new FrameworkFactory().newFramework(properties));
    }
  }

  private static int runFramework(Home home, Framework framework)
      throws IOException, BundleException, InterruptedException {
    AtomicReference<@Nullable String> error = new AtomicReference<>();
    framework.init(
        event -> {
          if (event.getType() == FrameworkEvent.ERROR) {
            error.compareAndSet(null, describe(event));
          }
        });
    // From here on a SIGTERM finds something to stop.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(home, framework), "jackfield-stop"));
    BundleSet bundles = new BundleSet(framework.getBundleContext(), home);
    bundles.install();
    home.clearRuntimeFiles();
    home.write("server.pid", ProcessHandle.current().pid() + "\n");
    framework.start();
    // framework.start() returns when the beginning start level is reached, or a bundle has failed
    List<String> broken = bundles.notStarted();
    if (!broken.isEmpty() && !stopping) {
      System.err.println("jackfield: not started: " + String.join(", ", broken));
      System.err.println("jackfield: " + error.get());
      exitCode = NOT_STARTED;
      return NOT_STARTED;
    }
    framework.waitForStop(0);
    return STOPPED;
  }

  private static String describe(FrameworkEvent event) {
    Throwable t = event.getThrowable();
    while (t != null && t.getCause() != null) {
      t = t.getCause(); // the framework's own words say only that a bundle has failed
    }
    return event.getBundle() + ": " + (t == null ? "unknown" : t.getMessage());
  }

  private static void stop(Home home, Framework framework) {
    stopping = true;
    try {
      framework.stop();
      boolean stopped = framework.waitForStop(STOP_MS).getType() != FrameworkEvent.WAIT_TIMEDOUT;
      home.clearRuntimeFiles();
      if (!stopped) {
        System.err.println("jackfield: bundles still run after " + STOP_MS + " ms; leaving them");
        exitCode = NOT_STOPPED;
      }
    } catch (IOException | BundleException | InterruptedException e) {
      System.err.println("jackfield: the stop was not ordered: " + e);
      exitCode = NOT_STOPPED;
    }
    Runtime.getRuntime().halt(exitCode);
  }

  private static boolean portIsTaken(String host, String port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getByName(host), Integer.parseInt(port)));
      return false;
    } catch (IOException e) {
      return true;
    }
  }
}
