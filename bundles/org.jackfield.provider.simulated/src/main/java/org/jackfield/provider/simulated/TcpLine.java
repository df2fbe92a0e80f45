package org.jackfield.provider.simulated;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A line over TCP, with two virtual threads: one reads, one writes. */
final class TcpLine implements PbxLine {

  private static final int CONNECT_MS = 2_000;
  private static final int WAITING_TEXTS = 10_000;

  /** Says where the PBX is, each time anew: one that was started again may be elsewhere. */
  @FunctionalInterface
  interface Place {
    InetSocketAddress find() throws IOException;
  }

  private final Socket socket = new Socket();
  private final BlockingQueue<String> waiting = new LinkedBlockingQueue<>(WAITING_TEXTS);
  private final Ears ears;
  private final Thread writer = Thread.ofVirtual().unstarted(this::write);
  private volatile boolean closed;

  private TcpLine(Place place, Ears ears) {
    this.ears = ears;
    Thread.ofVirtual().name("pbx-line").start(() -> read(place));
  }

  static Connector to(Place place) {
    return ears -> new TcpLine(place, ears);
  }

  @Override
  public void send(String text) {
    if (!waiting.offer(text)) {
      hangUp();
    }
  }

  @Override
  public void close() {
    closed = true;
    hangUp();
  }

  /** Ends both threads. */
  private void hangUp() {
    writer.interrupt();
    try {
      socket.close();
    } catch (IOException alreadyBroken) {
      // It is as closed as it can be.
      return;
    }
  }

  private void read(Place place) {
    String why = "the PBX hung up";
    try {
      socket.connect(place.find(), CONNECT_MS);
      socket.setTcpNoDelay(true);
      writer.start();
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      for (String text = in.readLine(); text != null && !closed; text = in.readLine()) {
        ears.heard(text);
      }
    } catch (IOException broken) {
      why = String.valueOf(broken.getMessage());
    }
    hangUp();
    if (!closed) {
      ears.lost(why);
    }
  }

  private void write() {
    try {
      OutputStream out = socket.getOutputStream();
      while (!closed) {
        out.write((waiting.take() + "\n").getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException broken) {
      hangUp(); // the reader tells why
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }
}
