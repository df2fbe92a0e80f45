package org.jackfield.deployer.odd;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jackfield.deployer.TestJar;

/** A driver's JAR whose classes are real ones: those of {@link OddActivator}. */
public final class OddDriverJar {
  private OddDriverJar() {}

  /** Not signed yet. */
  public static byte[] of(String version, String habit) throws IOException {
    TestJar jar =
        new TestJar()
            .header("Bundle-SymbolicName", OddActivator.class.getPackageName())
            .header("Bundle-Version", version)
            .header(
                "Import-Package",
                "org.jackfield.api.provider;version=\"[1.2,2)\",org.osgi.framework;version=\"[1.8,2)\"")
            .header("Bundle-Activator", OddActivator.class.getName())
            .header("Habit", habit);
    for (String one : List.of("", "$Something", "$Nothing", "$OddDriver")) {
      String name = OddActivator.class.getName().replace('.', '/') + one + ".class";
      try (InputStream in = OddActivator.class.getClassLoader().getResourceAsStream(name)) {
        jar.entry(name, in.readAllBytes());
      }
    }
    return jar.build();
  }
}
