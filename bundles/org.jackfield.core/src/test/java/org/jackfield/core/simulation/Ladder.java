package org.jackfield.core.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.session.Connection;

/** A call-flow diagram in text: who told whom what, when. Writes nothing unless it is wanted. */
final class Ladder {
  private static final String BAR = "                  |";
  private static final int WIDTH = BAR.length();

  /** The uprights, from left to right. */
  enum At {
    CLIENT,
    CORE,
    PBX,
    PHONES
  }

  private final boolean wanted;
  private final Clockwork clock;
  private final List<String> lines = new ArrayList<>();

  Ladder(boolean wanted, Clockwork clock) {
    this.wanted = wanted;
    this.clock = clock;
    if (wanted) {
      lines.add("     time        client             core               PBX             phones");
    }
  }

  boolean isWanted() {
    return wanted;
  }

  /** An arrow. */
  void tell(At from, At to, Supplier<String> text) {
    if (wanted) {
      boolean right = from.ordinal() < to.ordinal();
      int left = Math.min(from.ordinal(), to.ordinal());
      int cells = Math.abs(from.ordinal() - to.ordinal());
      int room = cells * WIDTH - 1;
      String shaft = "-".repeat(room - 1);
      line(left, (right ? shaft + ">" : "<" + shaft) + "|", cells, text.get());
    }
  }

  /** Something that one of them does by itself. */
  void note(At at, Supplier<String> text) {
    if (wanted) {
      line(at.ordinal(), "", 0, (at == At.CORE ? "[core] " : "") + text.get());
    }
  }

  private void line(int left, String arrow, int cells, String text) {
    StringBuilder line = new StringBuilder(time()).append(BAR);
    for (int i = 0; i < left; i++) {
      line.append(BAR);
    }
    line.append(arrow);
    for (int i = left + cells + 1; i < At.values().length; i++) {
      line.append(BAR);
    }
    lines.add(line + "  " + text);
  }

  private String time() {
    return String.format(Locale.ROOT, "%9.3f", clock.nanos() / 1e9);
  }

  List<String> lines() {
    return lines;
  }

  // Words

  static String of(Connection c) {
    return c.address()
        + "="
        + c.state().text()
        + (c.heldByThem() ? "(held)" : "")
        + c.cause().map(cause -> "(" + cause.code().text() + ")").orElse("");
  }

  static String of(ProviderEvent event) {
    return switch (event) {
      case ProviderEvent.ConnectionChanged c -> of(c.connection()) + " in " + c.call();
      case ProviderEvent.CallsMerged m -> "merged " + m.from() + " into " + m.into();
      case ProviderEvent.CallBranched b -> b.into() + " came out of " + b.from();
      case ProviderEvent.Snapshot s -> {
        Picture picture = new Picture();
        picture.apply(s);
        yield "snapshot: " + picture;
      }
      case ProviderEvent.LinkUp up -> "link up";
      case ProviderEvent.LinkDown down -> "link down";
      case ProviderEvent.CommandFailed failed -> "command failed";
      case ProviderEvent.AddressChanged a -> "address " + a.address().address();
    };
  }

  static String of(Command command) {
    String what = command.operation().text() + " in " + command.call();
    return switch (command) {
      case Command.BlindTransfer c -> what + " to " + c.target() + " " + c.release().text();
      case Command.Consult c -> what + " by " + c.consultation() + to(c.target());
      case Command.Dial c -> what + " to " + c.target();
      case Command.Complete c -> what + " with " + c.consultation() + " as " + c.as().text();
      case Command.Recall c -> what + " to " + c.to();
      case Command.Redirect c -> what + " to " + c.to();
      case Command.MakeCall c -> what + " from " + c.from() + " to " + c.to();
      case Command.ClearAll c -> what + ", everybody";
      case Command.Clear c -> what + ", party " + c.party();
      default -> what;
    };
  }

  private static String to(java.util.Optional<org.jackfield.api.session.Address> target) {
    return target.map(t -> " to " + t).orElse("");
  }
}
