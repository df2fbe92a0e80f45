package org.jackfield.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jackfield.api.journal.JournalDamaged;
import org.jackfield.api.journal.JournalRecord;
import org.junit.jupiter.api.Test;

/** Every flipped bit and every lost byte is found; none is taken for truth. */
class DamageTest {
  /** What became of a damaged journal. */
  private enum Found {
    REFUSED,
    CUT,
    /** Behind the last record of a segment that others follow: nothing is missing. */
    HARMLESS
  }

  private static final List<ByteBuffer> TRUTH =
      Samples.all().stream().map(RecordText::write).map(ByteBuffer::wrap).toList();

  private static MemoryFiles sample() {
    Opened first = Opened.on(new MemoryFiles());
    Samples.all().subList(0, 4).forEach(first::append);
    first.journal().close();
    Opened second = Opened.on(first.files());
    Samples.all().subList(4, Samples.all().size()).forEach(second::append);
    return first.files().afterKill();
  }

  private static Found look(MemoryFiles files, String what) {
    List<ByteBuffer> truth = TRUTH;
    try {
      List<ByteBuffer> kept = new ArrayList<>();
      Layout layout = Layout.read(files, frame -> kept.add(frame.payload()));
      assertThat(layout.last()).as(what).isEqualTo(kept.size());
      assertThat(kept.size()).as(what).isLessThanOrEqualTo(truth.size());
      assertThat(kept).as(what).isEqualTo(truth.subList(0, kept.size()));
      return kept.size() == truth.size() ? Found.HARMLESS : Found.CUT;
    } catch (JournalDamaged damaged) {
      assertThat(damaged).as(what).hasMessageContaining("bin/jackfield journal repair");
      return Found.REFUSED;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Where the last record of the sample begins: it was the only one in its group. */
  private static int lastRecord(MemoryFiles files, String name) {
    try {
      ByteBuffer bytes = files.read(name);
      int at = 0;
      for (var frame = Frame.read(bytes, 0);
          frame.isPresent();
          frame = Frame.read(bytes, frame.get().end())) {
        at = frame.get().at();
      }
      return at;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Test
  void aFlippedBitInEachByteIsFound() {
    MemoryFiles sample = sample();
    List<String> names = sample.list().stream().sorted().toList();
    int flips = 0;
    int refused = 0;
    for (String name : names) {
      boolean isLast = name.equals(names.getLast());
      byte[] bytes = sample.bytes(name);
      int last = lastRecord(sample, name);
      for (int at = 0; at < bytes.length; at++) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= (byte) (1 << at % 8);
        Found found = look(sample.with(name, flipped), name + ", byte " + at);
        flips++;
        refused += found == Found.REFUSED ? 1 : 0;
        if (at < last) {
          assertThat(found).as("%s, byte %d", name, at).isEqualTo(Found.REFUSED);
        } else {
          assertThat(found)
              .as("%s, byte %d", name, at)
              .isIn(isLast ? Found.CUT : Found.HARMLESS, Found.HARMLESS);
        }
      }
    }
    System.out.println(
        flips
            + " bytes of a journal flipped: "
            + refused
            + " refused; the others in its last write, cut, or behind it");
  }

  @Test
  void aFileThatIsCutAtEachByteIsRefused() {
    MemoryFiles sample = sample();
    List<String> names = sample.list().stream().sorted().toList();
    int cuts = 0;
    for (String name : names) {
      byte[] bytes = sample.bytes(name);
      boolean isLast = name.equals(names.getLast());
      int trailer = isLast ? bytes.length : lastRecord(sample, name);
      for (int length = 0; length < bytes.length; length++) {
        assertThat(look(sample.with(name, Arrays.copyOf(bytes, length)), name + " to " + length))
            .as("%s cut to %d bytes", name, length)
            .isEqualTo(length < trailer ? Found.REFUSED : Found.HARMLESS);
        cuts++;
      }
    }
    System.out.println(cuts + " truncations of a journal: each refused, or nothing was missing");
  }

  @Test
  void aFileThatIsMissingIsFound() throws IOException {
    MemoryFiles sample = sample();
    String first = sample.list().stream().sorted().findFirst().orElseThrow();
    sample.delete(first);

    assertThatThrownBy(() -> Opened.kept(sample))
        .isInstanceOf(JournalDamaged.class)
        .hasMessageContaining("records 1 to 4 are not there");
  }

  @Test
  void aNewerFormatIsRefusedByItsNumber() throws IOException {
    MemoryFiles files = new MemoryFiles();
    Opened.on(files);
    String name = files.list().getFirst();
    ByteBuffer bytes = files.read(name);
    int at = Frame.read(bytes, 0).orElseThrow().end();
    bytes.position(at);
    Frame.write(bytes, 1, 0, Frame.Kind.RECORD, 9, new byte[] {'{', '}'});

    assertThatThrownBy(() -> Opened.kept(files.with(name, bytes.array())))
        .hasMessageContaining("record 1 is of version 9")
        .hasMessageContaining("versions up to 1");
  }

  @Test
  void aRepairKeepsWhatProvesItselfAndSetsTheFilesAside() throws IOException {
    // given
    MemoryFiles sample = sample();
    String name = sample.list().stream().sorted().findFirst().orElseThrow();
    byte[] bytes = sample.bytes(name);
    int second =
        Frame.read(sample.read(name), Frame.read(sample.read(name), 0).get().end())
            .orElseThrow()
            .end();
    bytes[second + 40] ^= 4;
    MemoryFiles damaged = sample.with(name, bytes);
    assertThat(Repair.damage(damaged)).isPresent();

    // when
    List<String> report = Repair.repair(damaged, Samples.NOON);

    // then
    List<JournalRecord> expected = new ArrayList<>(Samples.all());
    expected.remove(1);
    assertThat(Opened.kept(damaged)).isEqualTo(expected);
    assertThat(report).anyMatch(line -> line.contains("records 2 to 2 are missing"));
    assertThat(damaged.bytes("damaged-2026-01-01T120000Z/" + name)).isEqualTo(bytes);
    assertThat(Repair.damage(damaged)).isEmpty();
  }

  @Test
  void everyFlippedByteCanBeRepairedAndNothingIsInvented() throws IOException {
    MemoryFiles sample = sample();
    for (String name : sample.list()) {
      byte[] bytes = sample.bytes(name);
      int end = Math.min(bytes.length, lastRecord(sample, name) + 64);
      for (int at = 0; at < end; at += 7) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= 16;
        MemoryFiles damaged = sample.with(name, flipped);
        if (Repair.damage(damaged).isPresent()) {
          Repair.repair(damaged, Samples.NOON);
        }
        List<JournalRecord> kept = Opened.kept(damaged);
        assertThat(Samples.all()).as("byte %d", at).containsAll(kept);
        assertThat(kept.size()).as("byte %d", at).isGreaterThanOrEqualTo(Samples.all().size() - 1);
      }
    }
  }
}
