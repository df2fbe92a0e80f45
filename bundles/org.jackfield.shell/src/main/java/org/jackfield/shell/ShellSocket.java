package org.jackfield.shell;

import java.io.IOException;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.felix.service.command.CommandProcessor;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way into the running server's shell: a socket in the file system, {@code data/shell.sock},
 * which only the server's own user may open. There is no network port and so no password.
 *
 * <p>Each connection is one conversation on a thread of its own. A server without this socket works
 * in every other way, so a socket that cannot be bound is an error in the log and no more.
 */
@Component(service = {})
public final class ShellSocket {
  private static final Logger LOG = LoggerFactory.getLogger(ShellSocket.class);

  private final CommandProcessor processor;
  private final Path path;
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
  private final ServerSocketChannel server;

  @Activate
  public ShellSocket(BundleContext context, @Reference CommandProcessor processor)
      throws IOException {
    this.processor = processor;
    String home = context.getProperty("jackfield.home");
    this.path = shortest(Path.of(home == null ? "" : home).resolve("data/shell.sock"));
    this.server = listen(path);
    Thread.ofVirtual().name("shell-accept").start(this::accept);
  }

  /** A socket's path may have some hundred bytes only; a home may lie deeper than that. */
  private static Path shortest(Path path) {
    Path absolute = path.toAbsolutePath();
    Path relative = Path.of("").toAbsolutePath().relativize(absolute);
    return relative.toString().length() < absolute.toString().length() ? relative : absolute;
  }

  private static ServerSocketChannel listen(Path path) throws IOException {
    Files.createDirectories(path.toAbsolutePath().getParent());
    Files.deleteIfExists(path); // left by a server that was killed; the home is locked by ours
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(path));
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      return server;
    } catch (BindException e) {
      server.close();
      throw new IOException("the shell cannot be reached: " + path + ": " + e.getMessage(), e);
    }
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        SocketChannel channel = server.accept();
        open.add(channel);
        Thread.ofPlatform().daemon().name("shell").start(() -> converse(channel));
      } catch (IOException e) {
        if (server.isOpen()) {
          LOG.error("the shell takes no more connections", e);
        }
        return;
      }
    }
  }

  private void converse(SocketChannel channel) {
    try (channel) {
      new Conversation(processor, channel).run();
    } catch (IOException e) {
      LOG.debug("a shell connection ended: {}", e.toString());
    } finally {
      open.remove(channel);
    }
  }

  @Deactivate
  void close() throws IOException {
    server.close();
    Files.deleteIfExists(path);
    for (SocketChannel channel : open) {
      channel.close();
    }
  }
}
