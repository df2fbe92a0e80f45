package org.jackfield.launcher;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The near end of the server's shell: one command given as arguments, or a line at a time from the
 * standard input.
 *
 * <p>A command goes out as one line of UTF-8. Its output comes back followed by a NUL and one
 * digit: 0 when it was done, 1 when it failed.
 */
public final class ShellClient {
  private static final int NOT_RUNNING = 3;

  private ShellClient() {}

  /**
   * @param args the command's words; none for a conversation
   * @throws IOException when the connection is lost
   */
  public static void main(String[] args) throws IOException {
    Path socket = Path.of("data", "shell.sock"); // relative: a socket's path is short by law
    if (!Files.exists(socket)) {
      System.err.println("jackfield: no server runs in " + Path.of("").toAbsolutePath());
      System.exit(NOT_RUNNING);
    }
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      ShellClient client = new ShellClient();
      System.exit(
          args.length > 0
              ? client.ask(channel, String.join(" ", args).replace('\n', ' '))
              : client.converse(channel));
    }
  }

  private int converse(SocketChannel channel) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
    int status = 0;
    prompt();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.strip().equals("exit")) {
        break;
      }
      status = line.isBlank() ? status : ask(channel, line);
      prompt();
    }
    return status;
  }

  private static void prompt() {
    if (Boolean.getBoolean("jackfield.prompt")) {
      System.out.print("jackfield> ");
      System.out.flush();
    }
  }

  private int ask(SocketChannel channel, String command) throws IOException {
    OutputStream out = Channels.newOutputStream(channel);
    out.write((command + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
    InputStream in = Channels.newInputStream(channel);
    PrintStream print = System.out;
    byte[] block = new byte[8192];
    for (int n = in.read(block); n >= 0; n = in.read(block)) {
      int end = endOfOutput(block, n);
      print.write(block, 0, end);
      if (end < n) {
        print.flush();
        int status = end + 1 < n ? block[end + 1] : in.read();
        return status == '0' ? 0 : 1;
      }
    }
    print.flush();
    throw new IOException("the server has closed the connection");
  }

  private static int endOfOutput(byte[] block, int length) {
    for (int i = 0; i < length; i++) {
      if (block[i] == 0) {
        return i;
      }
    }
    return length;
  }
}
