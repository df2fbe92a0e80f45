package org.jackfield.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jackfield.api.audit.AuditQuery;
import org.jackfield.api.history.SessionHistoryQuery;
import org.jackfield.api.history.SessionRecord;
import org.jackfield.api.session.ConversationId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The history's and the audit's routes; every answer is held against openapi.json. */
class HistoryRoutesTest {
  @TempDir Path data;
  private Server server;
  private Archive archive;

  @BeforeEach
  void start() throws Exception {
    server = new Server(data);
    archive = new Archive(server.switchboard.transfers);
    server.services.set((org.jackfield.api.history.HistoryService) archive);
    server.services.set((org.jackfield.api.audit.AuditTrail) archive);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void pagesGoOnByTheirCursors() throws Exception {
    for (String list : new String[] {"/history/sessions", "/audit"}) {
      Set<String> seen = new HashSet<>();
      String cursor = "";
      do {
        JsonNode page = server.get(list + "?limit=500" + cursor).as(list).json();
        page.get("items").forEach(item -> seen.add(item.toString()));
        cursor = page.get("next").isNull() ? "" : "&cursor=" + page.get("next").asText();
      } while (!cursor.isEmpty());
      assertThat(seen).hasSize(Archive.MANY);
    }
  }

  @Test
  void filtersReachTheHistory() throws Exception {
    server
        .get(
            "/history/sessions?provider=demo&state=unknown&conversation=a&q=10&limit=7"
                + "&from=2026-11-22T12:00:00Z&to=2026-11-23T13:00:00.5%2B01:00")
        .as("/history/sessions");
    assertThat(archive.asked)
        .isEqualTo(
            new SessionHistoryQuery(
                Optional.of("demo"),
                Optional.of(SessionRecord.State.UNKNOWN),
                Optional.of(new ConversationId(10)),
                Optional.of("10"),
                Optional.of(Instant.parse("2026-11-22T12:00:00Z")),
                Optional.of(Instant.parse("2026-11-23T12:00:00.5Z")),
                Optional.empty(),
                7));
    server.get("/audit?principal=anna&action=hold&subject=session/1&result=ok").as("/audit");
    assertThat(archive.asked)
        .isEqualTo(
            new AuditQuery(
                Optional.of("anna"),
                Optional.of("hold"),
                Optional.of("session/1"),
                Optional.of("ok"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                100));
  }

  @Test
  void badFiltersAreRefusedByName() throws Exception {
    for (String bad :
        new String[] {
          "state=gone", "conversation=%25", "from=yesterday", "format=xml", "limit=0", "q="
        }) {
      Server.Result result = server.get("/history/sessions?" + bad).as("/history/sessions");
      assertThat(result.status()).as(bad).isEqualTo(400);
      assertThat(result.text("/field")).isEqualTo(bad.replaceAll("=.*", ""));
    }
    Server.Result cursor = server.get("/audit?cursor=x").as("/audit");
    assertThat(cursor.text("/reason")).isEqualTo("invalid-cursor");
  }

  @Test
  void oneOfEachIsShownWhole() throws Exception {
    server.post("/sessions/1/transfers", "{\"transferor\":\"bob\",\"target\":\"1003\"}").raw();
    JsonNode session = server.get("/history/sessions/1").as("/history/sessions/{id}").json();
    assertThat(session.at("/events/0/type").asText()).isEqualTo("session.started");
    assertThat(session.at("/cause/code").asText()).isEqualTo("busy");
    assertThat(server.get("/history/sessions/zzzz").as("/history/sessions/{id}").status())
        .isEqualTo(404);
    assertThat(server.get("/history/transfers/zzzz").as("/history/transfers/{id}").status())
        .isEqualTo(404);
    JsonNode list = server.get("/history/transfers").as("/history/transfers").json();
    for (JsonNode item : list.get("items")) {
      String id = item.at("/transfer/id").asText();
      assertThat(server.get("/history/transfers/" + id).as("/history/transfers/{id}").json())
          .isEqualTo(item);
    }
  }

  @Test
  void allOfItComesAsJson() throws Exception {
    for (String list : new String[] {"/history/sessions", "/history/transfers", "/audit"}) {
      Server.Result result = server.get(list + "?format=json").as(list);
      assertThat(result.status()).isEqualTo(200);
      assertThat(result.header("Content-Disposition")).endsWith(".json\"");
      assertThat(result.json().isArray()).isTrue();
    }
    assertThat(server.get("/audit?format=json").as("/audit").json()).hasSize(Archive.MANY);
  }

  @Test
  void allOfItComesAsATableInWhichNothingIsAFormula() throws Exception {
    Server.Result result = server.get("/history/sessions?format=csv").raw();
    String text = new String(result.bytes(), StandardCharsets.UTF_8);
    assertThat(result.header("Content-Type")).startsWith("text/csv");
    String[] lines = text.split("\r\n");
    assertThat(lines).hasSize(Archive.MANY + 1);
    assertThat(lines[0]).startsWith("id,provider,conversation,state,");
    assertThat(lines[1]).endsWith(",\"'=cmd|'/c calc'!A0\"");
    assertThat(lines[2]).endsWith(",\"'+49301234\"");
    String audit =
        new String(server.get("/audit?format=csv").raw().bytes(), StandardCharsets.UTF_8);
    assertThat(audit).contains(",\"'@SUM(A1)\r\nnext\",ab\r\n");
    assertThat(Csv.cell("a \"b\", c")).isEqualTo("\"a \"\"b\"\", c\"");
    for (String formula : new String[] {"=1", "+1", "-1", "@a", "\tx", "\rx"}) {
      assertThat(Csv.cell(formula)).startsWith("\"'");
    }
  }

  @Test
  void whileTheDatabaseIsAwayItIsSaid() throws Exception {
    archive.away = true;
    for (String list :
        new String[] {"/history/sessions", "/history/transfers", "/audit", "/audit/verify"}) {
      Server.Result result = server.get(list).as(list);
      assertThat(result.status()).as(list).isEqualTo(503);
      assertThat(result.text("/reason")).isEqualTo("history-unavailable");
      if (!list.endsWith("verify")) {
        assertThat(server.get(list + "?format=csv").as(list).status()).as(list).isEqualTo(503);
      }
    }
    assertThat(server.get("/history").as("/history").text("/state")).isEqualTo("away");
    JsonNode health = server.get("/health").as("/health").json();
    assertThat(health.get("status").asText()).isEqualTo("degraded");
    assertThat(health.toString()).contains("no route to host; 3 events and entries wait");
    assertThat(server.call("GET", "/health/ready").as("/health/ready").status()).isEqualTo(200);
  }

  @Test
  void theAuditsStateIsTold() throws Exception {
    assertThat(server.get("/audit/verify").as("/audit/verify").json().get("intact").asBoolean())
        .isTrue();
    archive.intact = false;
    JsonNode broken = server.get("/audit/verify").as("/audit/verify").json();
    assertThat(broken.get("intact").asBoolean()).isFalse();
    assertThat(broken.get("row").asInt()).isEqualTo(7);
  }

  @Test
  void aServerWithoutAHistorySaysSo() throws Exception {
    server.services.unset(archive);
    assertThat(server.get("/history").as("/history").text("/reason"))
        .isEqualTo("history-unavailable");
    assertThat(server.get("/audit").as("/audit").status()).isEqualTo(503);
    assertThat(server.get("/health").as("/health").text("/status")).isEqualTo("up");
  }
}
