package org.jackfield.pbx.simulated;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The file of commands: one JSON object a line, in the order in which they came. When it cannot be
 * written the PBX says so once and goes on with its calls.
 */
final class CommandLog implements Pbx.Witness, Closeable {

  /** A line. {@code repeated}: the id was known, and nothing was done. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Entry(
      String time,
      int client,
      String verb,
      Command command,
      boolean accepted,
      Refused.@Nullable Because reason,
      boolean repeated,
      Control.@Nullable What fault) {}

  private final Timers timers;
  private final BufferedWriter file;
  private final PrintStream complaints;
  private boolean broken;

  CommandLog(Path path, Timers timers, PrintStream complaints) throws IOException {
    this.timers = timers;
    this.complaints = complaints;
    this.file = Files.newBufferedWriter(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  @Override
  public void saw(
      int client,
      Command command,
      Message.Answer answer,
      boolean repeated,
      Control.@Nullable What fault) {
    if (broken) {
      return;
    }
    try {
      file.write(
          Lines.line(
              new Entry(
                  timers.now().toString(),
                  client,
                  Lines.verb(command),
                  command,
                  answer.accepted(),
                  answer.reason(),
                  repeated,
                  fault)));
      file.write('\n');
      file.flush();
    } catch (IOException full) {
      broken = true;
      complaints.println("The command log cannot be written any more: " + full.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
