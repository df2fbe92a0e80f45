package org.jackfield.itests;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.modifier.FieldManifestation;
import net.bytebuddy.description.modifier.Ownership;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.pool.TypePool;

/** The distribution's simulated driver in other versions. */
final class DriverEdition {
  /** Declared by the one edition, not by the other. */
  static final String TRAIT = "completeOnBusy";

  private DriverEdition() {}

  /** The same driver under another version. */
  static byte[] same(Distribution distribution, String version) throws IOException {
    return write(distribution, version, false);
  }

  /** One with other class files, that declares {@link #TRAIT} no more. */
  static byte[] other(Distribution distribution, String version) throws IOException {
    return write(distribution, version, true);
  }

  private static byte[] write(Distribution distribution, String version, boolean other)
      throws IOException {
    Path shipped;
    try (Stream<Path> files = Files.list(distribution.folder().resolve("bundles/30"))) {
      shipped =
          files.filter(f -> f.toString().contains("provider.simulated")).findFirst().orElseThrow();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarFile jar = new JarFile(shipped.toFile())) {
      Manifest manifest = jar.getManifest();
      Attributes headers = manifest.getMainAttributes();
      headers.putValue("Bundle-Version", version);
      if (other) {
        String provided = headers.getValue("Provide-Capability");
        headers.putValue("Provide-Capability", provided.replace(TRAIT + ",", ""));
      }
      try (JarOutputStream out = new JarOutputStream(bytes, manifest)) {
        for (JarEntry entry : Collections.list(jar.entries())) {
          if (!entry.isDirectory() && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
            out.putNextEntry(new JarEntry(entry.getName()));
            try (InputStream in = other ? changed(jar, entry) : jar.getInputStream(entry)) {
              in.transferTo(out);
            }
          }
        }
      }
    }
    return bytes.toByteArray();
  }

  private static InputStream changed(JarFile jar, JarEntry entry) throws IOException {
    String name = entry.getName();
    if (name.startsWith("OSGI-INF/")) {
      String text = new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
      return new ByteArrayInputStream(
          text.replace(TRAIT + "\n", "").getBytes(StandardCharsets.UTF_8));
    }
    return name.endsWith("Driver.class") || name.endsWith("Provider.class")
        ? new ByteArrayInputStream(withAnotherField(jar, name))
        : jar.getInputStream(entry);
  }

  private static byte[] withAnotherField(JarFile jar, String file) {
    ClassFileLocator classes =
        new ClassFileLocator.Compound(
            new ClassFileLocator.ForJarFile(jar),
            ClassFileLocator.ForClassLoader.of(DriverEdition.class.getClassLoader()));
    String name = file.replace('/', '.').replace(".class", "");
    return new ByteBuddy()
        .redefine(TypePool.Default.of(classes).describe(name).resolve(), classes)
        .defineField(
            "EDITION", String.class, Visibility.PRIVATE, Ownership.STATIC, FieldManifestation.FINAL)
        .value("other")
        .make()
        .getBytes();
  }
}
