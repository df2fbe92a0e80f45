package org.jackfield.deployer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.FrameworkWiring;

/** In a framework: what was not let in does not resolve, by whatever way it came. */
class GateTest {
  @TempDir private Path folder;

  private final List<String> told = new ArrayList<>();
  private final Gate gate = new Gate(bundle -> told.add(bundle.getSymbolicName()));
  private Framework framework;
  private BundleContext context;
  private Bundle before;

  @BeforeEach
  void framework() throws Exception {
    framework =
        new FrameworkFactory()
            .newFramework(
                Map.of(
                    "org.osgi.framework.storage",
                    folder.toString(),
                    "org.osgi.framework.bsnversion",
                    "multiple"));
    framework.start();
    context = framework.getBundleContext();
    before = context.installBundle("test:before", jar("before", "1.0.0"));
    context.addBundleListener(gate);
    Stream.of(context.getBundles()).forEach(gate::admit);
    context.registerService(ResolverHookFactory.class, gate, null);
  }

  @AfterEach
  void stop() throws Exception {
    framework.stop();
    assertThat(framework.waitForStop(30_000).getType())
        .isNotEqualTo(org.osgi.framework.FrameworkEvent.WAIT_TIMEDOUT);
  }

  /** A bundle without requirements and classes. */
  private static InputStream jar(String name, String version) throws IOException {
    return new ByteArrayInputStream(
        new TestJar()
            .header("Bundle-SymbolicName", name)
            .header("Bundle-Version", version)
            .without("Import-Package")
            .without("Require-Capability")
            .build());
  }

  @Test
  void whatWasThereStarts() throws Exception {
    // when
    before.start();

    // then
    assertThat(before.getState()).isEqualTo(Bundle.ACTIVE);
    assertThat(told).isEmpty();
  }

  @Test
  void whatIsInstalledPastTheDeployerDoesNotResolveAndIsTold() throws Exception {
    // given
    Bundle bundle = context.installBundle("test:past", jar("past", "1.0.0"));

    // then
    assertThatThrownBy(bundle::start).isInstanceOf(BundleException.class);
    assertThatThrownBy(() -> bundle.loadClass("org.acme.driver.AcmeDriver"))
        .isInstanceOf(ClassNotFoundException.class);
    assertThat(framework.adapt(FrameworkWiring.class).resolveBundles(List.of(bundle))).isFalse();
    assertThat(bundle.getState()).isEqualTo(Bundle.INSTALLED);
    assertThat(told).containsExactly("past");
    assertThat(gate.keptOut()).containsExactly(bundle);
    assertThat(before.getState()).isNotEqualTo(Bundle.UNINSTALLED);
    before.start();
    assertThat(before.getState()).isEqualTo(Bundle.ACTIVE);
  }

  @Test
  void whatIsLetInLaterStarts() throws Exception {
    // given
    Bundle bundle = context.installBundle("test:past", jar("past", "1.0.0"));
    assertThatThrownBy(bundle::start).isInstanceOf(BundleException.class);

    // when
    gate.admit(bundle);
    bundle.start();

    // then
    assertThat(bundle.getState()).isEqualTo(Bundle.ACTIVE);
    assertThat(gate.keptOut()).isEmpty();
  }

  @Test
  void aBundleThatWasLetInDoesNotResolveWithOtherContent() throws Exception {
    // given
    before.start();

    // when
    assertThatThrownBy(() -> updatedAndStarted(before, "2.0.0")).isInstanceOf(Exception.class);

    // then
    assertThat(before.getState()).isNotEqualTo(Bundle.ACTIVE);
    assertThat(told).containsExactly("before");
  }

  /** An update restarts what ran, and tells by an event or an exception that it cannot. */
  private static void updatedAndStarted(Bundle bundle, String version) throws Exception {
    bundle.update(jar(bundle.getSymbolicName(), version));
    bundle.start();
  }

  @Test
  void theSameNameAtAnotherPlaceIsNotLetIn() throws Exception {
    // given
    before.uninstall();
    Bundle again = context.installBundle("test:before", jar("before", "1.0.0"));

    // then
    assertThatThrownBy(again::start).isInstanceOf(BundleException.class);
    assertThat(told).containsExactly("before");
  }
}
