package org.jackfield.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jackfield.api.session.Cause;
import org.jackfield.api.transfer.CompleteAs;
import org.jackfield.api.transfer.RecallRung;
import org.jackfield.api.transfer.TransferOutcome;
import org.jackfield.api.transfer.TransferRequest;
import org.jackfield.api.transfer.TransferStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every route answers as openapi.json says; every answer of these tests is held against it. */
class RoutesTest {
  private static final String BLIND = "{\"transferor\":\"bob\",\"target\":\"1003\"}";

  @TempDir Path data;
  private Server server;

  @BeforeEach
  void start() throws Exception {
    server = new Server(data);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void documentAndRoutesAreTheSame() throws Exception {
    // given
    Contract contract = server.contract;
    Router router =
        Api.routes(
            server.services,
            new HealthRoutes("", () -> "", Switchboard.NOON, List::of),
            new UserRoutes(AdminToken.of(data.resolve("admin.token")), server.link, null, null),
            null,
            new byte[0]);
    TreeSet<String> served = new TreeSet<>();
    TreeSet<String> open = new TreeSet<>();
    // when
    for (Router.Route route : router.routes()) {
      served.add(route.method() + " " + route.template());
      if (route.open()) {
        open.add(route.method() + " " + route.template());
      }
    }
    // then
    assertThat(contract.routes()).isEqualTo(served);
    TreeSet<String> documentedOpen = new TreeSet<>();
    Set<String> ids = new HashSet<>();
    contract.forEachOperation(
        (name, operation) -> {
          assertThat(ids.add(operation.get("operationId").asText())).as(name).isTrue();
          if (operation.path("security").isArray() && operation.get("security").isEmpty()) {
            documentedOpen.add(name);
          }
        });
    assertThat(documentedOpen).isEqualTo(open);
  }

  @Test
  void theDocumentKnowsEveryWordOfTheApi() {
    JsonNode schemas = server.contract.document().at("/components/schemas");
    assertThat(words(schemas.at("/PartyState/enum"))).isEqualTo(Words.STATES.keySet());
    assertThat(words(schemas.at("/TransferMode/enum"))).isEqualTo(Words.MODES.keySet());
    assertThat(words(schemas.at("/OperationName/enum")))
        .isEqualTo(texts(org.jackfield.api.capability.Operation.values(), o -> o.text()));
    assertThat(words(schemas.at("/PlanKind/enum")))
        .isEqualTo(texts(org.jackfield.api.transfer.TransferPlan.Kind.values(), k -> k.text()));
    assertThat(words(schemas.at("/Cause/properties/code/enum")))
        .isEqualTo(texts(Cause.Code.values(), c -> c.text()));
    assertThat(words(schemas.at("/Phase/enum")))
        .isEqualTo(texts(org.jackfield.api.transfer.TransferPhase.values(), p -> p.text()));
    assertThat(words(schemas.at("/TransferStep/enum")))
        .isEqualTo(texts(org.jackfield.api.transfer.TransferVerb.values(), v -> v.text()));
    assertThat(words(schemas.at("/Provider/properties/state/enum")))
        .isEqualTo(texts(org.jackfield.api.provider.ProviderStatus.State.values(), s -> s.text()));
    assertThat(words(schemas.at("/Address/properties/state/enum")))
        .isEqualTo(texts(org.jackfield.api.provider.AddressInfo.State.values(), s -> s.text()));
    assertThat(words(schemas.at("/Party/properties/role/enum")))
        .isEqualTo(texts(org.jackfield.api.session.Party.Role.values(), r -> r.text()));
    assertThat(words(schemas.at("/Reason/enum")))
        .isEqualTo(texts(ProblemType.values(), t -> t.code()));
  }

  private static Set<String> words(JsonNode list) {
    Set<String> words = new HashSet<>();
    list.forEach(word -> words.add(word.asText()));
    return words;
  }

  private static <T> Set<String> texts(T[] values, java.util.function.Function<T, String> text) {
    Set<String> texts = new HashSet<>();
    for (T value : values) {
      texts.add(text.apply(value));
    }
    return texts;
  }

  @Test
  void healthNeedsNoTokenButItsDetailDoes() throws Exception {
    assertThat(server.call("GET", "/health/live").as("/health/live").status()).isEqualTo(200);
    assertThat(server.call("GET", "/health/ready").as("/health/ready").status()).isEqualTo(200);
    assertThat(server.call("GET", "/health").as("/health").status()).isEqualTo(401);
    assertThat(server.get("/health").as("/health").text("/status")).isEqualTo("up");
    assertThat(server.call("GET", "/openapi.json").as("/openapi.json").text("/openapi"))
        .startsWith("3.1");
  }

  @Test
  void whileAProviderIsBeingOpenedItIsNotReady() throws Exception {
    // given
    server.switchboard.ready = false;
    // when
    Server.Result ready = server.call("GET", "/health/ready").as("/health/ready");
    // then
    assertThat(ready.status()).isEqualTo(503);
    assertThat(ready.header("Retry-After")).isEqualTo("1");
  }

  @Test
  void whileAProviderIsBeingOpenedNothingIsSaidToBeUnknown() throws Exception {
    // given
    server.switchboard.ready = false;
    for (String routes : List.of("/providers/{name}", "/sessions/{id}", "/transfers/{id}")) {
      // when
      Server.Result early = server.get(routes.replaceFirst("[{].*", "other")).as(routes);
      // then
      assertThat(early.text("/reason")).as(routes).isEqualTo("recovering");
      assertThat(early.status()).isEqualTo(503);
      assertThat(early.header("Retry-After")).isEqualTo("1");
    }
    // what is known is told
    assertThat(server.get("/providers/demo").as("/providers/{name}").status()).isEqualTo(200);
    // when it is open
    server.switchboard.ready = true;
    // then
    assertThat(server.get("/providers/other").as("/providers/{name}").status()).isEqualTo(404);
  }

  @Test
  void withoutCoreEveryCallerIsToldToTryAgain() throws Exception {
    // given
    server.services.unset(server.switchboard);
    // when
    Server.Result list = server.get("/sessions").as("/sessions");
    // then
    assertThat(list.status()).isEqualTo(503);
    assertThat(list.text("/reason")).isEqualTo("recovering");
    assertThat(list.header("Retry-After")).isEqualTo("1");
  }

  @Test
  void driversProvidersAndAddresses() throws Exception {
    assertThat(server.get("/drivers").as("/drivers").text("/items/0/providers/0"))
        .isEqualTo("demo");
    assertThat(server.get("/providers").as("/providers").text("/items/0/name")).isEqualTo("demo");
    Server.Result demo = server.get("/providers/demo").as("/providers/{name}");
    assertThat(demo.text("/limits/onHoldPending")).isEqualTo("1");
    assertThat(demo.json().at("/limits").has("conference")).isFalse();
    assertThat(server.get("/providers/none").as("/providers/{name}").text("/reason"))
        .isEqualTo("no-such-provider");
    assertThat(server.get("/addresses?q=60").as("/addresses").text("/items/0/address"))
        .isEqualTo("6001");
    assertThat(server.get("/addresses?provider=none").as("/addresses").status()).isEqualTo(404);
  }

  @Test
  void sessionsComeInPages() throws Exception {
    // given
    Server.Result first = server.get("/sessions?limit=2").as("/sessions");
    // when
    Server.Result second =
        server.get("/sessions?limit=4&cursor=" + first.text("/next")).as("/sessions");
    // then
    assertThat(first.json().get("items")).hasSize(2);
    assertThat(first.text("/asOf")).isEqualTo("7:0");
    assertThat(second.json().get("items")).hasSize(3);
    assertThat(second.json().get("next").isNull()).isTrue();
    assertThat(second.text("/items/0/id")).isEqualTo("3");
  }

  @Test
  void aCursorOfSomebodyElseIsRefused() throws Exception {
    Server.Result page = server.get("/sessions?cursor=zzz").as("/sessions");
    assertThat(page.status()).isEqualTo(400);
    assertThat(page.text("/reason")).isEqualTo("invalid-cursor");
  }

  @Test
  void parametersAreChecked() throws Exception {
    for (String bad :
        List.of(
            "limit=0",
            "limit=501",
            "limit=x",
            "state=talking",
            "q=" + "x".repeat(65),
            "q=",
            "provider=%0d%0aX",
            "limit=1&limit=2")) {
      Server.Result answer = server.get("/sessions?" + bad).as("/sessions");
      assertThat(answer.status()).as(bad).isEqualTo(400);
      assertThat(answer.text("/field")).as(bad).isEqualTo(bad.replaceFirst("=.*", ""));
    }
  }

  @Test
  void oneSessionHasItsETag() throws Exception {
    // given
    Server.Result session = server.get("/sessions/1").as("/sessions/{id}");
    String tag = session.header("ETag");
    // when
    Server.Result again =
        server.get("/sessions/1").header("If-None-Match", tag).as("/sessions/{id}");
    // then
    assertThat(tag).isEqualTo("\"7-1\"");
    assertThat(session.text("/startedAt")).isEqualTo("2026-11-22T12:00:01.123456Z");
    assertThat(session.text("/parties/1/refused/park")).isEqualTo("not-supported");
    assertThat(session.text("/parties/1/permitted/0")).isEqualTo("hold");
    assertThat(again.status()).isEqualTo(304);
  }

  @Test
  void aSessionThatWentOnInAnotherOneNamesIt() throws Exception {
    Server.Result gone = server.get("/sessions/2r").as("/sessions/{id}");
    assertThat(gone.status()).isEqualTo(404);
    assertThat(gone.text("/reason")).isEqualTo("session-merged");
    assertThat(gone.text("/into")).isEqualTo("1");
    assertThat(gone.text("/conversationId")).isEqualTo(session1("/conversationId"));

    Server.Result act = server.post("/sessions/2r/transfers", BLIND).as("/sessions/{id}/transfers");
    assertThat(act.text("/into")).isEqualTo("1");
  }

  private String session1(String pointer) throws Exception {
    return server.get("/sessions/1").as("/sessions/{id}").text(pointer);
  }

  @Test
  void aSessionSaysWhereItCameFrom() throws Exception {
    assertThat(session1("/genealogy/0/from")).isEqualTo("2r");
    assertThat(session1("/genealogy/0/into")).isEqualTo("1");
    assertThat(session1("/genealogy/0/how")).isEqualTo("merged");
    assertThat(session1("/genealogy/0/at")).isEqualTo("2026-01-01T00:00:00.000000Z");
  }

  @Test
  void whatIsNoConversationIsSaid() throws Exception {
    for (String list : List.of("/sessions", "/transfers")) {
      Server.Result no = server.get(list + "?conversation=%2B").as(list);
      assertThat(no.status()).isEqualTo(400);
      assertThat(no.text("/field")).isEqualTo("conversation");
    }
    assertThat(server.get("/sessions?conversation=1").as("/sessions").status()).isEqualTo(200);
    assertThat(server.get("/transfers?conversation=1").as("/transfers").status()).isEqualTo(200);
  }

  @Test
  void unknownIdsAreUnknown() throws Exception {
    for (String id : List.of("zz", "ZZZZZZZZZZZZZZZZZZ", "-1", "%2F", "%00", "a%20b")) {
      Server.Result one = server.get("/sessions/" + id).raw();
      assertThat(one.status()).as(id).isIn(400, 404);
    }
    assertThat(server.get("/sessions/zz").as("/sessions/{id}").text("/reason"))
        .isEqualTo("no-such-session");
    assertThat(
            server
                .post("/sessions/zz/transfers", BLIND)
                .as("/sessions/{id}/transfers")
                .text("/reason"))
        .isEqualTo("no-such-session");
    assertThat(server.get("/transfers/zz").as("/transfers/{id}").text("/reason"))
        .isEqualTo("no-such-transfer");
    assertThat(
            server.post("/transfers/zz/cancel", "{}").as("/transfers/{id}/cancel").text("/reason"))
        .isEqualTo("no-such-transfer");
    assertThat(server.get("/operations/zz").as("/operations/{id}").text("/reason"))
        .isEqualTo("no-such-operation");
    assertThat(
            server
                .post("/sessions/1/hold", "{\"party\":\"nobody\"}")
                .as("/sessions/{id}/hold")
                .text("/reason"))
        .isEqualTo("no-such-party");
    assertThat(server.get("/nothing").raw().text("/reason")).isEqualTo("no-such-route");
  }

  @Test
  void singleOperations() throws Exception {
    Server.Result made =
        server
            .post("/sessions", "{\"provider\":\"demo\",\"from\":\"1001\",\"to\":\"6001\"}")
            .as("/sessions");
    assertThat(made.status()).isEqualTo(202);
    assertThat(made.header("Location")).isEqualTo("/api/v1/operations/26");
    assertThat(
            server
                .post("/sessions", "{\"provider\":\"none\",\"from\":\"1\",\"to\":\"2\"}")
                .as("/sessions")
                .text("/reason"))
        .isEqualTo("no-such-provider");
    String alice = "{\"party\":\"alice\"}";
    assertThat(server.post("/sessions/1/hold", alice).as("/sessions/{id}/hold").status())
        .isEqualTo(202);
    Server.Result retrieve =
        server.post("/sessions/1/retrieve", alice).as("/sessions/{id}/retrieve");
    assertThat(retrieve.status()).isEqualTo(409);
    assertThat(retrieve.text("/tapiError")).isEqualTo("LINEERR_INVALCALLSTATE");
    assertThat(server.post("/sessions/1/alternate", alice).as("/sessions/{id}/alternate").status())
        .isEqualTo(202);
    assertThat(
            server
                .post("/sessions/1/redirect", "{\"party\":\"alice\",\"to\":\"6001\"}")
                .as("/sessions/{id}/redirect")
                .status())
        .isEqualTo(202);
    assertThat(server.post("/sessions/1/redirect", alice).as("/sessions/{id}/redirect").status())
        .as("without an address")
        .isEqualTo(400);
    assertThat(server.call("DELETE", "/sessions/1").bearer().as("/sessions/{id}").status())
        .isEqualTo(202);
    assertThat(
            server
                .call("DELETE", "/sessions/1/parties/bob")
                .bearer()
                .as("/sessions/{id}/parties/{party}")
                .status())
        .isEqualTo(202);
    assertThat(server.get("/operations/25").as("/operations/{id}").text("/cause/driver"))
        .isEqualTo("Cause 17");
  }

  @Test
  void aTransferAndItsSteps() throws Exception {
    // when
    Server.Result accepted =
        server.post("/sessions/1/transfers", BLIND).as("/sessions/{id}/transfers");
    // then
    String path = "/transfers/" + accepted.text("/id");
    assertThat(accepted.status()).isEqualTo(202);
    assertThat(accepted.header("Location")).isEqualTo("/api/v1" + path);
    assertThat(server.get(path).as("/transfers/{id}").text("/phase")).isEqualTo("redirecting");
    assertThat(server.get("/sessions/1").as("/sessions/{id}").text("/transfer"))
        .isEqualTo(accepted.text("/id"));
    Server.Result again =
        server.post("/sessions/1/transfers", BLIND).as("/sessions/{id}/transfers");
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.text("/transfer")).isEqualTo(accepted.text("/id"));
    assertThat(again.text("/owner")).isEqualTo("admin");
    for (String step : List.of("dial", "complete", "conference", "cancel")) {
      assertThat(
              server
                  .call("POST", path + "/" + step)
                  .bearer()
                  .as("/transfers/{id}/" + step)
                  .status())
          .as(step)
          .isEqualTo(202);
    }
    assertThat(server.post(path + "/alternate", "{}").as("/transfers/{id}/alternate").status())
        .isEqualTo(409);
    assertThat(server.switchboard.asked)
        .filteredOn(TransferStep.Complete.class::isInstance)
        .extracting(step -> ((TransferStep.Complete) step).as())
        .containsExactly(Optional.empty(), Optional.of(CompleteAs.CONFERENCE));
    assertThat(server.get("/transfers?open=true").as("/transfers").json().get("items")).hasSize(1);
    assertThat(server.get("/transfers?open=false").as("/transfers").json().get("items")).isEmpty();
  }

