package org.jackfield.itests.asterisk;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;

/** A baresip user agent: plays its tone, records what it hears, does what a hand would do. */
public final class Phone implements AutoCloseable {
  private static final int RATE = 8_000;
  private static final int SECONDS = 120;

  private final Voice voice;
  private final Path dir;
  private final int pbx;
  private final Process process;
  private final int control;

  private Phone(Voice voice, Path dir, int pbx, Process process, int control) {
    this.voice = voice;
    this.dir = dir;
    this.pbx = pbx;
    this.process = process;
    this.control = control;
  }

  static Phone start(Path scripts, Path phones, Voice voice, int pbx, boolean answersByItself) {
    var dir = phones.resolve(voice.endpoint());
    try {
      Files.createDirectories(dir);
      Files.write(dir.resolve("tone.wav"), tone(voice.hertz()));
      var process =
          new ProcessBuilder(
                  scripts.resolve("phone").toString(),
                  "run",
                  phones.toString(),
                  voice.endpoint(),
                  Integer.toString(pbx),
                  Integer.toString(voice.hertz()),
                  answersByItself ? "auto" : "manual")
              .redirectErrorStream(true)
              .redirectOutput(dir.resolve("log").toFile())
              .start();
      Wait.until(
          voice.endpoint() + " has its ports",
          Duration.ofSeconds(60),
          () -> Files.exists(dir.resolve("config")));
      int control = AsteriskLab.readPorts(dir.resolve("ports")).get("CTRL_PORT");
      var phone = new Phone(voice, dir, pbx, process, control);
      Wait.until(voice.endpoint() + " is up", Duration.ofSeconds(60), phone::listening);
      return phone;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Voice voice() {
    return voice;
  }

  public void dial(String address) {
    command("dial", "sip:" + address + "@127.0.0.1:" + pbx);
  }

  public void answer() {
    command("accept", "");
  }

  public void hangUp() {
    command("hangup", "");
  }

  public void hold() {
    command("hold", "");
  }

  public void resume() {
    command("resume", "");
  }

  /** Sends REFER: a transfer that the phone makes by itself. */
  public void refer(String address) {
    command("transfer", "sip:" + address + "@127.0.0.1:" + pbx);
  }

  /** The newest record of what it hears. */
  Optional<Path> record() {
    try (var files = Files.list(dir)) {
      return files
          .filter(f -> f.getFileName().toString().matches("dump.*dec\\.wav"))
          .max(Comparator.comparing(f -> f.toFile().lastModified()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean listening() {
    if (!process.isAlive()) {
      throw new AssertionError(voice + " died, see " + dir.resolve("log"));
    }
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), control)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private void command(String name, String parameter) {
    var json = "{\"command\":\"" + name + "\",\"params\":\"" + parameter + "\",\"token\":\"1\"}";
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), control)) {
      socket.setSoTimeout(60_000);
      socket
          .getOutputStream()
          .write((json.length() + ":" + json + ",").getBytes(StandardCharsets.UTF_8));
      awaitResponse(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(voice + " does not " + name, e);
    }
  }

  private static void awaitResponse(InputStream in) throws IOException {
    var text = new StringBuilder();
    while (text.indexOf("\"response\":true") < 0) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("the phone closed its control connection");
      }
      text.append((char) b);
    }
  }

  private static byte[] tone(int hertz) {
    int bytes = RATE * SECONDS * 2;
    var wav = ByteBuffer.allocate(44 + bytes).order(ByteOrder.LITTLE_ENDIAN);
    wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + bytes);
    wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
    wav.putShort((short) 1).putShort((short) 1).putInt(RATE).putInt(RATE * 2);
    wav.putShort((short) 2).putShort((short) 16);
    wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(bytes);
    for (int i = 0; i < RATE * SECONDS; i++) {
      wav.putShort((short) (8_000 * Math.sin(2 * Math.PI * hertz * i / RATE)));
    }
    return wav.array();
  }

  @Override
  public void close() {
    AsteriskLab.end(process);
  }
}
