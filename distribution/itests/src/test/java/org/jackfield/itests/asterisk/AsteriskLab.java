package org.jackfield.itests.asterisk;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A real Asterisk on loopback with its phones, brought up by {@code lab/asterisk} on free ports.
 * What it started it stops, by its own process handles.
 */
public final class AsteriskLab implements AutoCloseable {
  public static final String CONTEXT = "internal";
  private static final Path SCRIPTS = scripts();
  private static final Duration BOOT = Duration.ofMinutes(2);
  private static final Duration SOON = Duration.ofSeconds(60);

  private final Path dir;
  private final Map<String, Phone> phones = new HashMap<>();
  private final List<FaultPhone> faults = new ArrayList<>();
  private Map<String, Integer> ports = Map.of();
  private String version = "";
  private Process asterisk;

  /** One line of {@code core show channels concise}. */
  public record Channel(
      String name, String context, String exten, String state, String bridge, String id) {
    public boolean isLocal() {
      return name.startsWith("Local/");
    }

    /** The phone at its end, or the Local channel's own name. */
    public String endpoint() {
      return name.replaceFirst("^PJSIP/(.*)-[0-9a-f]+$", "$1");
    }
  }

  private AsteriskLab(Path dir) {
    this.dir = dir;
  }

  /** Starts Asterisk, the phones with a fault, and no other phone yet. */
  public static AsteriskLab start(Path dir) {
    var lab = new AsteriskLab(dir.toAbsolutePath());
    try {
      Files.createDirectories(lab.dir);
      lab.version = run(SCRIPTS.resolve("asterisk"), "configure", lab.dir.toString()).strip();
      lab.ports = readPorts(lab.dir.resolve("ports"));
      lab.boot();
      lab.faults.add(FaultPhone.answering(lab.port("BUSY_PORT"), 486, "Busy Here"));
      lab.faults.add(FaultPhone.ringing(lab.port("RING_PORT")));
      lab.faults.add(FaultPhone.answering(lab.port("DECLINE_PORT"), 603, "Decline"));
    } catch (IOException e) {
      lab.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException | AssertionError e) {
      lab.close();
      throw e;
    }
    System.out.println("lab: " + lab.version + " " + lab.ports);
    return lab;
  }

  private static Path scripts() {
    var named = System.getProperty("jackfield.lab");
    return Path.of(named == null ? "lab" : named).toAbsolutePath();
  }

  private void boot() throws IOException {
    asterisk =
        new ProcessBuilder(SCRIPTS.resolve("asterisk").toString(), "run", dir.toString())
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("stdout.log").toFile())
            .start();
    Wait.until(
        "Asterisk has booted",
        BOOT,
        () -> {
          if (!asterisk.isAlive()) {
            throw new AssertionError(
                "Asterisk died while starting: " + read(dir.resolve("stdout.log")));
          }
          return Files.exists(dir.resolve("run/asterisk.ctl"))
              && cli("core waitfullybooted").contains("fully booted");
        });
  }

  /** A phone that is up and registered, answering by itself or by hand. */
  public Phone phone(Voice voice, boolean answersByItself) {
    var phone =
        Phone.start(SCRIPTS, dir.resolve("phones"), voice, port("SIP_PORT"), answersByItself);
    var before = phones.put(voice.endpoint(), phone);
    if (before != null) {
      before.close();
    }
    Wait.until(
        voice.endpoint() + " is registered",
        SOON,
        () -> cli("pjsip show contacts").contains(" " + voice.endpoint() + "/"));
    return phone;
  }

  public Phone phone(Voice voice) {
    return phone(voice, true);
  }

  public int port(String name) {
    return ports.get(name);
  }

  public int ami() {
    return port("AMI_PORT");
  }

  public int http() {
    return port("HTTP_PORT");
  }

  public String version() {
    return version;
  }

  /** Kills Asterisk without a word to anybody. */
  public void kill() {
    asterisk.destroyForcibly();
    join(asterisk);
  }

  /** Starts it again on the same ports, with who is registered as it was. */
  public void startAgain() {
    try {
      Files.deleteIfExists(dir.resolve("run/asterisk.ctl"));
      boot();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String cli(String command) {
    return run(SCRIPTS.resolve("asterisk"), "cli", dir.toString(), command);
  }

  /** What the PBX itself says is there. */
  public List<Channel> channels() {
    return cli("core show channels concise")
        .lines()
        .map(line -> line.split("!", -1))
        .filter(field -> field.length >= 14)
        .map(f -> new Channel(f[0], f[1], f[2], f[4], f[12], f[13]))
        .toList();
  }

  /** How often the dialplan has dialled an extension, by Asterisk's own log. */
  int dialled(String extension) {
    return logged("Executing \\[" + extension + "@" + CONTEXT + ":1\\] Dial\\(");
  }

  /** How often a channel came to an application that was gone, by Asterisk's own log. */
  int foundNoApplication() {
    return logged(
        "Stasis app '[^']*' (not registered|not active|doesn't exist)"
            + "|Error sending start message to");
  }

  private int logged(String pattern) {
    return (int) Pattern.compile(pattern).matcher(read(dir.resolve("log/full"))).results().count();
  }

  public List<Channel> channelsOf(Voice voice) {
    return channels().stream().filter(c -> c.endpoint().equals(voice.endpoint())).toList();
  }

  public List<String> bridges() {
    return cli("bridge show all")
        .lines()
        .filter(line -> line.matches("[0-9a-f-]{36}.*|jackfield.*"))
        .toList();
  }

  /** No channel, no bridge, nothing that rings. */
  public void awaitNothingLeft() {
    Wait.until(
        "nothing is left on the PBX",
        SOON,
        () -> channels().isEmpty() && bridges().isEmpty(),
        () -> channels() + " " + bridges());
  }

  /** Ends every call, between two tests. */
  public void clear() {
    Wait.until("the PBX is empty", SOON, this::isCleared, () -> "" + channels());
  }

  /** Asked again and again, as Asterisk forgets a hang-up that comes while it moves a channel. */
  private boolean isCleared() {
    cli("channel request hangup all");
    return channels().isEmpty();
  }

  @Override
  public void close() {
    phones.values().forEach(Phone::close);
    faults.forEach(FaultPhone::close);
    if (asterisk != null) {
      end(asterisk);
    }
  }

  /** Whoever removes its folder then finds nobody in it. */
  static void end(Process process) {
    process.destroy();
    if (!join(process)) {
      process.destroyForcibly();
      join(process);
    }
  }

  private static boolean join(Process process) {
    try {
      return process.waitFor(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  static Map<String, Integer> readPorts(Path file) {
    return read(file)
        .lines()
        .map(line -> line.split("="))
        .collect(Collectors.toMap(l -> l[0], l -> Integer.valueOf(l[1])));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String run(Path program, String... arguments) {
    var command = new ArrayList<String>();
    command.add(program.toString());
    command.addAll(Arrays.asList(arguments));
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      try (InputStream out = process.getInputStream()) {
        var text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
        join(process);
        return text;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
