package org.jackfield.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jackfield.api.journal.JournalRecord;
import org.jackfield.api.transfer.TransferId;
import org.junit.jupiter.api.Test;

/** Records come back as they were. */
class RecordTextTest {
  @Test
  void everyKindComesBackAsItWas() {
    for (JournalRecord one : Samples.all()) {
      assertThat(RecordText.read(RecordText.write(one))).isEqualTo(one);
    }
  }

  @Test
  void theSampleHasEveryKind() {
    assertThat(Samples.all().stream().map(Object::getClass).collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.asList(JournalRecord.class.getPermittedSubclasses()));
  }

  @Test
  void theFormatIsTheDocumentedOne() {
    assertThat(new String(RecordText.write(Samples.bound(35)), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"type\":\"CallBound\",\"provider\":\"pbx\",\"call\":\"call-35\",\"session\":35,"
                + "\"conversation\":35,\"started\":{\"at\":\"2026-01-01T12:00:00.000001Z\",\"place\":35}}");
  }

  @Test
  void aCallWrittenBeforeItsStartWasKeptIsRead() {
    assertThat(
            RecordText.read(
                bytes(
                    "{\"type\":\"CallBound\",\"provider\":\"p\",\"call\":\"c\",\"session\":1,"
                        + "\"conversation\":1}")))
        .isInstanceOfSatisfying(
            JournalRecord.CallBound.class, bound -> assertThat(bound.started()).isEmpty());
  }

  @Test
  void whatANewerServerAddedIsNotLookedAtAndWhatIsMissingIsNamed() {
    assertThat(
            RecordText.read(
                bytes("{\"type\":\"CallEnded\",\"provider\":\"p\",\"call\":\"c\",\"new\":1}")))
        .isInstanceOf(JournalRecord.CallEnded.class);
    for (String text :
        List.of("{\"type\":\"CallEnded\",\"provider\":\"p\"}", "{\"type\":\"Unheard\"}", "[")) {
      assertThatThrownBy(() -> RecordText.read(bytes(text)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void whoseARecordIsIsToldByItsBeginning() {
    for (JournalRecord one : Samples.all()) {
      Optional<RecordText.OfTransfer> expected =
          switch (one) {
            case JournalRecord.TransferAccepted r -> of(r.transfer().id(), false);
            case JournalRecord.TransferStands r -> of(r.transfer(), false);
            case JournalRecord.CommandIntended r -> of(r.transfer(), false);
            case JournalRecord.CommandWithdrawn r -> of(r.transfer(), false);
            case JournalRecord.TransferEnded r -> of(r.transfer().id(), true);
            default -> Optional.empty();
          };
      assertThat(RecordText.ofTransfer(RecordText.write(one))).isEqualTo(expected);
    }
    for (String text :
        List.of(
            "[",
            "{}",
            "{\"type\":1}",
            "{\"type\":\"TransferStands\"}",
            "{\"type\":\"TransferEnded\",\"transfer\":{\"old\":[1]}}",
            "{\"type\":\"TransferEnded\",\"transfer\":\"x\"}")) {
      assertThat(RecordText.ofTransfer(bytes(text))).isEmpty();
    }
  }

  private static Optional<RecordText.OfTransfer> of(TransferId transfer, boolean last) {
    return Optional.of(new RecordText.OfTransfer(transfer, last));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