  @Test
  void everyOutcomeIsTold() throws Exception {
    // given
    TransferOutcome.Evidence missing = new TransferOutcome.Evidence(List.of("who hears whom"));
    Cause busy = Cause.of(Cause.Code.BUSY, "SIP 486");
    List<TransferOutcome> outcomes =
        List.of(
            new TransferOutcome.Completed(
                CompleteAs.TRANSFER, TransferOutcome.Evidence.VERIFIED, Cause.NORMAL),
            new TransferOutcome.Reverted(TransferOutcome.Evidence.VERIFIED, busy),
            new TransferOutcome.Abandoned(TransferOutcome.Evidence.VERIFIED, Cause.NORMAL),
            new TransferOutcome.Recalled(
                new RecallRung.ToTransferor(), TransferOutcome.Evidence.VERIFIED, busy),
            new TransferOutcome.Failed(List.of("1001: held"), missing, busy));
    // when
    for (int i = 0; i < outcomes.size(); i++) {
      server.switchboard.transfers.add(Switchboard.transfer(600 + i, Optional.of(outcomes.get(i))));
    }
    // then
    JsonNode items = server.get("/transfers?open=false").as("/transfers").json().get("items");
    assertThat(items)
        .extracting(item -> item.at("/outcome/type").asText())
        .containsExactly("completed", "reverted", "abandoned", "recalled", "failed");
    assertThat(items)
        .extracting(item -> item.at("/outcome/evidence").asText())
        .containsExactly("verified", "verified", "verified", "verified", "unverified");
  }

