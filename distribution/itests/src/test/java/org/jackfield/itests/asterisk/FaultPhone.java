package org.jackfield.itests.asterisk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * A SIP user agent server over UDP that never takes a call: it is busy, declines, or rings for
 * ever.
 */
public final class FaultPhone implements AutoCloseable {
  private final DatagramSocket socket;
  private final int status;
  private final String reason;
  private final Map<String, String> ringing = new ConcurrentHashMap<>();

  private FaultPhone(int port, int status, String reason) throws IOException {
    this.socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    this.status = status;
    this.reason = reason;
  }

  static FaultPhone answering(int port, int status, String reason) {
    return start(port, status, reason);
  }

  static FaultPhone ringing(int port) {
    return start(port, 180, "Ringing");
  }

  private static FaultPhone start(int port, int status, String reason) {
    try {
      var phone = new FaultPhone(port, status, reason);
      Thread.ofPlatform().daemon().name("fault-phone-" + status).start(phone::serve);
      return phone;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve() {
    var packet = new DatagramPacket(new byte[65_535], 65_535);
    while (!socket.isClosed()) {
      try {
        packet.setLength(65_535);
        socket.receive(packet);
        var text = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
        handle(text, packet.getSocketAddress());
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void handle(String request, SocketAddress from) throws IOException {
    var call = header(request, "Call-ID");
    if (request.startsWith("INVITE ")) {
      if (status < 200) {
        ringing.put(call, request);
      }
      respond(request, status, reason, from);
    } else if (request.startsWith("CANCEL ")) {
      respond(request, 200, "OK", from);
      var invite = ringing.remove(call);
      if (invite != null) {
        respond(invite, 487, "Request Terminated", from);
      }
    } else if (!request.startsWith("ACK ") && !request.startsWith("SIP/2.0")) {
      respond(request, 200, "OK", from);
    }
  }

  /** How many calls ring here now. */
  public int ringing() {
    return ringing.size();
  }

  private void respond(String request, int code, String phrase, SocketAddress to)
      throws IOException {
    var echoed =
        request
            .lines()
            .takeWhile(line -> !line.isEmpty())
            .filter(line -> line.matches("(?i)(Via|From|Call-ID|CSeq|Record-Route):.*"))
            .collect(Collectors.joining("\r\n"));
    var answer =
        String.join(
            "\r\n",
            List.of(
                "SIP/2.0 " + code + " " + phrase,
                echoed,
                "To: "
                    + header(request, "To")
                    + (header(request, "To").contains("tag=") ? "" : ";tag=fault"),
                "Contact: <sip:fault@127.0.0.1:" + socket.getLocalPort() + ">",
                "Content-Length: 0",
                "",
                ""));
    var bytes = answer.getBytes(StandardCharsets.UTF_8);
    socket.send(new DatagramPacket(bytes, bytes.length, to));
  }

  private static String header(String message, String name) {
    return message
        .lines()
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }

  @Override
  public void close() {
    socket.close();
  }
}
