package org.jackfield.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jackfield.api.journal.JournalRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged is there again. */
class FileJournalTest {
  @TempDir Path folder;

  @Test
  void whatWasAppendedIsThereAfterAPowerCut() {
    // given
    Opened before = Opened.on(new MemoryFiles());
    Samples.all().forEach(before::append);

    // when
    List<JournalRecord> kept = Opened.kept(before.files().afterPowerCut());

    // then
    assertThat(kept).isEqualTo(Samples.all());
  }

  @Test
  void atTheLevelKillSafeTheProcessMayDieAndThePowerMayNot() {
    Opened before = Opened.on(new MemoryFiles(), Level.KILL_SAFE);
    Samples.all().forEach(before::append);

    assertThat(Opened.kept(before.files().afterKill())).isEqualTo(Samples.all());
    assertThat(Opened.kept(before.files().afterPowerCut())).isEmpty();
  }

  @Test
  void manyStartsAddUp() {
    MemoryFiles files = new MemoryFiles();
    List<JournalRecord> all = new ArrayList<>();
    for (int start = 1; start <= 20; start++) {
      Opened open = Opened.on(files);
      JournalRecord one = Samples.bound(start);
      open.append(one);
      all.add(one);
      if (start % 2 == 0) {
        open.journal().close();
      }
      files = files.afterPowerCut();
      assertThat(Opened.kept(files)).isEqualTo(all);
      files = files.afterPowerCut();
    }
  }

  @Test
  void aTornTailIsCutAtEachOfItsBytesAndWhatFollowsIsKept() {
    // given a journal whose last record is being written
    Opened open = Opened.on(new MemoryFiles());
    open.append(Samples.bound(1));
    String name = open.files().list().getFirst();
    byte[] before = open.files().bytes(name);
    open.append(Samples.accepted(2));
    byte[] after = open.files().bytes(name);
    int begin = 0;
    while (before[begin] == after[begin]) {
      begin++;
    }
    int end = after.length;
    while (after[end - 1] == 0) {
      end--;
    }

    for (int torn = begin; torn < end; torn++) {
      byte[] bytes = before.clone();
      System.arraycopy(after, begin, bytes, begin, torn - begin);
      MemoryFiles files = open.files().with(name, bytes);

      // when
      Opened next = Opened.on(files);

      // then
      assertThat(next.kept()).isEqualTo(List.of(Samples.bound(1)));
      assertThat(next.append(Samples.bound(3))).isTrue();
      assertThat(Opened.kept(files.afterPowerCut()))
          .isEqualTo(List.of(Samples.bound(1), Samples.bound(3)));
    }
  }

  @Test
  void aGroupWhoseBeginningWasLostInThePowerCutIsCutWhole() throws IOException {
    // given two records of one group, the disk has written only the second
    MemoryFiles files = new MemoryFiles();
    List<Runnable> writer = new ArrayList<>();
    FileJournal journal =
        FileJournal.open(
            files,
            new FileJournal.Settings(Level.POWER_SAFE, Opened.SEGMENT, () -> Samples.NOON),
            writer::add,
            Runnable::run);
    String name = files.list().getFirst();
    int begin = Frame.read(files.read(name), 0).orElseThrow().end();
    var one = journal.append(Samples.bound(1)).toCompletableFuture();
    var two = journal.append(Samples.bound(2)).toCompletableFuture();
    assertThat(writer).hasSize(1);
    writer.getFirst().run();
    assertThat(CompletableFuture.allOf(one, two)).isCompleted();
    byte[] bytes = files.bytes(name);
    bytes[begin + 3] ^= 1;

    // then
    assertThat(Opened.kept(files.with(name, bytes))).isEmpty();
  }

  @Test
  void manyThreadsEachInItsOrder() throws Exception {
    // given
    int threads = 8;
    int each = 500;
    FileJournal journal = FileJournal.open(JournalFiles.in(folder), Level.KILL_SAFE);
    ConcurrentHashMap<Long, Boolean> acknowledged = new ConcurrentHashMap<>();
    CountDownLatch go = new CountDownLatch(1);
    List<CompletableFuture<Void>> all = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      for (int t = 0; t < threads; t++) {
        long thread = t;
        all.add(
            CompletableFuture.runAsync(
                () -> {
                  await(go);
                  for (long i = 0; i < each; i++) {
                    long id = thread * 1_000_000 + i;
                    journal
                        .append(Samples.bound(id))
                        .thenRun(() -> acknowledged.put(id, true))
                        .toCompletableFuture()
                        .orTimeout(30, TimeUnit.SECONDS);
                  }
                },
                pool));
      }
      go.countDown();
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
    }
    journal.close();

    // when
    List<Long> kept = new ArrayList<>();
    try (FileJournal again = FileJournal.open(JournalFiles.in(folder), Level.KILL_SAFE)) {
      again.replay(r -> kept.add(((JournalRecord.CallBound) r).session().value()));
    }

    // then
    assertThat(acknowledged).hasSize(threads * each);
    for (long t = 0; t < threads; t++) {
      long thread = t;
      assertThat(kept.stream().filter(id -> id / 1_000_000 == thread).toList())
          .isEqualTo(LongStream.range(0, each).map(i -> thread * 1_000_000 + i).boxed().toList());
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aFolderIsHeldByOneJournalAtATime() throws IOException {
    try (FileJournal first = FileJournal.open(JournalFiles.in(folder), Level.KILL_SAFE)) {
      assertThat(first.trouble()).isEmpty();
      assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> JournalFiles.in(folder)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("another process has the journal");
    }
    JournalFiles.in(folder).close();
  }
}
