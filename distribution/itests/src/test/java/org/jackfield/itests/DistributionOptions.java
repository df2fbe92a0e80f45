package org.jackfield.itests;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import net.bytebuddy.ByteBuddy;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.hamcrest.io.FileMatchers;
import org.ops4j.pax.exam.Option;

/**
 * What a Pax Exam test needs to run inside the distribution: its bundles at their levels and its
 * framework properties, both read from the unpacked archive and never listed by hand.
 */
public final class DistributionOptions {
  private static final int START_LEVEL = 100;

  private DistributionOptions() {}

  /** The options, with a new home and a free port. */
  public static Option[] of(Distribution distribution) throws IOException {
    Path home = distribution.newHome();
    distribution.configure(home, "itest.txt", "");
    Files.createDirectories(home.resolve("data/tmp"));
    List<Option> options = new ArrayList<>();
    options.add(junitBundles());
    // FileMatchers tells the Hamcrest that Awaitility needs from the older one of JUnit 4.
    for (Class<?> library :
        List.of(Assertions.class, ByteBuddy.class, Awaitility.class, FileMatchers.class)) {
      var jar = library.getProtectionDomain().getCodeSource().getLocation();
      options.add(bundle(jar.toString()));
    }
    options.add(systemProperty("pax.exam.osgi.unresolved.fail").value("true"));
    options.add(systemProperty("pax.exam.service.timeout").value("120000"));
    options.add(systemProperty("jackfield.home").value(home.toString()));
    options.addAll(properties(distribution, home));
    options.addAll(bundles(distribution));
    return options.toArray(Option[]::new);
  }

  private static List<Option> bundles(Distribution distribution) throws IOException {
    List<Option> options = new ArrayList<>();
    for (String folder : List.of("system", "bundles")) {
      try (Stream<Path> jars = Files.walk(distribution.folder().resolve(folder), 2)) {
        jars.filter(f -> f.toString().endsWith(".jar"))
            .sorted()
            .map(f -> bundle(f.toUri().toString()).startLevel(level(f)))
            .forEach(options::add);
      }
    }
    return options;
  }

  private static int level(Path jar) {
    return Integer.parseInt(jar.getParent().getFileName().toString());
  }

  private static List<Option> properties(Distribution distribution, Path home) throws IOException {
    Properties properties = new Properties();
    Path file = distribution.folder().resolve("lib/framework.properties");
    try (Reader in = Files.newBufferedReader(file)) {
      properties.load(in);
    }
    properties.setProperty("org.osgi.service.http.port", "0");
    properties.setProperty("jackfield.home", home.toString());
    properties.remove("org.osgi.framework.storage"); // Pax Exam's own, cleaned by it
    properties.remove("org.osgi.framework.startlevel.beginning");
    List<Option> options = new ArrayList<>();
    options.add(frameworkStartLevel(START_LEVEL));
    for (String key : properties.stringPropertyNames()) {
      String value = properties.getProperty(key).replace("${jackfield.home}", home.toString());
      options.add(frameworkProperty(key).value(value));
    }
    return List.of(composite(options.toArray(Option[]::new)));
  }
}
