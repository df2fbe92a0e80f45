package org.jackfield.provider.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.api.provider.TelephonyDriver;
import org.jackfield.api.session.Address;
import org.jackfield.pbx.simulated.Command;
import org.jackfield.pbx.simulated.Control;
import org.jackfield.pbx.simulated.Pace;
import org.jackfield.pbx.simulated.Profile;
import org.jackfield.pbx.simulated.RunningPbx;
import org.jackfield.tck.Testbed;

/** A simulated PBX of its own for each test, with quick people. */
class SimulatedTestbed implements Testbed {

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

  final RunningPbx pbx;
  private final Function<SimulatedTestbed, TelephonyDriver> driver;

  SimulatedTestbed(String profile, Path folder) {
    this(profile, folder, bed -> new SimulatedDriver());
  }

  SimulatedTestbed(
      String profile, Path folder, Function<SimulatedTestbed, TelephonyDriver> driver) {
    this.driver = driver;
    try {
      pbx = new RunningPbx(new RunningPbx.Settings(Profile.named(profile), QUICK, 0, 0, folder, 1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public TelephonyDriver driver() {
    return driver.apply(this);
  }

  @Override
  public ProviderConfig config() {
    return new ProviderConfig("sim", Map.of("pbx.address", pbx.address()));
  }

  @Override
  public ProviderConfig unreachable() {
    return new ProviderConfig("sim", Map.of("pbx.address", "", "pbx.address.file", "/no/such"));
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

  void act(Command command) {
    assertThat(pbx.act(command).accepted()).as("%s", command).isTrue();
  }

  static String id() {
    return UUID.randomUUID().toString();
  }

  private void act(Address phone, Control.Act what) {
    act(new Control.Handset(id(), phone.value(), what, null));
  }

  @Override
  public void answer(Address phone) {
    act(phone, Control.Act.ANSWER);
  }

  @Override
  public void decline(Address phone) {
    act(phone, Control.Act.DECLINE);
  }

  @Override
  public void hangUp(Address phone) {
    act(phone, Control.Act.HANG_UP);
  }

  @Override
  public void call(Address from, Address to) {
    act(new Control.Handset(id(), from.value(), Control.Act.CALL, to.value()));
  }

  @Override
  public void cutLink() {
    fault(Control.What.DROP_LINK, null, 1, 200);
  }

  void fault(Control.What what, String verb, int count, long ms) {
    act(new Control.Fault(id(), what, verb, null, count, ms, null));
  }

  @Override
  public Duration patience() {
    return Duration.ofSeconds(30);
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
