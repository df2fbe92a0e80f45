package org.jackfield.provider.asterisk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.jackfield.api.provider.ProviderConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  static final Map<String, String> LEAST =
      Map.of(
          "ari.url", "http://127.0.0.1:8088/ari",
          "ari.user", "u",
          "ari.secret", "s",
          "ami.user", "u",
          "ami.secret", "s",
          "context", "internal");

  private static Settings with(String key, String value) {
    var values = new HashMap<>(LEAST);
    values.put(key, value);
    return Settings.of(new ProviderConfig("office", values));
  }

  @Test
  void the_defaults_dial_through_the_dialplan() {
    var settings = Settings.of(new ProviderConfig("office", LEAST));

    assertThat(settings.dialString("103")).isEqualTo("Local/103@internal/n");
    assertThat(settings.dialsThroughDialplan()).isTrue();
    assertThat(settings.amiPort()).isEqualTo(5038);
  }

  @Test
  void an_address_is_read_from_its_endpoint() {
    var pattern =
        with("address.endpoint.pattern", "PJSIP/{address}").endpointPattern().orElseThrow();

    assertThat(pattern.matcher("PJSIP/103").replaceFirst("$1")).isEqualTo("103");
    assertThat(pattern.matcher("SIP/103").matches()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "ari.url, ftp://x",
    "ari.url, nowhere",
    "ami.port, 0",
    "ami.port, 99999",
    "ami.port, many",
    "application, Upper",
    "application, a-b",
    "context, 'a,b'",
    "dial, PJSIP/alice",
    "dial, Local/{target}@{context}",
    "address.endpoint.pattern, PJSIP/x"
  })
  void what_cannot_be_used_is_named(String key, String value) {
    assertThatThrownBy(() -> with(key, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(key);
  }

  @Test
  void no_secret_is_shown() {
    assertThat(with("ari.secret", "hidden")).asString().doesNotContain("hidden");
  }
}
