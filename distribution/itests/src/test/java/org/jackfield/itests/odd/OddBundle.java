package org.jackfield.itests.odd;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Makes the bundle of {@link OddDriver}, in any version. */
public final class OddBundle {
  private OddBundle() {}

  /** The bundle as a stream, for installing it and for updating it. */
  public static InputStream of(String version) throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Bundle-ManifestVersion", "2");
    attributes.putValue("Bundle-SymbolicName", "org.jackfield.itests.odd");
    attributes.putValue("Bundle-Version", version);
    attributes.putValue("Bundle-Activator", OddDriver.class.getName());
    attributes.putValue(
        "Import-Package",
        "org.jackfield.api.capability;org.jackfield.api.provider;org.jackfield.api.session;"
            + "version=\"[1.0,2)\",org.osgi.framework;version=\"[1.8,2)\"");
    attributes.putValue("Provide-Capability", "org.jackfield.driver;name=odd");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
      for (Class<?> one : List.of(OddDriver.class, OddDriver.Quiet.class)) {
        String name = one.getName().replace('.', '/') + ".class";
        jar.putNextEntry(new JarEntry(name));
        try (InputStream in = one.getClassLoader().getResourceAsStream(name)) {
          in.transferTo(jar);
        }
        jar.closeEntry();
      }
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }
}
