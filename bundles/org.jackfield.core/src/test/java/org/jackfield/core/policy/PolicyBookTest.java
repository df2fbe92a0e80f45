package org.jackfield.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jackfield.api.audit.AuditEntry;
import org.jackfield.api.policy.PolicyProblem;
import org.jackfield.api.policy.PolicyReply;
import org.jackfield.api.policy.PolicySnapshot;
import org.jackfield.api.policy.PolicySnapshot.Source;
import org.jackfield.api.security.Requester;
import org.jackfield.core.VirtualTime;
import org.jackfield.core.record.MemoryAuditLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The policy's file under time that a test lets pass. */
class PolicyBookTest {
  private static final Requester ALICE = new Requester("alice", "rest", "127.0.0.1");

  @TempDir Path home;
  private final VirtualTime time = new VirtualTime();
  private final MemoryAuditLog audit = new MemoryAuditLog();
  private Path file;
  private PolicyBook book;

  @BeforeEach
  void prepare() throws Exception {
    file = Files.createDirectories(home.resolve("etc")).resolve(PolicyBook.FILE);
  }

  @AfterEach
  void stop() {
    if (book != null) {
      book.close();
      assertThat(time.timers()).isZero();
    }
  }

  private void start() {
    stop();
    book = new PolicyBook(time.environment(1), audit, home.resolve("etc"), home.resolve("data"));
    book.watch();
  }

  private static String policy(int answer) {
    return "{\"rules\":[{\"name\":\"r\",\"match\":{},\"set\":{\"answerMs\":" + answer + "}}]}";
  }

  private void edit(String text) throws Exception {
    Files.writeString(file, text);
    time.pass(Duration.ofSeconds(3));
  }

  private PolicyReply put(String json, long... ifVersion) {
    var reply =
        book.replace(
            ALICE,
            json,
            ifVersion.length == 0 ? OptionalLong.empty() : OptionalLong.of(ifVersion[0]));
    time.settle();
    return reply.toCompletableFuture().getNow(null);
  }

  private long answer() {
    return book.current().policy().rules().getFirst().set().answer().orElseThrow().toMillis();
  }

  private List<String> audited() {
    return audit.latest(100).reversed().stream()
        .map(entry -> entry.requester().principal() + " " + entry.result())
        .toList();
  }

  @Test
  void withoutAFileTheShippedOneIsInForce() {
    start();
    assertThat(book.current().source()).isEqualTo(Source.SHIPPED);
    assertThat(book.current().policy().rules()).isEmpty();
    assertThat(book.current().refused()).isEmpty();
  }

  @Test
  void aHandEditIsANewVersion() throws Exception {
    // given
    Files.writeString(file, policy(1));
    start();
    long before = book.current().version();
    // when
    edit(policy(2));
    // then
    assertThat(answer()).isEqualTo(2);
    assertThat(book.current().version()).isEqualTo(before + 1);
    assertThat(book.current().source()).isEqualTo(Source.FILE);
    assertThat(audited()).containsExactly("jackfield accepted", "jackfield accepted");
  }

  @Test
  void aFileThatIsStillBeingWrittenIsNotRead() throws Exception {
    // given
    Files.writeString(file, policy(1));
    start();
    // when
    Files.writeString(file, "{\"rules\":");
    time.pass(Duration.ofMillis(1_100));
    Files.writeString(file, policy(2));
    time.pass(Duration.ofSeconds(3));
    // then
    assertThat(answer()).isEqualTo(2);
    assertThat(audited()).doesNotContain("jackfield invalid-policy");
  }

  @Test
  void anInvalidFileIsRefusedTheOldOneGoesOnAndItIsSaidWhy() throws Exception {
    // given
    Files.writeString(file, policy(1));
    start();
    long before = book.current().version();
    // when
    edit(policy(-5));
    // then
    PolicySnapshot now = book.current();
    assertThat(answer()).isEqualTo(1);
    assertThat(now.version()).isEqualTo(before);
    assertThat(now.refused())
        .singleElement()
        .satisfies(problem -> assertThat(problem.field()).isEqualTo("set.answerMs"));
    assertThat(audited()).endsWith("jackfield invalid-policy");
    AuditEntry entry = audit.latest(1).getFirst();
    assertThat(entry.detail()).contains("rule 1 “r” set.answerMs");
    assertThat(entry.requester().origin()).isEqualTo("etc/" + PolicyBook.FILE);

    // when it is put back
    edit(policy(1));
    // then
    assertThat(book.current().refused()).isEmpty();
    assertThat(book.current().version()).isEqualTo(before);
  }

