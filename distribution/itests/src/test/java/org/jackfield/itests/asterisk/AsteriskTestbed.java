package org.jackfield.itests.asterisk;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.api.provider.TelephonyDriver;
import org.jackfield.api.session.Address;
import org.jackfield.provider.asterisk.AsteriskDriver;
import org.jackfield.tck.Testbed;

/**
 * The lab as the conformance kit wants it: three phones that answer, one that rings until somebody
 * takes it.
 */
final class AsteriskTestbed implements Testbed {
  private static final Voice RINGING = Voice.DAVE;

  private final AsteriskLab lab;
  private final Map<String, Phone> phones;
  private final Relay ari;
  private final Relay ami;

  AsteriskTestbed(AsteriskLab lab, Map<String, Phone> phones) {
    this.lab = lab;
    this.phones = phones;
    this.ari = Relay.to(lab.http());
    this.ami = Relay.to(lab.ami());
  }

  @Override
  public TelephonyDriver driver() {
    return new AsteriskDriver();
  }

  @Override
  public ProviderConfig config() {
    return config(ari.port(), ami.port());
  }

  @Override
  public ProviderConfig unreachable() {
    return config(lab.port("DEAD_PORT"), lab.port("DEAD_PORT"));
  }

  private ProviderConfig config(int ariPort, int amiPort) {
    var values = new HashMap<>(TransferScenarios.config(lab));
    values.put("ari.url", "http://127.0.0.1:" + ariPort + "/ari");
    values.put("ami.port", Integer.toString(amiPort));
    return new ProviderConfig("lab", values);
  }

  @Override
  public Address person(int which) {
    return new Address(Voice.values()[which].address());
  }

  @Override
  public Address ringing() {
    return new Address(RINGING.address());
  }

  @Override
  public Address busy() {
    return new Address("120");
  }

  @Override
  public Address declining() {
    return new Address("122");
  }

  @Override
  public Address nobody() {
    return new Address("999");
  }

  private Phone phone(Address address) {
    return phones.get(address.value());
  }

  @Override
  public void answer(Address phone) {
    phone(phone).answer();
  }

  @Override
  public void decline(Address phone) {
    phone(phone).hangUp();
  }

  @Override
  public void hangUp(Address phone) {
    phone(phone).hangUp();
  }

  @Override
  public void call(Address from, Address to) {
    phone(from).dial(to.value());
  }

  @Override
  public void cutLink() {
    ari.cut();
    ami.cut();
    ari.mend();
    ami.mend();
  }

  @Override
  public Duration patience() {
    return Duration.ofSeconds(60);
  }

  @Override
  public void close() {
    ari.close();
    ami.close();
    lab.clear();
  }
}