  @Test
  void aDryRunGivesThePlanAndChangesNothing() throws Exception {
    Server.Result plan =
        server.post("/sessions/1/transfers?dryRun=true", BLIND).as("/sessions/{id}/transfers");
    assertThat(plan.status()).isEqualTo(200);
    assertThat(plan.text("/rejected/0/tapiError")).isEqualTo("LINEERR_OPERATIONUNAVAIL");
    assertThat(server.switchboard.asked).isEmpty();
    assertThat(server.switchboard.transfers).isEmpty();
  }

  @Test
  void aWholeTransferRequestIsUnderstood() throws Exception {
    // when
    Server.Result accepted =
        server
            .post(
                "/sessions/1/transfers",
                """
                {"transferor":"bob","target":"1003","mode":"consultation","complete":"onRinging",
                 "release":"onAccept","completeAs":"conference","needs":["speak","cancel"],
                 "timeouts":{"answerMs":5000},
                 "recall":[{"to":"transferor"},{"to":"address","address":"1009"},
                           {"to":"park","address":"701"}],"reason":"she asked for carol"}
                """)
            .as("/sessions/{id}/transfers");
    // then
    assertThat(accepted.status()).isEqualTo(202);
    TransferRequest request = (TransferRequest) server.switchboard.asked.getFirst();
    assertThat(request.needs()).hasSize(2);
    assertThat(request.recall()).hasSize(3);
    assertThat(request.timeouts().answer()).hasValue(java.time.Duration.ofSeconds(5));
    assertThat(request.timeouts().recall()).isEmpty();
    assertThat(request.requester().principal()).isEqualTo("admin");
    assertThat(request.requester().via()).isEqualTo("rest");
    assertThat(request.reason()).isEqualTo("she asked for carol");
  }