  @Test
  void aFileThatIsGoneOrUnreadableLeavesTheOldOneInForce() throws Exception {
    // given
    Files.writeString(file, policy(1));
    start();
    // when
    Files.delete(file);
    time.pass(Duration.ofSeconds(3));
    // then
    assertThat(answer()).isEqualTo(1);
    assertThat(book.current().refused())
        .extracting(PolicyProblem::type)
        .containsExactly(PolicyProblem.Type.UNREADABLE);

    // when something that is no text is there
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    time.pass(Duration.ofSeconds(9));
    // then it is told once
    assertThat(book.current().refused().getFirst().text()).contains("UTF-8");
    assertThat(audited())
        .containsExactly(
            "jackfield accepted", "jackfield invalid-policy", "jackfield invalid-policy");

    // when
    edit(policy(3));
    // then
    assertThat(answer()).isEqualTo(3);
    assertThat(book.current().refused()).isEmpty();
  }

  @Test
  void aRequestRewritesTheFileAndKeepsItsHeadAndTheOneBefore() throws Exception {
    // given
    Files.writeString(file, "// ours\n// since 2020\n" + policy(1));
    start();
    long before = book.current().version();
    // when
    PolicyReply reply = put(policy(7), before);
    // then
    assertThat(reply).isInstanceOf(PolicyReply.Accepted.class);
    assertThat(answer()).isEqualTo(7);
    assertThat(book.current().version()).isEqualTo(before + 1);
    assertThat(book.current().source()).isEqualTo(Source.REQUEST);
    assertThat(book.current().by()).isEqualTo("alice");
    assertThat(Files.readString(file)).startsWith("// ours\n// since 2020\n{").contains("7");
    assertThat(Files.readString(file.resolveSibling(PolicyBook.FILE + ".previous")))
        .contains("\"answerMs\":1");
    assertThat(file.resolveSibling(PolicyBook.FILE + ".new")).doesNotExist();

    // when time passes, what was written is no edit
    time.pass(Duration.ofSeconds(5));
    // then
    assertThat(book.current().version()).isEqualTo(before + 1);
    assertThat(audited()).containsExactly("jackfield accepted", "alice accepted");
  }

  @Test
  void aStaleRequestGetsTheFreshOneAndChangesNothing() throws Exception {
    // given
    Files.writeString(file, policy(1));
    start();
    long before = book.current().version();
    // when the file was edited a moment ago
    Files.writeString(file, policy(2));
    PolicyReply reply = put(policy(7), before);
    // then
    assertThat(reply)
        .isInstanceOfSatisfying(
            PolicyReply.Stale.class,
            stale -> assertThat(stale.now().version()).isEqualTo(before + 1));
    assertThat(answer()).isEqualTo(2);
    assertThat(Files.readString(file)).isEqualTo(policy(2));
    assertThat(audited()).endsWith("alice stale-revision");
  }

  @Test
  void anInvalidRequestChangesNothing() throws Exception {
    // given
    Files.writeString(file, policy(1));
    start();
    // when
    PolicyReply reply = put("{\"rules\":[{}]}");
    // then
    assertThat(reply)
        .isInstanceOfSatisfying(
            PolicyReply.Invalid.class, no -> assertThat(no.problems()).hasSize(2));
    assertThat(Files.readString(file)).isEqualTo(policy(1));
    assertThat(audited()).endsWith("alice invalid-policy");
  }

  @Test
  void whereTheFileCannotBeWrittenTheOldOneGoesOn() throws Exception {
    // given
    Files.writeString(file, policy(1));
    start();
    Files.createDirectories(home.resolve("etc").resolve(PolicyBook.FILE + ".new"));
    // when
    PolicyReply reply = put(policy(7));
    // then
    assertThat(reply).isInstanceOf(PolicyReply.NotWritten.class);
    assertThat(answer()).isEqualTo(1);
    assertThat(audited()).endsWith("alice journal-unavailable");
  }

  @Test
  void versionsGrowOverARestartAndAnEditMeanwhileIsOne() throws Exception {
    // given
    Files.writeString(file, policy(1));
    start();
    put(policy(2));
    PolicySnapshot before = book.current();
    // when
    start();
    // then
    assertThat(book.current()).isEqualTo(before);

    // when it is edited while the server is down
    book.close();
    Files.writeString(file, policy(3));
    start();
    // then
    assertThat(answer()).isEqualTo(3);
    assertThat(book.current().version()).isEqualTo(before.version() + 1);
  }

  @Test
  void afterARestartWithAnInvalidFileTheLastGoodOneIsInForce() throws Exception {
    // given
    Files.writeString(file, policy(1));
    start();
    book.close();
    Files.writeString(file, "nonsense");
    // when
    start();
    // then
    assertThat(answer()).isEqualTo(1);
    assertThat(book.current().refused())
        .extracting(PolicyProblem::type)
        .containsExactly(PolicyProblem.Type.MALFORMED);
  }

  @Test
  void whatIsKeptMayBeDamaged() throws Exception {
    // given
    Files.writeString(file, policy(1));
    Files.createDirectories(home.resolve("data"));
    Files.writeString(home.resolve("data/policy.json"), "{\"version\":");
    // when
    start();
    // then
    assertThat(answer()).isEqualTo(1);
  }
}
