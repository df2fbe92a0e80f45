package org.jackfield.deployer.verify;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jackfield.api.rollout.BundleProblem;

/**
 * A ZIP that every reader reads alike. The format lets two readers see two files: one follows the
 * central directory, another the local headers; bytes may stand before, between and behind the
 * entries; a name may come twice. All that is refused, so that what was verified through one reader
 * is what the framework later loads through another. APPNOTE 6.3, sections 4.3.7 to 4.3.16.
 */
final class StrictZip {
  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int DESCRIPTOR = 0x08074b50;
  private static final int LOCAL_SIZE = 30;
  private static final int CENTRAL_SIZE = 46;
  private static final int END_SIZE = 22;
  private static final int LONGEST_NAME = 512;
  private static final int LARGE = 1 << 20;

  /** One entry. */
  record Entry(
      String name,
      int flags,
      int method,
      long crc,
      int packed,
      int size,
      int header,
      int data,
      boolean link) {
    boolean directory() {
      return name.endsWith("/");
    }

    private boolean described() {
      return (flags & 8) != 0;
    }
  }

  private final byte[] bytes;
  private final ByteBuffer in;
  private final ZipLimits limits;
  private final List<Entry> entries = new ArrayList<>();

  private StrictZip(byte[] bytes, ZipLimits limits) {
    this.bytes = bytes;
    this.in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    this.limits = limits;
  }

  /** Reads and checks the whole of it; every entry is unpacked once, within the limits. */
  static StrictZip read(byte[] bytes, ZipLimits limits) throws Refused {
    if (bytes.length > limits.jarBytes()) {
      throw new Refused(
          BundleProblem.TOO_LARGE,
          "It has %d bytes, at most %d are taken; a driver brings no data and no libraries that it does not use."
              .formatted(bytes.length, limits.jarBytes()));
    }
    StrictZip zip = new StrictZip(bytes, limits);
    try {
      zip.readDirectory();
      zip.checkPlaces();
      zip.checkNames();
      zip.checkContents();
    } catch (IndexOutOfBoundsException cutOff) {
      throw new Refused(
          BundleProblem.NOT_A_JAR, "It is cut off or damaged; build it and send it again.");
    }
    return zip;
  }

  List<Entry> entries() {
    return List.copyOf(entries);
  }

  Optional<Entry> entry(String name) {
    return entries.stream().filter(e -> e.name().equals(name)).findFirst();
  }

