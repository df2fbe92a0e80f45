package driver.@name@;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.api.provider.TelephonyDriver;
import org.jackfield.api.session.Address;
import org.jackfield.pbx.simulated.Control;
import org.jackfield.pbx.simulated.Pace;
import org.jackfield.pbx.simulated.Profile;
import org.jackfield.pbx.simulated.RunningPbx;
import org.jackfield.tck.Testbed;

/** A PBX of its own for each check, and hands on its phones: the simulated one, with quick people. */
final class @Name@Testbed implements Testbed {
  private static final Pace QUICK =
      new Pace(
          Duration.ofMillis(5),
          Duration.ofMillis(20),
          Duration.ofMillis(30),
          Duration.ofMillis(20),
          Duration.ofMillis(50),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofMinutes(5),
          Duration.ofMillis(200));

  private final RunningPbx pbx;

  @Name@Testbed(Path folder) {
    try {
      pbx = new RunningPbx(new RunningPbx.Settings(Profile.named("full"), QUICK, 0, 0, folder, 1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public TelephonyDriver driver() {
    return new @Name@Driver();
  }

  @Override
  public ProviderConfig config() {
    return new ProviderConfig("@name@", Map.of("pbx", pbx.address()));
  }

  @Override
  public ProviderConfig unreachable() {
    return new ProviderConfig("@name@", Map.of("pbx", "127.0.0.1:1"));
  }

  @Override
  public Address person(int which) {
    return new Address(String.valueOf(1500 + which));
  }

  @Override
  public Address ringing() {
    return new Address("6003");
  }

  @Override
  public Address busy() {
    return new Address("6002");
  }

  @Override
  public Address declining() {
    return new Address("6004");
  }

  @Override
  public Address nobody() {
    return new Address("6005");
  }

  @Override
  public void answer(Address phone) {
    phone(phone, Control.Act.ANSWER, null);
  }

  @Override
  public void decline(Address phone) {
    phone(phone, Control.Act.DECLINE, null);
  }

  @Override
  public void hangUp(Address phone) {
    phone(phone, Control.Act.HANG_UP, null);
  }

  @Override
  public void call(Address from, Address to) {
    phone(from, Control.Act.CALL, to.value());
  }

  private void phone(Address phone, Control.Act does, String target) {
    String id = UUID.randomUUID().toString();
    if (!pbx.act(new Control.Handset(id, phone.value(), does, target)).accepted()) {
      throw new IllegalStateException(phone + " cannot " + does);
    }
  }

  @Override
  public void cutLink() {
    String id = UUID.randomUUID().toString();
    pbx.act(new Control.Fault(id, Control.What.DROP_LINK, null, null, 1, 200L, null));
  }

  @Override
  public void close() {
    try {
      pbx.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
