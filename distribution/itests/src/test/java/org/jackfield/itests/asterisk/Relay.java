package org.jackfield.itests.asterisk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A wire between the driver and one port of the PBX that can be cut and mended. */
public final class Relay implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private final Set<Socket> ends = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;

  private Relay(ServerSocket server, int target) {
    this.server = server;
    this.target = target;
  }

  public static Relay to(int target) {
    try {
      var relay = new Relay(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target);
      Thread.ofPlatform().daemon().name("relay-" + target).start(relay::accept);
      return relay;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return server.getLocalPort();
  }

  /** Every connection breaks, and new ones break at once. */
  public void cut() {
    cut = true;
    ends.forEach(Relay::drop);
    ends.clear();
  }

  public void mend() {
    cut = false;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var client = server.accept();
        if (cut) {
          drop(client);
          continue;
        }
        connect(client);
      } catch (IOException e) {
        if (!server.isClosed() && !cut) {
          System.out.println("relay: " + e);
        }
      }
    }
  }

  /** A PBX that is not there refuses, and so does the wire. */
  private void connect(Socket client) {
    try {
      var pbx = new Socket(InetAddress.getLoopbackAddress(), target);
      ends.add(client);
      ends.add(pbx);
      Thread.ofVirtual().start(() -> pump(client, pbx));
      Thread.ofVirtual().start(() -> pump(pbx, client));
    } catch (IOException refused) {
      drop(client);
    }
  }

  private void pump(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      drop(to);
    }
    ends.remove(from);
    ends.remove(to);
  }

  private static void drop(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    cut();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