  /** The entry, unpacked. */
  byte[] content(Entry entry) throws Refused {
    byte[] out = new byte[entry.size()];
    if (entry.method() == 0) {
      System.arraycopy(bytes, entry.data(), out, 0, out.length);
      return out;
    }
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(bytes, entry.data(), entry.packed());
      int n = 0;
      while (n < out.length && !inflater.finished()) {
        int step = inflater.inflate(out, n, out.length - n);
        if (step == 0) {
          break;
        }
        n += step;
      }
      // one more byte would be more than the entry says of itself
      boolean more = !inflater.finished() && inflater.inflate(new byte[1]) > 0;
      if (more) {
        throw new Refused(
            BundleProblem.ZIP_BOMB, "'" + entry.name() + "' unpacks to more than it says.");
      }
      if (n < out.length || !inflater.finished() || inflater.getRemaining() > 0) {
        throw damaged(entry.name());
      }
      return out;
    } catch (DataFormatException broken) {
      throw damaged(entry.name());
    } finally {
      inflater.end();
    }
  }

  private static Refused damaged(String name) {
    return new Refused(
        BundleProblem.NOT_A_JAR, "'" + name + "' is damaged; build the JAR and send it again.");
  }

  private void readDirectory() throws Refused {
    int end = bytes.length - END_SIZE;
    if (end < 0 || in.getInt(end) != END || in.getShort(end + 20) != 0) {
      throw endIsElsewhere();
    }
    int count = u16(end + 10);
    long size = u32(end + 12);
    long start = u32(end + 16);
    if (count != u16(end + 8) || u16(end + 4) != 0 || u16(end + 6) != 0 || count == 0xffff) {
      throw new Refused(
          BundleProblem.NOT_A_JAR, "It is a ZIP in parts or a ZIP64; build it with jar or Maven.");
    }
    if (count > limits.entries()) {
      throw new Refused(
          BundleProblem.TOO_MANY_ENTRIES,
          "It has %d entries, at most %d are taken.".formatted(count, limits.entries()));
    }
    if (start + size != end) {
      throw hidden("between its last entry and its end");
    }
    int at = (int) start;
    long total = 0;
    for (int i = 0; i < count; i++) {
      Entry entry = readEntry(at, (int) start);
      entries.add(entry);
      total += entry.size();
      at += CENTRAL_SIZE + u16(at + 28) + u16(at + 30) + u16(at + 32);
    }
    if (at != end) {
      throw hidden("in its directory");
    }
    if (total > limits.totalBytes()) {
      throw new Refused(
          BundleProblem.ZIP_BOMB,
          "It unpacks to %d bytes, at most %d are taken.".formatted(total, limits.totalBytes()));
    }
  }

  private Refused endIsElsewhere() {
    for (int at = bytes.length - END_SIZE; at >= 0; at--) {
      if (in.getInt(at) == END) {
        return hidden("behind its end");
      }
    }
    return new Refused(
        BundleProblem.NOT_A_JAR, "It is no JAR; send the file that the build makes.");
  }

  private static Refused hidden(String where) {
    return new Refused(
        BundleProblem.HIDDEN_DATA,
        "There are bytes " + where + " that belong to no entry; build it with jar or Maven.");
  }

  private Entry readEntry(int at, int directory) throws Refused {
    if (in.getInt(at) != CENTRAL) {
      throw new Refused(BundleProblem.NOT_A_JAR, "Its directory is damaged; build it again.");
    }
    String name = name(at + CENTRAL_SIZE, u16(at + 28));
    long packed = u32(at + 20);
    long size = u32(at + 24);
    long header = u32(at + 42);
    int flags = u16(at + 8);
    int method = u16(at + 10);
    if ((flags & ~0x080e) != 0 || (method != 0 && method != 8)) {
      throw new Refused(
          BundleProblem.NOT_A_JAR, "'" + name + "' is packed in a way that JARs do not use.");
    }
    if (header + LOCAL_SIZE > directory || packed > directory) {
      throw damaged(name);
    }
    if (size > limits.entryBytes()
        || (size > LARGE && size / Math.max(1, packed) > limits.ratio())) {
      throw new Refused(
          BundleProblem.ZIP_BOMB,
          "'%s' unpacks from %d to %d bytes; at most %d bytes, and %d times, are taken."
              .formatted(name, packed, size, limits.entryBytes(), limits.ratio()));
    }
    boolean link = u16(at + 4) >> 8 == 3 && (in.getInt(at + 38) >>> 16 & 0170000) == 0120000;
    int data = (int) header + LOCAL_SIZE + u16((int) header + 26) + u16((int) header + 28);
    return new Entry(
        name, flags, method, u32(at + 16), (int) packed, (int) size, (int) header, data, link);
  }

  /** Each entry begins where the one before it ends, the first at 0, and both headers agree. */
  private void checkPlaces() throws Refused {
    List<Entry> byPlace = new ArrayList<>(entries);
    byPlace.sort(Comparator.comparingInt(Entry::header));
    int expected = 0;
    for (Entry entry : byPlace) {
      int at = entry.header();
      if (at != expected) {
        throw hidden(at < expected ? "shared by two entries" : "before '" + entry.name() + "'");
      }
      checkLocal(entry);
      expected = endOf(entry);
    }
    int end = bytes.length - END_SIZE;
    if (expected != u32(end + 16)) {
      throw hidden("behind its last entry");
    }
  }

  private void checkLocal(Entry entry) throws Refused {
    int at = entry.header();
    boolean same =
        in.getInt(at) == LOCAL
            && u16(at + 6) == entry.flags()
            && u16(at + 8) == entry.method()
            && name(at + LOCAL_SIZE, u16(at + 26)).equals(entry.name())
            && (entry.described()
                || (u32(at + 14) == entry.crc()
                    && u32(at + 18) == entry.packed()
                    && u32(at + 22) == entry.size()));
    if (!same) {
      throw new Refused(
          BundleProblem.HIDDEN_DATA,
          "'" + entry.name() + "' is told in two ways; build it with jar or Maven.");
    }
  }

  /** Behind the data there may be a descriptor, with or without its mark. */
  private int endOf(Entry entry) {
    int end = entry.data() + entry.packed();
    if (!entry.described()) {
      return end;
    }
    return end + (in.getInt(end) == DESCRIPTOR ? 16 : 12);
  }

  private void checkNames() throws Refused {
    Set<String> seen = new HashSet<>();
    for (Entry entry : entries) {
      String name = entry.name();
      if (entry.link() || !isPlain(name)) {
        throw new Refused(
            BundleProblem.PATH_ESCAPE,
            "'" + printable(name) + "' leads out of the JAR or is a link; name entries plainly.");
      }
      boolean meta = name.regionMatches(true, 0, "META-INF/", 0, 9);
      if (!seen.add(meta ? name.toUpperCase(Locale.ROOT) : name)) {
        throw new Refused(
            BundleProblem.DUPLICATE_ENTRY, "'" + name + "' is there twice; build it again.");
      }
    }
  }

  private static boolean isPlain(String name) {
    if (name.isEmpty() || name.length() > LONGEST_NAME || name.startsWith("/")) {
      return false;
    }
    if (name.chars().anyMatch(c -> c < ' ' || c == 127 || c == '\\' || c == ':')) {
      return false;
    }
    String path = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        return false;
      }
    }
    return true;
  }

  private static String printable(String name) {
    String text = name.replaceAll("\\p{Cntrl}", "?");
    return text.length() > 80 ? text.substring(0, 80) + "…" : text;
  }

  private void checkContents() throws Refused {
    for (Entry entry : entries) {
      if (entry.method() == 0 && entry.packed() != entry.size()) {
        throw damaged(entry.name());
      }
      byte[] content = content(entry);
      CRC32 crc = new CRC32();
      crc.update(content);
      if (crc.getValue() != entry.crc() || (entry.directory() && content.length > 0)) {
        throw damaged(entry.name());
      }
      boolean archive =
          content.length > 3 && content[0] == 'P' && content[1] == 'K' && content[2] < 9;
      if (archive || entry.name().toLowerCase(Locale.ROOT).matches(".*\\.(jar|zip|war)")) {
        throw new Refused(
            BundleProblem.NESTED_ARCHIVE,
            "'"
                + entry.name()
                + "' is an archive in the archive; unpack its classes into the JAR.");
      }
    }
  }

  private String name(int at, int length) throws Refused {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(in.slice(at, length)).toString();
    } catch (CharacterCodingException notUtf8) {
      throw new Refused(BundleProblem.PATH_ESCAPE, "An entry's name is not UTF-8; rename it.");
    }
  }

  private int u16(int at) {
    return Short.toUnsignedInt(in.getShort(at));
  }

  private long u32(int at) {
    return Integer.toUnsignedLong(in.getInt(at));
  }
}
