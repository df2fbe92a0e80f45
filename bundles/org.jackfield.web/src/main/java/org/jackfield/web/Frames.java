package org.jackfield.web;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The last events as SSE frames, kept once for all clients: a client is only a position in here. It
 * is bounded by age and by number; who fell behind the oldest has to begin again. A frame is
 * written out when the first client needs it, so events cost nothing while nobody listens. One
 * thread appends, any thread reads.
 */
final class Frames {
  private static final int MOST_AT_ONCE = 64 * 1024;

  private static final class Frame {
    private final long at;
    private @Nullable Supplier<byte[]> source;
    private byte @Nullable [] bytes;

    Frame(long at, Supplier<byte[]> source) {
      this.at = at;
      this.source = source;
    }

    synchronized byte[] bytes() {
      byte[] written = bytes;
      if (written == null) {
        Supplier<byte[]> from = source;
        written = from == null ? new byte[0] : from.get();
        bytes = written;
        source = null;
      }
      return written;
    }
  }

  /** Some frames in order, and the position after them. */
  record Chunk(byte[] bytes, long position) {}

  private final ConcurrentSkipListMap<Long, Frame> ring = new ConcurrentSkipListMap<>();
  private final String epoch;
  private final long age;
  private final int most;
  private final LongSupplier nanoTime;
  private volatile long forgotten;
  private volatile long last;

  /**
   * @param last the number of the last event before the first that will be appended
   */
  Frames(String epoch, long last, Duration age, int most, LongSupplier nanoTime) {
    this.epoch = epoch;
    this.age = age.toNanos();
    this.most = most;
    this.nanoTime = nanoTime;
    this.last = last;
    this.forgotten = last;
  }

  String epoch() {
    return epoch;
  }

  long last() {
    return last;
  }

  /** Whether everything after this event is still here. */
  boolean holds(long position) {
    return position >= forgotten && position <= last;
  }

  void append(long sequence, String type, Supplier<byte[]> data) {
    long now = nanoTime.getAsLong();
    ring.put(sequence, new Frame(now, () -> frame(sequence, type, data.get())));
    last = sequence;
    Map.Entry<Long, Frame> oldest = ring.firstEntry();
    while (oldest != null && (now - oldest.getValue().at > age || ring.size() > most)) {
      forgotten = oldest.getKey();
      ring.remove(oldest.getKey());
      oldest = ring.firstEntry();
    }
  }

  /** What follows a position: an empty chunk where nothing is new, nothing where it is gone. */
  Optional<Chunk> after(long position) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    long end = position;
    for (Map.Entry<Long, Frame> next : ring.tailMap(position, false).entrySet()) {
      bytes.writeBytes(next.getValue().bytes());
      end = next.getKey();
      if (bytes.size() >= MOST_AT_ONCE) {
        break;
      }
    }
    return holds(position) ? Optional.of(new Chunk(bytes.toByteArray(), end)) : Optional.empty();
  }

  byte[] frame(long sequence, String type, byte[] data) {
    byte[] head =
        ("id: " + epoch + ":" + sequence + "\nevent: " + type + "\ndata: ")
            .getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream frame = new ByteArrayOutputStream(head.length + data.length + 2);
    frame.writeBytes(head);
    frame.writeBytes(data);
    frame.write('\n');
    frame.write('\n');
    return frame.toByteArray();
  }
}
