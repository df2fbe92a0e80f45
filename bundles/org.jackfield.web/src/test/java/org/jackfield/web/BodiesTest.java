package org.jackfield.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is malformed is refused by the name of its field, and reaches no service. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BodiesTest {
  @TempDir static Path data;
  private Server server;

  @BeforeAll
  void start() throws Exception {
    server = new Server(data);
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
  }

  @AfterEach
  void nothingWasAsked() {
    assertThat(server.switchboard.asked).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                                  | missing-field  | target",
        "{'target':7}                                        | wrong-type     | target",
        "{'target':null}                                     | wrong-type     | target",
        "{'target':['1003']}                                 | wrong-type     | target",
        "{'target':''}                                       | invalid-value  | target",
        "{'target':'10\\r\\n03'}                             | invalid-value  | target",
        "{'target':'10\\u000003'}                            | invalid-value  | target",
        "{'target':'\\u202e3001'}                            | invalid-value  | target",
        "{'target':'\\ud800'}                                | invalid-value  | target",
        "{'target':'1','heldSession':'2'}                    | invalid-value  | heldSession",
        "{'target':'1','mode':'swift'}                       | invalid-value  | mode",
        "{'target':'1','mode':true}                          | wrong-type     | mode",
        "{'target':'1','Mode':'auto'}                        | unknown-field  | Mode",
        "{'target':'1','needs':'speak'}                      | wrong-type     | needs",
        "{'target':'1','needs':['speak','fly']}              | invalid-value  | needs[1]",
        "{'target':'1','needs':['speak','speak','speak']}    | field-too-long | needs",
        "{'target':'1','timeouts':5}                         | wrong-type     | timeouts",
        "{'target':'1','timeouts':{'answerMs':0}}            | invalid-value  | timeouts.answerMs",
        "{'target':'1','timeouts':{'answerMs':1.5}}          | wrong-type     | timeouts.answerMs",
        "{'target':'1','timeouts':{'answerMs':'5'}}          | wrong-type     | timeouts.answerMs",
        "{'target':'1','timeouts':{'answerMs':1e30}}         | wrong-type     | timeouts.answerMs",
        "{'target':'1','timeouts':{'answerMs':99999999999999999999}} | invalid-value | timeouts.answerMs",
        "{'target':'1','timeouts':{'soon':1}}                | unknown-field  | timeouts.soon",
        "{'target':'1','recall':[{'to':'park'}]}             | missing-field  | recall[0].address",
        "{'target':'1','recall':[{'to':'heaven'}]}           | invalid-value  | recall[0].to",
        "{'target':'1','recall':[{'to':'transferor','address':'1'}]} | unknown-field | recall[0].address",
        "{'target':'1','recall':[1]}                         | wrong-type     | recall[0]",
      })
  void aTransfer(String body, String reason, String field) throws Exception {
    Server.Result refused =
        server
            .post("/sessions/1/transfers", body.replace('\'', '"'))
            .as("/sessions/{id}/transfers");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text("/reason")).isEqualTo(reason);
    assertThat(refused.text("/field")).isEqualTo(field);
    assertThat(refused.text("/type")).isEqualTo("urn:jackfield:problem:" + reason);
    assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
  }

  @ParameterizedTest
  @CsvSource({"target,129", "transferor,129", "heldSession,129", "reason,257"})
  void aTextThatIsTooLong(String field, int length) throws Exception {
    String body = "{\"" + field + "\":\"" + "7".repeat(length) + "\"}";
    if (field.equals("transferor") || field.equals("reason")) {
      body = body.replace("{", "{\"target\":\"1\",");
    }
    Server.Result refused =
        server.post("/sessions/1/transfers", body).as("/sessions/{id}/transfers");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text("/reason")).isEqualTo("field-too-long");
    assertThat(refused.text("/field")).isEqualTo(field);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{",
        "[1",
        "{'target':'1'} x",
        "{'target':'1','target':'2'}",
        "{target:1}",
        "nul",
        "'"
      })
  void whatIsNoJson(String body) throws Exception {
    Server.Result refused =
        server
            .post("/sessions/1/transfers", body.replace('\'', '"'))
            .as("/sessions/{id}/transfers");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text("/reason")).isEqualTo("malformed-json");
  }

  @Test
  void whatIsDeeperThanAnyRequest() throws Exception {
    String body = "{\"target\":" + "[".repeat(1000) + "]".repeat(1000) + "}";
    assertThat(
            server
                .post("/sessions/1/transfers", body)
                .as("/sessions/{id}/transfers")
                .text("/reason"))
        .isEqualTo("malformed-json");
  }

  @Test
  void whatIsNoObject() throws Exception {
    assertThat(
            server
                .post("/sessions/1/transfers", "[]")
                .as("/sessions/{id}/transfers")
                .text("/reason"))
        .isEqualTo("wrong-type");
  }

  @Test
  void whatIsNoUtf8() throws Exception {
    Server.Result refused =
        server
            .post("/sessions/1/transfers", "")
            .body("{\"target\":\"\u00ff\"}".getBytes(StandardCharsets.ISO_8859_1))
            .as("/sessions/{id}/transfers");
    assertThat(refused.text("/reason")).isEqualTo("malformed-json");
  }

  @Test
  void whatIsTooLarge() throws Exception {
    String body = "{\"target\":\"" + "7".repeat(5000) + "\"}";
    Server.Result refused =
        server.post("/sessions/1/transfers", body).as("/sessions/{id}/transfers");
    assertThat(refused.status()).isEqualTo(413);
  }

  @Test
  void whatIsNotSentAsJson() throws Exception {
    Server.Result refused =
        server
            .post("/sessions/1/transfers", "{\"target\":\"1\"}")
            .header("Content-Type", "text/plain")
            .as("/sessions/{id}/transfers");
    assertThat(refused.status()).isEqualTo(415);
  }

  @Test
  void aMethodThatTheRouteDoesNotKnow() throws Exception {
    Server.Result refused = server.call("PUT", "/sessions/1").bearer().raw();
    assertThat(refused.status()).isEqualTo(405);
    assertThat(refused.header("Allow")).isEqualTo("DELETE, GET");
    assertThat(refused.text("/reason")).isEqualTo("method-not-allowed");
  }

  @Test
  void headIsGetWithoutABody() throws Exception {
    Server.Result head = server.call("HEAD", "/sessions/1").bearer().raw();
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.bytes()).isEmpty();
    assertThat(head.header("ETag")).isEqualTo("\"7-1\"");
  }
}
