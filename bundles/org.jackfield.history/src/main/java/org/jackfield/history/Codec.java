package org.jackfield.history;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jackfield.api.transfer.RecallRung;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferOutcome;

/** Items and transfers as JSON, on one line, there and back. */
final class Codec {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .addMixIn(TransferOutcome.class, Outcomes.class)
          .addMixIn(RecallRung.class, Rungs.class)
          .build();

  private static final ObjectWriter ITEMS = MAPPER.writerFor(Item.class);

  private Codec() {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = TransferOutcome.Completed.class, name = "completed"),
    @JsonSubTypes.Type(value = TransferOutcome.Reverted.class, name = "reverted"),
    @JsonSubTypes.Type(value = TransferOutcome.Abandoned.class, name = "abandoned"),
    @JsonSubTypes.Type(value = TransferOutcome.Recalled.class, name = "recalled"),
    @JsonSubTypes.Type(value = TransferOutcome.Failed.class, name = "failed")
  })
  private interface Outcomes {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = RecallRung.ToTransferor.class, name = "transferor"),
    @JsonSubTypes.Type(value = RecallRung.ToAddress.class, name = "address"),
    @JsonSubTypes.Type(value = RecallRung.ToPark.class, name = "park")
  })
  private interface Rungs {}

  static byte[] bytes(Item item) {
    try {
      // by way of a text: half a surrogate pair becomes a question mark instead of an exception
      return ITEMS.writeValueAsString(item).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Item item(byte[] bytes) throws IOException {
    return MAPPER.readValue(bytes, Item.class);
  }

  static String text(Transfer transfer) {
    try {
      return MAPPER.writeValueAsString(transfer);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Transfer transfer(String text) {
    try {
      return MAPPER.readValue(text, Transfer.class);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
