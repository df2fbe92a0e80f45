package org.jackfield.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jackfield.api.journal.JournalRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A disk that is full, broken or read-only, and one that is mended. */
class FaultsTest {
  @AfterEach
  void clock() {
    Opened.now = Samples.NOON;
  }

  /** Appends enough to fill segments and to compact. */
  private static List<JournalRecord> work(Opened open, int records) {
    List<JournalRecord> acknowledged = new ArrayList<>();
    for (int i = 1; i <= records; i++) {
      JournalRecord one = i % 3 == 0 ? Samples.stands(7, "p" + i) : Samples.bound(i);
      if (open.append(one)) {
        acknowledged.add(one);
      }
      Opened.now = Opened.now.plus(Duration.ofSeconds(1));
    }
    return acknowledged;
  }

  @Test
  void anErrorAtEachOperationRefusesWhatItConcernsAndNothingElseForEver() {
    Opened clean = Opened.on(new MemoryFiles());
    work(clean, 60);
    int operations = clean.files().done.size();

    int refused = 0;
    for (int at = 0; at < operations; at++) {
      int failing = at;
      MemoryFiles files = new MemoryFiles();
      files.fail("Input/output error", number -> number == failing);
      Opened open = Opened.on(files);

      // when
      open.append(Samples.accepted(7));
      List<JournalRecord> acknowledged = work(open, 60);
      refused += 60 - acknowledged.size();

      // then it goes on by itself, and all that was acknowledged is there, before and after a cut
      assertThat(open.append(Samples.bound(1_000))).as("after %d", at).isTrue();
      assertThat(open.journal().trouble()).isEmpty();
      assertThat(acknowledged.size()).isGreaterThanOrEqualTo(58);
      List<JournalRecord> kept = Opened.kept(files.afterPowerCut());
      assertThat(kept)
          .as("with an error at %s", files.done.get(at))
          .containsAll(
              acknowledged.stream().filter(JournalRecord.CallBound.class::isInstance).toList())
          .contains(Samples.bound(1_000));
    }
    System.out.println(
        operations + " operations failed, each in its turn: " + refused + " records refused");
  }

  @Test
  void whatWasRefusedIsNotThereLater() {
    // given a sync that fails when the record is in the file already
    MemoryFiles files = new MemoryFiles();
    Opened open = Opened.on(files);
    open.append(Samples.bound(1));
    int next = files.done.size();
    files.fail("Input/output error", number -> number == next + 1);

    // when
    boolean second = open.append(Samples.bound(2));
    Opened.now = Opened.now.plus(Duration.ofSeconds(1));
    boolean third = open.append(Samples.bound(3));

    // then
    assertThat(List.of(second, third)).isEqualTo(List.of(false, true));
    assertThat(Opened.kept(files.afterKill()))
        .isEqualTo(List.of(Samples.bound(1), Samples.bound(3)));
  }

  @Test
  void afterAFailedSyncTheSegmentIsNotWrittenToAnyMore() {
    MemoryFiles files = new MemoryFiles();
    Opened open = Opened.on(files);
    open.append(Samples.bound(1));
    String broken = files.list().getFirst();
    int next = files.done.size();
    files.fail("Input/output error", number -> number == next + 1);
    open.append(Samples.bound(2));
    int since = files.done.size();

    Opened.now = Opened.now.plus(Duration.ofSeconds(1));
    open.append(Samples.bound(3));

    assertThat(files.done.subList(since, files.done.size()))
        .noneMatch(done -> done.endsWith(" " + broken));
  }

  @Test
  void aFullDiskRefusesAndResumesWhenThereIsRoom() {
    // given
    MemoryFiles files = new MemoryFiles();
    Opened open = Opened.on(files);
    work(open, 3);
    files.fail("No space left on device", number -> true);

    // when
    List<JournalRecord> meanwhile = work(open, 50);
    boolean told = open.journal().trouble().orElse("").contains("No space left");
    files.fail("", number -> false);
    boolean after = open.append(Samples.bound(99));

    // then
    assertThat(meanwhile).isEmpty();
    assertThat(told).isTrue();
    assertThat(after).isTrue();
    assertThat(open.journal().trouble()).isEmpty();
    assertThat(Opened.kept(files.afterPowerCut())).contains(Samples.bound(99));
  }

  /** Whoever is refused asks again at once, and many ask: the disk is tried again all the same. */
  @Test
  void aFullDiskResumesAlsoWhileRecordsKeepComing() {
    // given
    MemoryFiles files = new MemoryFiles();
    Opened open = Opened.on(files);
    work(open, 3);
    files.fail("No space left on device", number -> true);
    assertThat(open.append(Samples.bound(98))).isFalse();
    files.fail("", number -> false);

    // when one comes each 30 ms
    boolean after = false;
    int refused = 0;
    while (!after && refused < 100) {
      Opened.now = Opened.now.plus(Duration.ofMillis(30));
      after = open.append(Samples.bound(99));
      refused += after ? 0 : 1;
    }

    // then
    assertThat(after).as("after %d that were refused", refused).isTrue();
    assertThat(refused).isLessThanOrEqualTo(7);
    assertThat(Opened.kept(files.afterPowerCut())).contains(Samples.bound(99));
  }

  @Test
  void aJournalThatCannotBeWrittenAtItsStartIsReadAndResumes() {
    MemoryFiles files = new MemoryFiles();
    Opened.on(files).append(Samples.bound(1));
    files.fail("Read-only file system", number -> true);

    Opened open = Opened.on(files);
    boolean refused = !open.append(Samples.bound(2));
    List<JournalRecord> kept = open.kept();
    files.fail("", number -> false);
    Opened.now = Opened.now.plus(Duration.ofSeconds(1));

    assertThat(refused).isTrue();
    assertThat(kept).isEqualTo(List.of(Samples.bound(1)));
    assertThat(open.append(Samples.bound(3))).isTrue();
    assertThat(Opened.kept(files.afterPowerCut()))
        .isEqualTo(List.of(Samples.bound(1), Samples.bound(3)));
  }

  @Test
  void thePowerGoesAtEachOperation() {
    Opened clean = Opened.on(new MemoryFiles());
    work(clean, 60);
    int operations = clean.files().done.size();
    for (int at = 0; at < operations; at++) {
      // given everything from one operation on is not done any more
      int last = at;
      MemoryFiles files = new MemoryFiles();
      files.fail("the power is gone", number -> number >= last);
      Opened open = Opened.on(files);
      List<JournalRecord> acknowledged = work(open, 60);

      // then
      for (MemoryFiles after : List.of(files.afterPowerCut(), files.afterKill())) {
        List<JournalRecord> kept = Opened.kept(after);
        assertThat(kept)
            .as("cut at %s", files.done.get(at))
            .containsAll(
                acknowledged.stream().filter(JournalRecord.CallBound.class::isInstance).toList());
      }
    }
    System.out.println("the power went at each of " + operations + " operations");
  }
}
