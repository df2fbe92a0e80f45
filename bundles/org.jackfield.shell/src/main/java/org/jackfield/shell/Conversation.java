package org.jackfield.shell;

import java.io.BufferedReader;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;

/**
 * One connection to the shell: each line of UTF-8 is a command; its output goes back, followed by a
 * NUL and one digit, 0 when it was done and 1 when it failed. One session for all lines, so that
 * variables live as long as the connection.
 */
final class Conversation {
  private static final char DONE = '0';
  private static final char FAILED = '1';

  private final CommandProcessor processor;
  private final SocketChannel channel;

  Conversation(CommandProcessor processor, SocketChannel channel) {
    this.processor = processor;
    this.channel = channel;
  }

  void run() throws IOException {
    BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
    PrintStream out =
        new PrintStream(
            new WithoutNul(Channels.newOutputStream(channel)), false, StandardCharsets.UTF_8);
    try (CommandSession session =
        processor.createSession(InputStream.nullInputStream(), out, out)) {
      // what people type without a prefix is ours first
      session.put("SCOPE", "jackfield:felix:*");
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        char status = execute(session, line, out);
        out.flush();
        Channels.newOutputStream(channel).write(new byte[] {0, (byte) status});
      }
    }
  }

  private static char execute(CommandSession session, String line, PrintStream out) {
    try {
      Object result = session.execute(line);
      if (result != null) {
        out.println(session.format(result, Converter.INSPECT));
      }
      return DONE;
    } catch (Exception e) { // a command may throw whatever it likes; the person gets to read it
      out.println(e.getMessage() == null ? e.toString() : e.getMessage());
      return FAILED;
    }
  }

  /** NUL ends an answer, so none may be inside it. */
  private static final class WithoutNul extends FilterOutputStream {
    WithoutNul(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      if (b != 0) {
        out.write(b);
      }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int start = offset;
      for (int i = offset; i < offset + length; i++) {
        if (bytes[i] == 0) {
          out.write(bytes, start, i - start);
          start = i + 1;
        }
      }
      out.write(bytes, start, offset + length - start);
    }
  }
}
