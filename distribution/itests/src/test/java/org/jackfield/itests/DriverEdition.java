package org.jackfield.itests;

import static net.bytebuddy.matcher.ElementMatchers.isConstructor;
import static net.bytebuddy.matcher.ElementMatchers.named;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.modifier.FieldManifestation;
import net.bytebuddy.description.modifier.Ownership;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.pool.TypePool;

/** The distribution's simulated driver in other versions, made from its JAR. */
enum DriverEdition {
  /** The same under another version. */
  SAME,
  /** With other class files, and it declares {@link #TRAIT} no more. */
  OTHER,
  /** So big that to look at it and to keep it takes a moment. */
  BIG,
  /** Takes some seconds to start. */
  SLOW_START,
  /** Takes some seconds to probe a PBX. */
  SLOW_PROBE,
  /** Takes some seconds to tell a second picture, the one with which it takes over. */
  SLOW_PICTURE;

  /** Declared by the one edition, not by the other. */
  static final String TRAIT = "completeOnBusy";

  private static final String PACKAGE = "org/jackfield/provider/simulated/";
  private static final String DRIVER = PACKAGE + "SimulatedDriver.class";
  private static final String PROVIDER = PACKAGE + "SimulatedProvider.class";

  byte[] of(Distribution distribution, String version) throws IOException {
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
      if (this == OTHER) {
        String provided = headers.getValue("Provide-Capability");
        headers.putValue("Provide-Capability", provided.replace(TRAIT + ",", ""));
      }
      try (JarOutputStream out = new JarOutputStream(bytes, manifest)) {
        for (JarEntry entry : Collections.list(jar.entries())) {
          if (!entry.isDirectory() && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
            write(out, entry.getName(), content(jar, entry));
          }
        }
        for (int i = 0; this == BIG && i < 4; i++) {
          byte[] filling = new byte[7 << 20];
          new Random(i).nextBytes(filling);
          write(out, "filling-" + i, filling);
        }
      }
    }
    return bytes.toByteArray();
  }

  private static void write(JarOutputStream out, String name, byte[] content) throws IOException {
    out.putNextEntry(new JarEntry(name));
    out.write(content);
    out.closeEntry();
  }

  private byte[] content(JarFile jar, JarEntry entry) throws IOException {
    byte[] content = jar.getInputStream(entry).readAllBytes();
    String name = entry.getName();
    return switch (this) {
      case SAME, BIG -> content;
      case OTHER -> {
        if (name.startsWith("OSGI-INF/")) {
          String text = new String(content, StandardCharsets.UTF_8);
          yield text.replace(TRAIT + "\n", "").getBytes(StandardCharsets.UTF_8);
        }
        yield name.equals(DRIVER) || name.equals(PROVIDER) ? withAField(jar, name) : content;
      }
      case SLOW_START -> name.equals(DRIVER) ? slow(jar, name, "") : content;
      case SLOW_PROBE -> name.equals(DRIVER) ? slow(jar, name, "probe") : content;
      case SLOW_PICTURE -> name.equals(PROVIDER) ? slow(jar, name, "requestSnapshot") : content;
    };
  }

  private static byte[] withAField(JarFile jar, String file) {
    return open(jar, file)
        .defineField(
            "EDITION", String.class, Visibility.PRIVATE, Ownership.STATIC, FieldManifestation.FINAL)
        .value("other")
        .make()
        .getBytes();
  }

  /** The constructor where no method is named. */
  private static byte[] slow(JarFile jar, String file, String method) {
    return open(jar, file)
        .visit(Advice.to(Pause.class).on(method.isEmpty() ? isConstructor() : named(method)))
        .make()
        .getBytes();
  }

  private static DynamicType.Builder<?> open(JarFile jar, String file) {
    ClassFileLocator classes =
        new ClassFileLocator.Compound(
            new ClassFileLocator.ForJarFile(jar),
            ClassFileLocator.ForClassLoader.of(DriverEdition.class.getClassLoader()));
    String name = file.replace('/', '.').replace(".class", "");
    return new ByteBuddy().redefine(TypePool.Default.of(classes).describe(name).resolve(), classes);
  }

  /** Its code becomes a part of the driver's. */
  private static final class Pause {
    @Advice.OnMethodEnter
    static void pause() {
      LockSupport.parkNanos(2_000_000_000L);
    }
  }
}
