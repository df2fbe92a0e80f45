package org.jackfield.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.provider.ShareProgress;
import org.jackfield.api.rollout.BundleCheck;
import org.jackfield.api.rollout.BundleProblem;
import org.jackfield.api.rollout.BundleService;
import org.jackfield.api.rollout.DeployedBundle;
import org.jackfield.api.rollout.DeployedBundle.State;
import org.jackfield.api.rollout.Drain;
import org.jackfield.api.rollout.Draining;
import org.jackfield.api.rollout.Rollout;
import org.jackfield.api.rollout.RolloutPlan;
import org.jackfield.api.rollout.RolloutReply;
import org.jackfield.api.security.Requester;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drivers by HTTP; every answer is held against openapi.json. */
class BundleRoutesTest {
  @TempDir Path data;
  private final Shelf shelf = new Shelf();
  private Server server;

  /** Takes what has one byte, cannot start what has two, and refuses the rest. */
  /** One of which a server that was just asked for it would tell. */
  static DeployedBundle bundle(String id, Requester requester, State state) {
    boolean refused = state == State.REFUSED;
    return new DeployedBundle(
        id,
        "acme",
        "1.2.0",
        "00ff",
        refused ? "" : "aa",
        requester.principal(),
        requester.via(),
        "",
        Switchboard.NOON,
        state,
        state == State.ACTIVE ? "" : "sign it: bin/jackfield bundle sign",
        List.of(
            new BundleCheck(
                BundleCheck.Name.SIGNATURE,
                refused ? BundleCheck.State.REFUSED : BundleCheck.State.PASSED,
                refused ? Optional.of(BundleProblem.UNSIGNED) : Optional.empty(),
                "looked at",
                Duration.ofMillis(3))),
        refused
            ? List.of()
            : List.of(
                new DeployedBundle.Step(
                    State.STARTING, state == State.ACTIVE, "started", Duration.ofMillis(5))));
  }

  private static final class Shelf implements BundleService {
    final List<DeployedBundle> bundles = new ArrayList<>();
    final List<Rollout> rollouts = new ArrayList<>();
    boolean downgrade;

    @Override
    public List<DeployedBundle> bundles() {
      return List.copyOf(bundles);
    }

    @Override
    public Optional<DeployedBundle> bundle(String id) {
      return bundles.stream().filter(b -> b.id().equals(id)).findFirst();
    }

    @Override
    public CompletionStage<DeployedBundle> deploy(
        Requester requester, byte[] jar, boolean downgrade) {
      this.downgrade = downgrade;
      State state =
          switch (jar.length) {
            case 1 -> State.ACTIVE;
            case 2 -> State.FAILED;
            default -> State.REFUSED;
          };
      DeployedBundle one = bundle(requester, state);
      bundles.addFirst(one);
      return CompletableFuture.completedStage(one);
    }

    private DeployedBundle bundle(Requester requester, State state) {
      return BundleRoutesTest.bundle("b" + bundles.size(), requester, state);
    }

    @Override
    public CompletionStage<DeployedBundle> stage(
        Requester requester, byte[] jar, boolean downgrade) {
      DeployedBundle one = bundle(requester, jar.length == 1 ? State.STAGED : State.REFUSED);
      bundles.addFirst(one);
      return CompletableFuture.completedStage(one);
    }

    @Override
    public List<Rollout> rollouts() {
      return List.copyOf(rollouts);
    }

    @Override
    public Optional<Rollout> rollout(String id) {
      return rollouts.stream().filter(r -> r.bundle().id().equals(id)).findFirst();
    }

    @Override
    public CompletionStage<RolloutReply> rollOut(Requester requester, RolloutPlan plan) {
      Optional<DeployedBundle> staged =
          bundle(plan.bundle()).filter(b -> b.state() == State.STAGED);
      staged.ifPresent(
          one -> {
            ShareProgress progress = new ShareProgress(5, 1, 20, 11, 1, Duration.ofMillis(12));
            rollouts.addFirst(
                new Rollout(
                    one.becomes(State.ROLLING, "", one.steps()),
                    plan,
                    List.of(
                        new Rollout.Share("pbx", Optional.of(progress)),
                        new Rollout.Share("old-pbx", Optional.empty()))));
          });
      return CompletableFuture.completedStage(
          staged.isPresent()
              ? new RolloutReply.Accepted(rollouts.getFirst())
              : new RolloutReply.Refused("No bundle of this id is staged."));
    }

