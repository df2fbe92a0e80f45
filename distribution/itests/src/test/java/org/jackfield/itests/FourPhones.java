package org.jackfield.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What tests do with a server on a simulated PBX of its own: 1000 calls, and consults 6001. */
final class FourPhones {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private FourPhones() {}

  /** The phones answer, and the server that is started there is to find their PBX. */
  static void prepare(Distribution distribution, Path home, PbxHands hands) throws IOException {
    for (int phone = 1000; phone < 1004; phone++) {
      hands.answers(String.valueOf(phone), 20);
    }
    distribution.configure(
        home,
        "org.jackfield.provider~pbx.cfg",
        "driver = simulated\npbx.address.file = %s\n".formatted(home.resolve("data/pbx.address")));
  }

  /** 1000 talks with that one; the session. */
  static String call(RunningServer server, PbxHands hands, String to) throws Exception {
    assertThat(hands.act("1000", "call", to)).isTrue();
    server.await("a call", SOON, () -> connected(server, to).isPresent());
    return connected(server, to).orElseThrow().path("id").asText();
  }

  static Optional<JsonNode> connected(RunningServer server, String party) throws Exception {
    return server
        .json("/api/v1/sessions?state=connected")
        .path("items")
        .valueStream()
        .filter(s -> s.path("parties").size() == 2 && has(s, party))
        .findFirst();
  }

  private static boolean has(JsonNode session, String address) {
    return !party(session, address).isEmpty();
  }

  /** The id of a party; empty where that one is not in the session. */
  static String party(JsonNode session, String address) {
    return session
        .path("parties")
        .valueStream()
        .filter(p -> p.path("address").asText().equals(address))
        .findFirst()
        .map(p -> p.path("id").asText())
        .orElse("");
  }

  /** To 6001; a consultation may last an hour. */
  static HttpResponse<String> transfer(
      RunningServer server, JsonNode session, String transferor, String mode) throws Exception {
    return server.post(
        "/api/v1/sessions/" + session.path("id").asText() + "/transfers",
        "{\"transferor\":\"%s\",\"target\":\"6001\",\"mode\":\"%s\",\"timeouts\":{\"completeMs\":3600000}}"
            .formatted(party(session, transferor), mode));
  }

  static String accepted(HttpResponse<String> answer) throws IOException {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return JSON.readTree(answer.body()).path("id").asText();
  }

  /** 1000 consults 6001, who has answered; the transfer. */
  static String consult(RunningServer server, String session) throws Exception {
    String transfer =
        accepted(
            transfer(server, server.json("/api/v1/sessions/" + session), "1000", "consultation"));
    isConsulting(server, transfer);
    return transfer;
  }

  static void isConsulting(RunningServer server, String transfer) {
    server.await(
        "the consultation stands",
        SOON,
        () -> {
          JsonNode now = server.json("/api/v1/transfers/" + transfer);
          return now.path("phase").asText().equals("consulting")
              && now.path("targetState").asText().equals("answered")
              && !now.path("recovering").asBoolean();
        });
  }

  static void complete(RunningServer server, String transfer) throws Exception {
    String path = "/api/v1/transfers/" + transfer;
    server.await(
        "complete is permitted",
        SOON,
        () -> server.json(path).path("permitted").toString().contains("complete"));
    assertThat(server.post(path + "/complete", "{}").statusCode()).isEqualTo(202);
    server.await(
        "completed",
        SOON,
        () -> server.json(path).at("/outcome/type").asText().equals("completed"));
  }

  static void assertOutcome(RunningServer server, String transfer, String outcome)
      throws Exception {
    String path = "/api/v1/transfers/" + transfer;
    server.await("an outcome", SOON, () -> server.json(path).path("outcome").isObject());
    JsonNode ended = server.json(path);
    assertThat(ended.at("/outcome/type").asText() + ", " + ended.at("/outcome/evidence").asText())
        .as(ended::toPrettyString)
        .isEqualTo(outcome + ", verified");
  }
}