  @Test
  void whereTwoCouldTransferTheCandidatesAreNamed() throws Exception {
    Server.Result refused =
        server
            .post("/sessions/1/transfers", "{\"target\":\"1003\"}")
            .as("/sessions/{id}/transfers");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text("/type")).isEqualTo("urn:jackfield:problem:party-required");
    assertThat(refused.json().get("candidates"))
        .extracting(party -> party.get("id").asText())
        .containsExactly("alice", "bob");
  }

  @Test
  void aRefusedPlanIsExplained() throws Exception {
    Server.Result refused =
        server
            .post(
                "/sessions/1/transfers",
                "{\"transferor\":\"bob\",\"target\":\"1003\",\"mode\":\"oneStep\"}")
            .as("/sessions/{id}/transfers");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text("/rejected/0/mode")).isEqualTo("oneStep");
    assertThat(refused.text("/reasons/0/fact")).isEqualTo("1002 is connected");
  }

  @Test
  void aStaleRevisionIsRefusedWithTheFreshSnapshot() throws Exception {
    // given
    server.switchboard.add(Switchboard.session(1, 5));
    for (String tag : List.of("\"7-4\"", "\"6-5\"", "W/\"7-5\"", "nonsense")) {
      // when
      Server.Result refused =
          server
              .post("/sessions/1/transfers", BLIND)
              .header("If-Match", tag)
              .as("/sessions/{id}/transfers");
      // then
      assertThat(refused.status()).as(tag).isEqualTo(412);
      assertThat(refused.text("/current/revision")).isEqualTo("5");
    }
    assertThat(
            server
                .call("DELETE", "/sessions/1")
                .bearer()
                .header("If-Match", "\"7-4\"")
                .as("/sessions/{id}")
                .status())
        .isEqualTo(412);
    assertThat(
            server
                .post("/sessions/1/transfers", BLIND)
                .header("If-Match", "\"7-5\"")
                .as("/sessions/{id}/transfers")
                .status())
        .isEqualTo(202);
  }

  @Test
  void aTransferHasItsETagAndItsStepsTakeIfMatch() throws Exception {
    // given
    server.switchboard.transfers.add(Switchboard.transfer(600, Optional.empty()));
    String path = "/transfers/" + server.switchboard.transfers.getFirst().id();
    // when
    Server.Result transfer = server.get(path).as("/transfers/{id}");
    // then
    assertThat(transfer.header("ETag")).isEqualTo("\"7-4\"");
    assertThat(transfer.text("/owner")).isEqualTo("admin");
    assertThat(server.get(path).header("If-None-Match", "\"7-4\"").as("/transfers/{id}").status())
        .isEqualTo(304);
    for (String step : List.of("dial", "complete", "conference", "cancel")) {
      Server.Result now =
          server
              .post(path + "/" + step, "{}")
              .header("If-Match", "\"7-4\"")
              .as("/transfers/{id}/" + step);
      assertThat(now.status()).as(step).isEqualTo(202);
      assertThat(now.header("ETag")).isEqualTo("\"7-4\"");
    }
    for (String step : List.of("dial", "alternate", "complete", "conference", "cancel")) {
      for (String stale : List.of("\"7-3\"", "\"6-4\"", "x")) {
        Server.Result refused =
            server
                .post(path + "/" + step, "{}")
                .header("If-Match", stale)
                .as("/transfers/{id}/" + step);
        assertThat(refused.status()).as(step).isEqualTo(412);
        assertThat(refused.text("/current/revision")).isEqualTo("4");
      }
    }
  }

  @Test
  void somebodyElsesTransferMustBeTakenOverWithAReason() throws Exception {
    // given
    server.switchboard.transfers.add(Switchboard.transfer(Switchboard.SOMEBODYS, Optional.empty()));
    String path = "/transfers/" + server.switchboard.transfers.getFirst().id();
    // when
    Server.Result cancel = server.post(path + "/cancel", "{}").as("/transfers/{id}/cancel");
    Server.Result taken =
        server
            .post(path + "/takeOver", "{\"reason\":\"alice is at lunch\"}")
            .as("/transfers/{id}/takeOver");
    // then
    assertThat(cancel.status()).isEqualTo(403);
    assertThat(cancel.text("/reason")).isEqualTo("not-owner");
    assertThat(cancel.text("/owner")).isEqualTo("alice");
    assertThat(taken.status()).isEqualTo(202);
    assertThat(server.switchboard.asked.getLast())
        .isInstanceOfSatisfying(
            TransferStep.TakeOver.class,
            step -> assertThat(step.reason()).isEqualTo("alice is at lunch"));
    for (String body : List.of("{}", "{\"reason\":\" \"}", "{\"reason\":7}")) {
      assertThat(server.post(path + "/takeOver", body).as("/transfers/{id}/takeOver").status())
          .as(body)
          .isEqualTo(400);
    }
  }
}
