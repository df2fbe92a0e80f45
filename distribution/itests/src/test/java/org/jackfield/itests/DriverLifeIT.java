package org.jackfield.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.jackfield.api.provider.ProviderStatus;
import org.jackfield.api.provider.ProviderStatus.State;
import org.jackfield.api.provider.TelephonyProvider;
import org.jackfield.api.session.Address;
import org.jackfield.api.session.OperationReply;
import org.jackfield.api.session.Session;
import org.jackfield.api.session.SessionId;
import org.jackfield.api.session.SessionRequest;
import org.jackfield.api.transfer.Transfer;
import org.jackfield.api.transfer.TransferMode;
import org.jackfield.api.transfer.TransferReply;
import org.jackfield.itests.odd.OddBundle;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;

/**
 * Drivers and configurations that come, change and go while calls live and a transfer is under way.
 * The PBX is a process of its own, so its calls do not notice; beside it another PBX is open with
 * another driver.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class DriverLifeIT {
  private static final String SIMULATED = "org.jackfield.provider.simulated";
  private static final String ODD = "itests:odd";

  @Inject private BundleContext context;

  private LiveServer server;
  private RunningProcess pbx;
  private Path pbxHome;
  private String pbxAddress;
  private Path addressFile;

  @Configuration
  public Option[] distribution() throws Exception {
    return DistributionOptions.of(Distribution.unpacked());
  }

  @Before
  public void aPbxAndAnOddOne() throws Exception {
    server = new LiveServer(context);
    pbxHome = Distribution.unpacked().newHome();
    pbx = Distribution.unpacked().startPbx(pbxHome);
    addressFile = pbxHome.resolve("data/pbx.address");
    pbxAddress = Files.readString(addressFile).strip();
    try (PbxHands hands = new PbxHands(pbxHome)) {
      hands.answers("1002", 20);
    }
    context.installBundle(ODD, OddBundle.of("1.0.0")).start();
    server.configure("sim", "driver = simulated\npbx.address = " + pbxAddress);
    server.configure("other", "driver = odd");
    server.awaitState("sim", State.UP);
    server.awaitState("other", State.UP);
  }

  @After
  public void nothingStays() throws Exception {
    try {
      for (Session session : server.live("sim")) {
        server.hangUp(session);
      }
      for (ProviderStatus one : server.providers.providers()) {
        server.unconfigure(one.name());
      }
      for (ProviderStatus one : server.providers.providers()) {
        server.awaitGone(one.name());
      }
    } finally {
      pbx.close();
      server.close();
      Bundle odd = context.getBundle(ODD);
      if (odd != null) {
        odd.uninstall();
      }
    }
  }

  private Bundle simulated() {
    return Stream.of(context.getBundles())
        .filter(b -> SIMULATED.equals(b.getSymbolicName()))
        .findFirst()
        .orElseThrow();
  }

  /** A call, and in it a consultation with one who rings for ever. */
  private Transfer consulting(Session session) throws Exception {
    return server.ringing(session, "1002", "6003", TransferMode.CONSULTATION);
  }

  /** Its link is up, and it has pictured the calls: till then nothing is permitted in them. */
  private void awaitBack(int mark) {
    server.await(
        "the driver is back",
        () -> {
          List<State> states = server.states("sim", mark);
          return states.contains(State.WAITING)
              && states.getLast() == State.UP
              && server.status("sim").why().isEmpty();
        });
  }

  @Test
  public void aDriverThatComesAfterItsConfigurationIsUsedAtOnce() throws Exception {
    // given
    context.getBundle(ODD).uninstall();
    server.configure("late", "driver = odd");
    server.awaitState("late", State.WAITING);
    assertThat(server.status("late").why()).contains("odd").contains("not there");

    // when
    context.installBundle(ODD, OddBundle.of("1.2.3")).start();

    // then
    server.awaitState("late", State.UP);
    assertThat(server.status("late").driverVersion()).isEqualTo("1.2.3");
    assertThat(server.status("late").why()).isEmpty();
  }

  @Test
  public void anUpdatedDriverGoesOnWithItsSessionsAndTheTransfer() throws Exception {
    // given
    Session session = server.call("sim", "1001", "1002");
    Transfer transfer = consulting(session);
    List<SessionId> before = server.ids("sim");
    ProviderStatus other = server.status("other");
    int mark = server.mark();

    // when
    simulated().update();

    // then
    awaitBack(mark);
    assertThat(server.ids("sim")).isEqualTo(before).hasSize(2);
    assertThat(server.over()).isEmpty();
    assertThat(server.status("other")).isEqualTo(other);
    assertThat(server.ended(transfer)).isEmpty();

    // when
    assertThat(server.cancel(transfer)).isInstanceOf(TransferReply.Accepted.class);

    // then
    assertThat(server.outcome(transfer)).isEqualTo("reverted, verified");
    server.await("as before", () -> server.talking("sim", "1001", "1002").isPresent());
    isAlone(session);
    assertThat(server.ended(transfer)).hasSize(1);
  }

  @Test
  public void aTransferAskedForAtTheMomentOfAnUpdateHasOneTruthfulOutcome() throws Exception {
    for (int i = 0; i < 3; i++) {
      // given
      Session session = server.call("sim", "1001", "1002");
      int mark = server.mark();
      TransferReply reply = server.transfer(session, "1002", "1003", TransferMode.BLIND);
      Transfer transfer = ((TransferReply.Accepted) reply).transfer();

      // when
      simulated().update();

      // then
      awaitBack(mark);
      String outcome = server.outcome(transfer);
      assertThat(outcome).isIn("completed, verified", "reverted, verified");
      String with = outcome.startsWith("completed") ? "1003" : "1002";
      server.await(outcome, () -> server.talking("sim", "1001", with).isPresent());
      isAlone(session);
      assertThat(server.ended(transfer)).hasSize(1);
      server.hangUp(session);
      server.await("nobody talks", () -> server.live("sim").isEmpty());
    }
  }

  @Test
  public void whatHappenedWhileADriverWasStoppedIsTheOutcome() throws Exception {
    // given
    Session session = server.call("sim", "1001", "1002");
    Transfer transfer = server.ringing(session, "1002", "6003", TransferMode.BLIND);
    Bundle bundle = simulated();
    int mark = server.mark();

    // when
    bundle.stop();

    // then
    server.awaitState("sim", State.WAITING);
    assertThat(server.ids("sim")).contains(session.id());
    assertThat(server.transfer(session, "1001", "6001", TransferMode.BLIND))
        .isInstanceOf(TransferReply.Refused.class);
    try (PbxHands hands = new PbxHands(pbxHome)) {
      assertThat(hands.act("6003", "answer", "")).isTrue();
    }

    // when
    bundle.start();

    // then
    awaitBack(mark);
    assertThat(server.outcome(transfer)).isEqualTo("completed, verified");
    server.await("the target talks", () -> server.talking("sim", "1001", "6003").isPresent());
    isAlone(session);
    assertThat(server.ended(transfer)).hasSize(1);
  }

  @Test
  public void anUninstalledDriverIsWaitedForAndHurtsNobody() throws Exception {
    // given
    Session session = server.call("sim", "1001", "1002");
    Transfer transfer = consulting(session);
    ProviderStatus other = server.status("other");
    int errors = server.logged("ERROR").size();
    Bundle bundle = simulated();

    // when
    bundle.uninstall();

    // then
    server.awaitState("sim", State.WAITING);
    assertThat(server.status("sim").why()).contains("simulated").contains("not there");
    assertThat(server.status("other")).isEqualTo(other);
    assertThat(server.ids("sim")).contains(session.id());
    assertThat(server.ended(transfer)).isEmpty();

    // when
    context.installBundle(bundle.getLocation()).start();

    // then
    server.awaitState("sim", State.UP);
    server.await("the PBX's picture", () -> server.status("sim").why().isEmpty());
    server.cancel(transfer);
    assertThat(server.outcome(transfer)).isEqualTo("reverted, verified");
    server.await("as before", () -> server.talking("sim", "1001", "1002").isPresent());
    isAlone(session);
    assertThat(server.logged("ERROR")).hasSize(errors);
  }

  @Test
  public void aDriverThatBreaksHangsOrFloodsHurtsOnlyItsOwnPbx() throws Exception {
    // when
    server.configure("floods", "driver = odd\nhabit = floods");
    server.configure("breaks", "driver = odd\nhabit = throws");
    server.configure("hangs", "driver = odd\nhabit = hangs");

    // then
    server.awaitState("breaks", State.FAILED);
    assertThat(server.status("breaks").why()).contains("broke").contains("odd by habit");
    server.awaitState("hangs", State.OPENING);
    server.await("why it is opening", () -> server.status("hangs").why().contains("2 s"));
    server.await(
        "that it tells too much",
        () -> server.status("floods").why().contains("more than can be heard"));
    assertThat(server.status("other").state()).isEqualTo(State.UP);
    transferWorks();

    // when
    context.getBundle(ODD).uninstall();

    // then
    server.awaitState("hangs", State.WAITING);
    server.awaitState("breaks", State.WAITING);
    server.awaitState("floods", State.WAITING);
    server.await(
        "its threads are gone",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("odd-flood")));
    transferWorks();
  }

  private void transferWorks() throws Exception {
    Session session = server.call("sim", "1001", "1002");
    TransferReply reply = server.transfer(session, "1002", "1003", TransferMode.BLIND);
    assertThat(reply).isInstanceOf(TransferReply.Accepted.class);
    Transfer transfer = ((TransferReply.Accepted) reply).transfer();
    assertThat(server.outcome(transfer)).isEqualTo("completed, verified");
    server.hangUp(session);
    server.await("nobody talks", () -> server.live("sim").isEmpty());
  }

  @Test
  public void aChangedConfigurationLosesNothingAndAWrongOneIsRefused() throws Exception {
    // given
    Session session = server.call("sim", "1001", "1002");
    Transfer transfer = consulting(session);
    List<SessionId> before = server.ids("sim");
    int mark = server.mark();
    Object opened = published();

    // when the same PBX is named otherwise
    server.configure("sim", "driver = simulated\npbx.address.file = " + addressFile);
    server.await("it is opened anew", () -> !List.of(opened, "").contains(published()));
    server.await("it is told", () -> !server.states("sim", mark).isEmpty());

    // then
    assertThat(server.states("sim", mark)).containsOnly(State.UP);
    assertThat(server.ids("sim")).isEqualTo(before);

    // when
    server.configure("sim", "driver = simulated\ncolour = blue");

    // then
    server.await("the refusal", () -> server.status("sim").why().contains("colour"));
    assertThat(server.status("sim").state()).isEqualTo(State.UP);

    // when nobody listens there
    try (Socket nobody = new Socket()) {
      nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      server.configure(
          "sim", "driver = simulated\npbx.address = 127.0.0.1:" + nobody.getLocalPort());

      // then
      server.await(
          "the refusal",
          () -> {
            String why = server.status("sim").why();
            return !why.contains("colour") && why.contains("refused");
          });
    }
    assertThat(server.status("sim").state()).isEqualTo(State.UP);
    assertThat(server.over()).isEmpty();
    server.cancel(transfer);
    assertThat(server.outcome(transfer)).isEqualTo("reverted, verified");
    assertThat(server.states("sim", mark)).containsOnly(State.UP);
  }

  @Test
  public void aRemovedConfigurationDrains() throws Exception {
    // given
    Session session = server.call("sim", "1001", "1002");
    Transfer transfer = consulting(session);

    // when
    server.unconfigure("sim");

    // then
    server.awaitState("sim", State.DRAINING);
    assertThat(
            server.ask(
                new SessionRequest.MakeCall(
                    LiveServer.TESTER, "sim", new Address("1004"), new Address("1005"))))
        .isInstanceOf(OperationReply.Refused.class);
    server.cancel(transfer);
    assertThat(server.outcome(transfer)).isEqualTo("reverted, verified");
    server.await("as before", () -> server.talking("sim", "1001", "1002").isPresent());
    assertThat(server.status("sim").state()).isEqualTo(State.DRAINING);

    // when
    server.hangUp(session);

    // then
    server.awaitGone("sim");
    assertThat(server.status("other").state()).isEqualTo(State.UP);
  }

  /** Which opening of the simulated PBX other bundles see now. */
  private Object published() throws InvalidSyntaxException {
    return context
        .getServiceReferences(TelephonyProvider.class, "(org.jackfield.provider.name=sim)")
        .stream()
        .findFirst()
        .map(r -> r.getProperty(Constants.SERVICE_ID))
        .orElse("");
  }

  private void isAlone(Session session) {
    server.await("no other call is left", () -> server.ids("sim").equals(List.of(session.id())));
  }
}
