package org.jackfield.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.api.journal.Remembered;
import org.jackfield.api.provider.CommandId;
import org.jackfield.api.transfer.TransferId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Only what matters stays, and the disk does not fill. */
class CompactionTest {
  @AfterEach
  void clock() {
    Opened.now = Samples.NOON;
  }

  private static List<JournalRecord> survivors(List<JournalRecord> records) {
    Remembered remembered = new Remembered(Opened.now);
    for (int i = 0; i < records.size(); i++) {
      remembered.take(i, records.get(i));
    }
    return remembered.numbers().stream().sorted().map(n -> records.get(n.intValue())).toList();
  }

  @Test
  void liveCallsOpenTransfersOutcomesAnswersAndKinshipSurvive() {
    JournalRecord withdrawn = Samples.intended(3, 2);
    List<JournalRecord> kept =
        survivors(
            List.of(
                Samples.bound(1),
                Samples.bound(2),
                Samples.ended(1),
                Samples.accepted(3),
                Samples.stands(3, "Holding"),
                Samples.intended(3, 1),
                withdrawn,
                new JournalRecord.CommandWithdrawn(new TransferId(3), new CommandId(2)),
                Samples.stands(3, "Consulting"),
                Samples.accepted(4),
                Samples.intended(4, 5),
                Samples.over(4),
                Samples.related(1, 2),
                Samples.begun("old", Samples.NOON.plusSeconds(1)),
                Samples.answered("old", Samples.NOON),
                Samples.begun("new", Samples.NOON.plusSeconds(1)),
                Samples.answered("new", Samples.NOON.plusSeconds(1)),
                Samples.begun("unanswered", Samples.NOON.plusSeconds(1))));

    assertThat(kept)
        .containsExactly(
            Samples.bound(2),
            Samples.accepted(3),
            Samples.intended(3, 1),
            Samples.stands(3, "Consulting"),
            Samples.over(4),
            Samples.related(1, 2),
            Samples.answered("new", Samples.NOON.plusSeconds(1)),
            Samples.begun("unanswered", Samples.NOON.plusSeconds(1)));
  }

  @Test
  void oldAnswersAndKinshipGo() {
    Opened.now = Samples.NOON.plus(Duration.ofHours(24));
    assertThat(
            survivors(
                List.of(Samples.related(1, 2), Samples.answered("k", Samples.NOON.plusSeconds(1)))))
        .isEmpty();
  }

  @Test
  void theDiskStaysBoundedAndTheStateIsTheSame() throws IOException {
    // given ten thousand transfers one after the other, and a few calls that live
    Opened open = Opened.on(new MemoryFiles());
    List<JournalRecord> live =
        List.of(Samples.bound(1), Samples.accepted(2), Samples.intended(2, 2));
    live.forEach(open::append);
    long most = 0;
    for (long n = 10; n < 3_000; n++) {
      open.append(Samples.bound(n));
      open.append(Samples.accepted(n));
      open.append(Samples.intended(n, n));
      open.append(Samples.stands(n, "Completing"));
      open.append(Samples.over(n));
      open.append(Samples.ended(n));
      if (n % 50 == 0) {
        most = Math.max(most, open.journal().bytesOnDisk());
      }
    }

    // then: what survives is about 1,000 outcomes of 1.2 kB, beside the segments
    assertThat(most).isLessThan(4_000_000);
    List<JournalRecord> kept = Opened.kept(open.files().afterPowerCut());
    assertThat(kept).containsAll(live);
    assertThat(survivors(kept)).containsAll(live).hasSize(live.size() + Remembered.OUTCOMES);
  }

  @Test
  void whatIsNotReadBecauseItsTransferIsOverIsWhatWouldNotHaveMatteredAnyway() throws IOException {
    // given more outcomes than are kept, and records that come late
    Opened open = Opened.on(new MemoryFiles());
    Random random = new Random(11);
    List<JournalRecord> all = new ArrayList<>();
    Set<Long> over = new HashSet<>();
    for (int i = 0; i < 9_000; i++) {
      long n = random.nextInt(2_500);
      switch (random.nextInt(6)) {
        case 0, 1 -> {
          if (over.add(n)) {
            all.add(Samples.over(n));
          }
        }
        case 2 -> {
          if (!over.contains(n)) {
            all.add(Samples.accepted(n));
          }
        }
        case 3 -> all.add(Samples.stands(n, "Holding"));
        case 4 -> all.add(Samples.intended(n, i));
        default ->
            all.add(new JournalRecord.CommandWithdrawn(new TransferId(n), new CommandId(i - 1L)));
      }
    }
    assertThat(over).hasSizeGreaterThan(Remembered.OUTCOMES);

    // when
    all.forEach(open::append);

    // then
    assertThat(survivors(Opened.kept(open.files().afterPowerCut())))
        .containsExactlyElementsOf(survivors(all));
  }

  @Test
  void manyStartsAndCutsNeverLoseWhatLives() {
    Random random = new Random(7);
    MemoryFiles files = new MemoryFiles();
    java.util.Set<JournalRecord> live = new java.util.LinkedHashSet<>();
    for (int start = 0; start < 60; start++) {
      Opened open = Opened.on(files);
      for (int i = 0; i < 40; i++) {
        long n = random.nextInt(50);
        if (random.nextBoolean()) {
          open.append(Samples.bound(n));
          live.add(Samples.bound(n));
        } else {
          open.append(Samples.ended(n));
          live.remove(Samples.bound(n));
        }
      }
      files = open.files().afterPowerCut();
    }
    assertThat(survivors(Opened.kept(files))).containsExactlyInAnyOrderElementsOf(live);
  }
}