    @Override
    public CompletionStage<RolloutReply> rollBack(Requester requester, String id) {
      return CompletableFuture.completedStage(new RolloutReply.Accepted(rollout(id).orElseThrow()));
    }

    @Override
    public CompletionStage<Optional<DeployedBundle>> withdraw(Requester requester, String id) {
      return CompletableFuture.completedStage(
          bundle(id)
              .filter(b -> b.state() == State.ACTIVE)
              .map(b -> bundle(requester, State.REMOVED)));
    }

    @Override
    public CompletionStage<Optional<DeployedBundle>> withdraw(
        Requester requester, String id, Drain how) {
      return CompletableFuture.completedStage(
          bundle(id)
              .filter(b -> b.state() == State.ACTIVE)
              .map(
                  b ->
                      b.drains(
                          "Calls that live are waited for.",
                          new Draining(
                              Switchboard.NOON,
                              how.deadline().map(Switchboard.NOON::plus),
                              how.onDeadline(),
                              Map.of("pbx", 2)))));
    }
  }

  @BeforeEach
  void start() throws Exception {
    server = new Server(data);
    server.services.set(shelf);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private Server.Result deploy(int bytes) throws Exception {
    return server
        .call("POST", "/bundles?downgrade=true")
        .bearer()
        .header("Content-Type", "application/java-archive")
        .body(new byte[bytes])
        .as("/bundles");
  }

  @Test
  void aDriverIsDeployedShownAndTakenOut() throws Exception {
    // when
    Server.Result deployed = deploy(1);
    // then
    assertThat(deployed.status()).isEqualTo(201);
    assertThat(deployed.header("Location")).endsWith("/bundles/b0");
    assertThat(deployed.text("/via")).isEqualTo("rest");
    assertThat(shelf.downgrade).isTrue();
    assertThat(server.get("/bundles/b0").as("/bundles/{id}").json()).isEqualTo(deployed.json());
    assertThat(server.get("/bundles").as("/bundles").json().get("items").get(0))
        .isEqualTo(deployed.json());
    assertThat(server.call("DELETE", "/bundles/b0").bearer().as("/bundles/{id}").text("/state"))
        .isEqualTo("removed");
  }

  @Test
  void oneOnWhichCallsLiveDrainsUntilTheDeadlineThatIsAskedFor() throws Exception {
    // given
    deploy(1);

    // when
    Server.Result drains =
        server
            .call("DELETE", "/bundles/b0?deadlineMs=60000&onDeadline=release")
            .bearer()
            .as("/bundles/{id}");
    Server.Result waits =
        server.call("DELETE", "/bundles/b0?onDeadline=wait").bearer().as("/bundles/{id}");
    Server.Result wrong =
        server.call("DELETE", "/bundles/b0?deadlineMs=-1").bearer().as("/bundles/{id}");

    // then
    assertThat(drains.status()).isEqualTo(202);
    assertThat(drains.text("/state")).isEqualTo("draining");
    assertThat(Instant.parse(drains.text("/draining/deadline")))
        .isEqualTo(Switchboard.NOON.plusSeconds(60));
    assertThat(drains.text("/draining/onDeadline")).isEqualTo("release");
    assertThat(drains.text("/draining/left/0/provider")).isEqualTo("pbx");
    assertThat(drains.text("/draining/left/0/sessions")).isEqualTo("2");
    assertThat(waits.json().at("/draining/deadline").isMissingNode()).isTrue();
    assertThat(wrong.status()).isEqualTo(400);
  }

  private String staged() throws Exception {
    Server.Result staged =
        server
            .call("POST", "/bundles?stage=true")
            .bearer()
            .header("Content-Type", "application/java-archive")
            .body(new byte[1])
            .as("/bundles");
    assertThat(staged.status()).isEqualTo(201);
    assertThat(staged.text("/state")).isEqualTo("staged");
    return staged.text("/id");
  }

  @Test
  void aStagedOneIsRolledOutShownAndRolledBack() throws Exception {
    // given
    String id = staged();
    String strategy =
        """
        {"mode":"drain","steps":[5,50],"stepMs":1000,"deadlineMs":60000,"onDeadline":"release",
         "abort":{"failurePercent":20,"stallMs":500}}
        """;

    // when
    Server.Result begun =
        server
            .post(
                "/rollouts",
                "{\"bundle\":\"" + id + "\",\"providers\":[\"pbx\"],\"strategy\":" + strategy + "}")
            .as("/rollouts");

    // then
    assertThat(begun.status()).as(begun.json().toString()).isEqualTo(202);
    assertThat(begun.header("Location")).endsWith("/rollouts/" + id);
    assertThat(shelf.rollouts.getFirst().plan())
        .isEqualTo(
            new RolloutPlan(
                id,
                java.util.Set.of("pbx"),
                RolloutPlan.Mode.DRAIN,
                List.of(5, 50),
                Duration.ofSeconds(1),
                Optional.of(Duration.ofMinutes(1)),
                RolloutPlan.OnDeadline.RELEASE,
                Optional.of(20),
                Optional.of(Duration.ofMillis(500))));
    assertThat(begun.json().get("strategy"))
        .isEqualTo(new com.fasterxml.jackson.databind.ObjectMapper().readTree(strategy));
    assertThat(begun.text("/shares/0/percent")).isEqualTo("5");
    assertThat(begun.text("/shares/1/atOnce")).isEqualTo("true");
    assertThat(server.get("/rollouts/" + id).as("/rollouts/{id}").json()).isEqualTo(begun.json());
    assertThat(server.get("/rollouts").as("/rollouts").json().get("items").get(0))
        .isEqualTo(begun.json());
    assertThat(
            server
                .post("/rollouts/" + id + "/rollback", "{}")
                .as("/rollouts/{id}/rollback")
                .status())
        .isEqualTo(202);
  }

  @Test
  void aRolloutThatCannotBeIsRefusedWithItsReason() throws Exception {
    String id = staged();
    assertThat(server.post("/rollouts", "{\"bundle\":\"nope\"}").as("/rollouts").text("/reason"))
        .isEqualTo("rollout-refused");
    assertThat(server.get("/rollouts/nope").as("/rollouts/{id}").text("/reason"))
        .isEqualTo("no-such-rollout");
    assertThat(server.post("/rollouts/nope/rollback", "{}").as("/rollouts/{id}/rollback").status())
        .isEqualTo(404);
    for (String wrong :
        List.of(
            "\"steps\":[50,5]",
            "\"steps\":[0]",
            "\"steps\":[101]",
            "\"steps\":[\"5\"]",
            "\"mode\":\"slow\"",
            "\"abort\":{\"failurePercent\":101}",
            "\"abort\":{\"more\":1}")) {
      String body = "{\"bundle\":\"" + id + "\",\"strategy\":{" + wrong + "}}";
      assertThat(server.post("/rollouts", body).as("/rollouts").status()).as(wrong).isEqualTo(400);
    }
    assertThat(shelf.rollouts).isEmpty();
  }

  @Test
  void whatIsRefusedOrFailsSaysWhyAndWhatWasLookedAt() throws Exception {
    Server.Result refused = deploy(3);
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text("/reason")).isEqualTo("bundle-refused");
    assertThat(refused.text("/detail")).contains("bundle sign");
    assertThat(refused.text("/bundle/checks/0/problem")).isEqualTo("unsigned");
    Server.Result failed = deploy(2);
    assertThat(failed.status()).isEqualTo(422);
    assertThat(failed.text("/reason")).isEqualTo("bundle-failed");
    assertThat(failed.text("/bundle/steps/0/done")).isEqualTo("false");
  }

  @Test
  void whatIsUnknownIsSaid() throws Exception {
    assertThat(server.get("/bundles/nope").as("/bundles/{id}").text("/reason"))
        .isEqualTo("no-such-bundle");
    assertThat(server.call("DELETE", "/bundles/nope").bearer().as("/bundles/{id}").status())
        .isEqualTo(404);
  }

  @Test
  void onlyAJarIsTakenAndOnlyFromWhoMay() throws Exception {
    assertThat(server.post("/bundles", "{}").as("/bundles").status()).isEqualTo(415);
    assertThat(deploy((32 << 20) + 1).status()).isEqualTo(413);
    assertThat(
            server
                .call("POST", "/bundles")
                .header("Content-Type", "application/java-archive")
                .body(new byte[1])
                .as("/bundles")
                .status())
        .isEqualTo(401);
    assertThat(shelf.bundles).isEmpty();
  }

  @Test
  void aServerWithoutItsDeployerSaysSo() throws Exception {
    server.services.unset(shelf);
    assertThat(server.get("/bundles").as("/bundles").status()).isEqualTo(503);
  }
}
