package org.jackfield.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is owed is kept, in order, within its bounds. */
class BacklogTest {
  private static final long PLENTY = 1 << 20;
  @TempDir Path folder;

  private static List<Item> items(int from, int to) {
    List<Item> items = new ArrayList<>();
    for (int i = from; i < to; i++) {
      items.add(new Item.Audited("e" + i, Calls.entry(i)));
    }
    return items;
  }

  private static List<String> names(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "e" + i).toList();
  }

  private static List<String> drain(Backlog backlog) throws InterruptedException {
    List<String> all = new ArrayList<>();
    for (List<Item> some = backlog.next(7, 0); !some.isEmpty(); some = backlog.next(7, 0)) {
      some.forEach(item -> all.add(((Item.Audited) item).entry()));
      backlog.done();
    }
    return all;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  @Test
  void theSameIsGivenAgainUntilItIsDone() throws Exception {
    try (Backlog backlog = new Backlog(folder, PLENTY, 10)) {
      backlog.add(items(0, 20));
      assertThat(backlog.next(5, 0)).isEqualTo(backlog.next(5, 0)).hasSize(5);
      assertThat(backlog.owed()).isEqualTo(20);
      backlog.done();
      assertThat(backlog.owed()).isEqualTo(15);
      assertThat(drain(backlog)).isEqualTo(names(5, 20));
    }
    assertThat(files()).as("nothing is owed").isEmpty();
  }

  @Test
  void whatIsOwedOutlivesTheProcess() throws Exception {
    try (Backlog first = new Backlog(folder, PLENTY, 10)) {
      first.add(items(0, 20));
      first.next(5, 0);
    }
    try (Backlog second = new Backlog(folder, PLENTY, 10)) {
      assertThat(second.owed()).isEqualTo(20);
      second.add(items(20, 25));
      assertThat(drain(second)).isEqualTo(names(0, 25));
    }
  }

  @Test
  void aTornEndIsCutAtEachOfItsBytesAndTheRestIsKept() throws Exception {
    // given
    try (Backlog first = new Backlog(folder, PLENTY, 10)) {
      first.add(items(0, 3));
    }
    Path file = files().getFirst();
    byte[] whole = Files.readAllBytes(file);
    int last =
        new String(whole, StandardCharsets.ISO_8859_1).lastIndexOf('\n', whole.length - 2) + 1;
    for (int length = last; length < whole.length; length++) {
      // when
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      // then
      try (Backlog second = new Backlog(folder, PLENTY, 10)) {
        assertThat(second.owed()).isEqualTo(2);
        second.add(items(3, 4));
        assertThat(drain(second)).containsExactly("e0", "e1", "e3");
        assertThat(second.lost()).isZero();
      }
    }
  }

  @Test
  void aDamagedLineIsCountedAndPassedOver() throws Exception {
    try (Backlog first = new Backlog(folder, PLENTY, 10)) {
      first.add(items(0, 3));
    }
    Path file = files().getFirst();
    Files.writeString(file, Files.readString(file).replace("\"e1\"", "\"e7\""));
    try (Backlog second = new Backlog(folder, PLENTY, 10)) {
      assertThat(drain(second)).containsExactly("e0", "e2");
      assertThat(second.lost()).isEqualTo(1);
      assertThat(second.owed()).isZero();
    }
  }

  @Test
  void whatExceedsTheBoundsIsCountedAndToldOf() throws Exception {
    // given room for about 3 kB in files and five items in memory
    try (Backlog backlog = new Backlog(folder, 3_000, 5)) {
      int added = 0;
      while (backlog.lost() == 0) {
        backlog.add(items(added, ++added));
      }
      int kept = added - 1;
      assertThat(backlog.owed()).isEqualTo(kept);
      assertThat(backlog.trouble()).contains("bound");
      backlog.add(items(added, added + 4));
      assertThat(backlog.lost()).isEqualTo(5);
      // when there is room again
      assertThat(drain(backlog)).isEqualTo(names(0, kept));
      backlog.tidy();
      try (Backlog roomy = new Backlog(folder.resolve("other"), PLENTY, 5)) {
        assertThat(roomy.lost()).isZero();
      }
    }
  }

  @Test
  void aGapHasAnEntryAsSoonAsThereIsRoom() throws Exception {
    try (Backlog backlog = new Backlog(folder, PLENTY, 5)) {
      backlog.missed(3, Tape.NOON);
      backlog.add(items(0, 1));
      List<Item> given = backlog.next(9, 0);
      assertThat(given).hasSize(2);
      Item.Audited gap = (Item.Audited) given.getFirst();
      assertThat(gap.audit().action()).isEqualTo("history.lost");
      assertThat(gap.audit().detail()).startsWith("3 events and audit entries since " + Tape.NOON);
    }
  }

  @Test
  void whereNoFileCanBeWrittenTheNewestWaitInMemory() throws Exception {
    // given a folder that goes away: a new file cannot be made there
    Path gone = folder.resolve("gone");
    try (Backlog backlog = new Backlog(gone, PLENTY, 8)) {
      Files.delete(gone);
      backlog.add(items(0, 6));
      assertThat(backlog.trouble()).contains("cannot be written");
      assertThat(backlog.owed()).isEqualTo(6);
      assertThat(backlog.next(4, 0)).hasSize(4);
      // when it is back, while the reader has some of them
      Files.createDirectory(gone);
      backlog.add(items(6, 8));
      backlog.done();
      backlog.add(items(8, 9));
      // then
      assertThat(drain(backlog)).isEqualTo(names(4, 9));
      assertThat(backlog.trouble()).isEmpty();
      assertThat(backlog.lost()).isZero();
      backlog.tidy();
    }
  }

  /** One that is too far behind must not spend its time on trying what cannot be. */
  @Test
  void whatWaitsInMemoryGoesIntoTheFilesInOrderAsSoonAsThereIsRoom() throws Exception {
    // given full files, and more in memory than goes into them at once
    try (Backlog backlog = new Backlog(folder, 3 << 20, 20_000)) {
      int added = 0;
      while (backlog.trouble().isEmpty()) {
        backlog.add(items(added, added += 500));
      }
      backlog.add(items(added, added += 4_000));
      // when
      List<String> given = new ArrayList<>();
      while (backlog.owed() > 0) {
        backlog.next(700, 0).forEach(item -> given.add(((Item.Audited) item).entry()));
        backlog.done();
        backlog.tidy();
        if (added < 20_000) {
          backlog.add(items(added, added += 100));
        }
      }
      // then
      assertThat(given).isEqualTo(names(0, added));
      assertThat(backlog.lost()).isZero();
      assertThat(backlog.trouble()).isEmpty();
    }
  }
}
