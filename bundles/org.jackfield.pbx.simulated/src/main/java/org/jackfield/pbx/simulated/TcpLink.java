package org.jackfield.pbx.simulated;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The PBX's clients on loopback TCP, any number of them. A client that does not read is dropped
 * when its queue is full; one that writes faster than the PBX works is read more slowly.
 */
final class TcpLink implements Closeable {

  private static final int QUEUED_MESSAGES = 50_000;
  private static final int WAITING_COMMANDS = 1_000;
  private static final int LONGEST_LINE = 65_536;
  private static final String END = "";

  private final Pbx pbx;
  private final Executor thread;
  private final ServerSocket listener;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private @Nullable Message encoded;
  private String line = "";

  /** Listens, and accepts clients from now on. */
  TcpLink(Pbx pbx, Executor thread, int port) throws IOException {
    this.pbx = pbx;
    this.thread = thread;
    this.listener = new ServerSocket();
    listener.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
    Thread.ofVirtual().name("pbx-accept").start(this::accept);
  }

  /** Where clients find it: {@code host:port}. */
  String address() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        Link link = new Link(socket);
        links.add(link);
        thread.execute(link::open);
      } catch (IOException closedOrRefused) {
        // Closed: the loop ends. A client that went at once is no loss.
        continue;
      }
    }
  }

  /** All clients get the same events: each is encoded once. On the PBX's thread only. */
  private String encode(Message message) {
    if (message != encoded) {
      encoded = message;
      line = Lines.line(message);
    }
    return line;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    links.forEach(Link::cut);
  }

  private final class Link implements Pbx.Outlet {
    private final Socket socket;
    private final BlockingQueue<String> queue = new ArrayBlockingQueue<>(QUEUED_MESSAGES);
    private final Semaphore waiting = new Semaphore(WAITING_COMMANDS);

    Link(Socket socket) {
      this.socket = socket;
    }

    void open() {
      Pbx.Client client = pbx.attach(this);
      if (client == null) {
        cut();
        return;
      }
      Thread.ofVirtual().name("pbx-write").start(this::write);
      Thread.ofVirtual().name("pbx-read").start(() -> read(client));
    }

    @Override
    public void tell(Message message) {
      if (!queue.offer(encode(message))) {
        cut();
      }
    }

    @Override
    public void cut() {
      links.remove(this);
      queue.clear();
      queue.offer(END);
      try {
        socket.close();
      } catch (IOException alreadyBroken) {
        // It is as closed as it can be.
        return;
      }
    }

    private void write() {
      try (BufferedWriter out =
          new BufferedWriter(
              new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8))) {
        for (String next = queue.take(); !next.equals(END); next = queue.take()) {
          out.write(next);
          out.write('\n');
          if (queue.isEmpty()) {
            out.flush();
          }
        }
      } catch (IOException gone) {
        cut();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }

    private void read(Pbx.Client client) {
      try (BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
        for (String text = nextLine(in); text != null; text = nextLine(in)) {
          give(client, text);
        }
      } catch (IOException | Lines.Malformed gone) {
        // A broken or senseless client is treated as one that has gone.
        cut();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      } finally {
        cut();
        thread.execute(client::detach);
      }
    }

    private void give(Pbx.Client client, String text) throws Lines.Malformed, InterruptedException {
      waiting.acquire();
      Runnable task = task(client, text);
      thread.execute(
          () -> {
            waiting.release();
            task.run();
          });
    }

    private Runnable task(Pbx.Client client, String text) throws Lines.Malformed {
      try {
        Command command = Lines.command(text);
        return () -> client.command(command);
      } catch (Lines.Malformed malformed) {
        String id = malformed.id();
        if (id == null) {
          throw malformed;
        }
        return () -> client.malformed(id);
      }
    }

    private static @Nullable String nextLine(BufferedReader in)
        throws IOException, Lines.Malformed {
      StringBuilder text = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          return null;
        }
        if (text.length() >= LONGEST_LINE) {
          throw new Lines.Malformed(null, "line too long");
        }
        text.append((char) c);
      }
      return text.toString();
    }
  }
}
