package org.jackfield.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jackfield.api.event.Event;
import org.jackfield.api.event.Position;

/**
 * Writes events as SSE frames, each one once however many clients read it, and none while nobody
 * reads. Any thread; two threads that need the same frame at once may both write it.
 */
final class Frames {
  private static final int KEPT = 4096;

  private record Frame(Position position, byte[] bytes) {}

  private final AtomicReferenceArray<Frame> kept = new AtomicReferenceArray<>(KEPT);
  private final Function<Event, ObjectNode> shape;

  /**
   * @param shape the event as JSON; its member {@code type} is the frame's event
   */
  Frames(Function<Event, ObjectNode> shape) {
    this.shape = shape;
  }

  byte[] of(List<Event> events) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Event event : events) {
      bytes.writeBytes(of(event));
    }
    return bytes.toByteArray();
  }

  private byte[] of(Event event) {
    int place = (int) Long.remainderUnsigned(event.position().sequence(), KEPT);
    Frame frame = kept.get(place);
    if (frame == null || !frame.position().equals(event.position())) {
      frame = new Frame(event.position(), write(event.position(), shape.apply(event)));
      kept.set(place, frame);
    }
    return frame.bytes();
  }

  /** Tells a client that it has to begin again from here. */
  static byte[] reset(Position from, Instant at) {
    ObjectNode data = Json.object();
    data.put("type", "reset");
    data.put("at", Json.time(at));
    return write(from, data);
  }

  private static byte[] write(Position position, ObjectNode data) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream(512);
    String head = "id: " + position + "\nevent: " + data.path("type").asText() + "\ndata: ";
    frame.writeBytes(head.getBytes(StandardCharsets.UTF_8));
    frame.writeBytes(Json.bytes(data));
    frame.write('\n');
    frame.write('\n');
    return frame.toByteArray();
  }
}
