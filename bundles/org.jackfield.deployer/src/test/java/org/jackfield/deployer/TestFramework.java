package org.jackfield.deployer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.jackfield.api.policy.Policy;
import org.jackfield.api.provider.DriverMove;
import org.jackfield.deployer.odd.OddDriverJar;
import org.jackfield.deployer.verify.Rules;
import org.jackfield.deployer.verify.Surroundings;
import org.jackfield.deployer.verify.Trust;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;

/** A framework of a test's own, with a gate that knows what is there, and one trusted signer. */
final class TestFramework implements AutoCloseable {
  /** How long a driver may take to start, where that is not what is tested. */
  static final Duration LONG = Duration.ofSeconds(30);

  final BundleContext context;
  final Gate gate = new Gate(bundle -> {});

  /** Whom it trusts, and what not any more. */
  Trust trust;

  private final Framework framework;
  private final TestSigner signer;

  TestFramework(Path folder, TestSigner signer) throws Exception {
    this.signer = signer;
    trust = new Trust(Map.of(Trust.fingerprint(signer.certificate()), "acme.pem"), Set.of());
    framework =
        new FrameworkFactory()
            .newFramework(
                Map.of(
                    "org.osgi.framework.storage",
                    folder.resolve("cache").toString(),
                    "org.osgi.framework.storage.clean",
                    "onFirstInit",
                    "org.osgi.framework.startlevel.beginning",
                    "100",
                    "org.osgi.framework.system.packages.extra",
                    "org.jackfield.api.provider;version=1.2.0",
                    "org.osgi.framework.bsnversion",
                    "multiple"));
    framework.start();
    context = framework.getBundleContext();
    Stream.of(context.getBundles()).forEach(gate::admit);
  }

  /** An odd driver's JAR, signed by whom the framework trusts. */
  byte[] driver(String version, String habit) throws IOException {
    return signer.sign(OddDriverJar.of(version, habit));
  }

  /** What is there, of nothing else; no PBX moves. */
  class Present implements Pipeline.Present {
    private final Supplier<Pipeline> pipeline;

    Present(Supplier<Pipeline> pipeline) {
      this.pipeline = pipeline;
    }

    @Override
    public Rules rules() {
      return Rules.shipped(trust);
    }

    @Override
    public Surroundings surroundings() {
      return Picture.of(
          context, pipeline.get().records().highest(), List.of(), new Policy(List.of()));
    }

    @Override
    public CompletionStage<List<DriverMove>> moves(Bundle bundle) {
      return CompletableFuture.completedStage(List.of());
    }
  }

  @Override
  public void close() throws Exception {
    framework.stop();
    assertThat(framework.waitForStop(60_000).getType()).isNotEqualTo(FrameworkEvent.WAIT_TIMEDOUT);
  }
}
