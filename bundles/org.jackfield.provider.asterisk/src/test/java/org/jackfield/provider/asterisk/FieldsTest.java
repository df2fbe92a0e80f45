package org.jackfield.provider.asterisk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {
  @ParameterizedTest
  @ValueSource(strings = {"a\rb", "a\nb", "a\r\nAction: Command", "a\0b"})
  void what_could_become_another_field_is_refused(String text) {
    assertThatThrownBy(() -> Fields.checked(text)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Fields.encoded(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"103", "+4930123", "*97", "alice", "alice.b_c-d", "#1"})
  void an_extension_may_be_dialled(String address) {
    assertThat(Fields.dialable(address)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "103@other",
        "103/n",
        "103&104",
        "103,1",
        "${EXTEN}",
        "103|x",
        "PJSIP/alice",
        "10 3",
        "103;1",
        "a:b",
        "103\n"
      })
  void what_means_something_in_a_dial_string_may_not(String address) {
    assertThat(Fields.dialable(address)).isFalse();
  }
}
