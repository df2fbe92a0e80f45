package org.jackfield.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** The framework with the archive's own bundles, as many as there are. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class StartedBundlesIT {
  @Inject private BundleContext context;

  @Configuration
  public Option[] distribution() throws Exception {
    return DistributionOptions.of(Distribution.unpacked());
  }

  @Test
  public void everyBundleOfTheArchiveRuns() {
    // given
    Stream<Bundle> ours =
        Stream.of(context.getBundles())
            .filter(b -> b.getHeaders().get("Fragment-Host") == null)
            .filter(b -> b.getLocation().contains("/unpacked-"));

    // then
    assertThat(ours)
        .hasSizeGreaterThan(30)
        .allMatch(b -> b.getState() == Bundle.ACTIVE || b.getState() == Bundle.STARTING, "runs");
  }
}
