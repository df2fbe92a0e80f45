package org.jackfield.itests.asterisk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Who hears whom: the proof that an operation moved the voice. A phone's record grows while sound
 * arrives, so only what was added while we listened counts; a phone that gets nothing hears nobody.
 */
public final class Tones {
  private static final int RATE = 8_000;
  private static final int WINDOW = RATE / 2 * 2; // bytes of half a second
  private static final double LOUD = 3e5;

  private Tones() {}

  /** Listens for half a second of new sound, until there was none for a second. */
  public static Set<Voice> hears(Phone phone) {
    var record = phone.record();
    long from = size(record);
    long last = from;
    long since = System.nanoTime();
    while (System.nanoTime() - since < 1_000_000_000L) {
      Wait.pause(50);
      var now = phone.record();
      if (!now.equals(record)) {
        record = now;
        from = Math.min(44, size(record));
      }
      if (size(record) != last) {
        last = size(record);
        since = System.nanoTime();
      }
      if (size(record) - from >= WINDOW) {
        return voices(record.orElseThrow());
      }
    }
    return EnumSet.noneOf(Voice.class);
  }

  /** Waits until each phone hears exactly those voices. */
  public static void await(Map<Phone, Set<Voice>> expected) {
    expected.forEach(
        (phone, voices) -> {
          var last = new AtomicReference<Set<Voice>>(Set.of());
          Wait.until(
              phone.voice() + " hears " + voices,
              Duration.ofSeconds(60),
              () -> {
                last.set(hears(phone));
                return last.get().equals(voices);
              },
              () -> "hears " + last.get());
        });
  }

  private static long size(Optional<Path> record) {
    return record.map(r -> r.toFile().length()).orElse(0L);
  }

  private static Set<Voice> voices(Path record) {
    var bytes = new byte[WINDOW];
    try (var file = new RandomAccessFile(record.toFile(), "r")) {
      file.seek(((file.length() - WINDOW) & ~1L));
      file.readFully(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var samples = new short[WINDOW / 2];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
    var heard = EnumSet.noneOf(Voice.class);
    Arrays.stream(Voice.values()).filter(v -> power(samples, v.hertz()) > LOUD).forEach(heard::add);
    return heard;
  }

  /** Goertzel's filter: the power of one frequency. */
  static double power(short[] samples, int hertz) {
    double c = 2 * Math.cos(2 * Math.PI * hertz / RATE);
    double s1 = 0;
    double s2 = 0;
    for (short sample : samples) {
      double s0 = sample + c * s1 - s2;
      s2 = s1;
      s1 = s0;
    }
    return (s1 * s1 + s2 * s2 - c * s1 * s2) / ((double) samples.length * samples.length);
  }
}
