package org.jackfield.itests;

import static net.bytebuddy.matcher.ElementMatchers.isConstructor;
import static net.bytebuddy.matcher.ElementMatchers.named;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderReply;

/** The distribution's simulated driver in other versions, made from its JAR. */
enum DriverEdition {
  /** The same under another version. */
  SAME,
  /** With other class files, and it neither declares {@link #TRAIT} nor has it. */
  OTHER,
  /** So big that to look at it and to keep it takes a moment. */
  BIG,
  /** Takes some seconds to start. */
  SLOW_START,
  /** Takes some seconds to probe a PBX. */
  SLOW_PROBE,
  /** Takes some seconds to tell a second picture, the one with which it takes over. */
  SLOW_PICTURE,
  /** Breaks when it is made. */
  THROWS_AT_START,
  /** Does not come back from being made, whatever is done. */
  HANGS_AT_START,
  /** Says of each PBX that it can be used. */
  LIKES_ALL,
  /** Accepts each command, and does none. */
  ACCEPTS_ALL,
  /** Says of each PBX that it cannot be used. */
  FAILS_PROBE,
  /** Its link has {@link #TRAIT}, which it does not declare. */
  PROMISES_MORE,
  /** Says that there are no calls. */
  SEES_NOTHING,
  /** Shows all calls at first, and half of them when it takes over; then it breaks. */
  DIES_HALFWAY,
  /** Does not come back from a command, whatever is done. */
  HANGS_IN_COMMANDS;

  /** Declared by the one edition, not by the other. */
  static final String TRAIT = "completeOnBusy";

  private static final String PACKAGE = "org/jackfield/provider/simulated/";
  private static final String DRIVER = PACKAGE + "SimulatedDriver.class";
  private static final String PROVIDER = PACKAGE + "SimulatedProvider.class";
  private static final String WORDS = PACKAGE + "Words.class";

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
      if (this == OTHER || this == PROMISES_MORE) {
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
      case OTHER ->
          switch (name) {
            case DRIVER, PROVIDER -> withAField(jar, name);
            case WORDS -> with(jar, name, WithoutTheTrait.class, "linkUp");
            default -> withoutTheTrait(name, content);
          };
      case PROMISES_MORE -> withoutTheTrait(name, content);
      case SLOW_START -> name.equals(DRIVER) ? with(jar, name, Pause.class, "") : content;
      case SLOW_PROBE -> name.equals(DRIVER) ? with(jar, name, Pause.class, "probe") : content;
      case SLOW_PICTURE ->
          name.equals(PROVIDER) ? with(jar, name, Pause.class, "requestSnapshot") : content;
      case THROWS_AT_START -> name.equals(DRIVER) ? with(jar, name, Breaks.class, "") : content;
      case HANGS_AT_START -> name.equals(DRIVER) ? with(jar, name, Hangs.class, "") : content;
      case LIKES_ALL -> name.equals(DRIVER) ? with(jar, name, Likes.class, "probe") : content;
      case ACCEPTS_ALL ->
          name.equals(PROVIDER) ? with(jar, name, Accepts.class, "execute") : content;
      case FAILS_PROBE -> name.equals(DRIVER) ? with(jar, name, Fails.class, "probe") : content;
      case SEES_NOTHING -> name.equals(WORDS) ? with(jar, name, Nobody.class, "snapshot") : content;
      case DIES_HALFWAY ->
          name.equals(WORDS) ? with(jar, name, HalfOfThem.class, "snapshot") : content;
      case HANGS_IN_COMMANDS ->
          name.equals(PROVIDER) ? with(jar, name, Hangs.class, "execute") : content;
    };
  }

  private static byte[] withoutTheTrait(String name, byte[] content) {
    return name.startsWith("OSGI-INF/")
        ? new String(content, StandardCharsets.UTF_8)
            .replace(TRAIT + "\n", "")
            .getBytes(StandardCharsets.UTF_8)
        : content;
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
  private static byte[] with(JarFile jar, String file, Class<?> advice, String method) {
    return open(jar, file)
        .visit(Advice.to(advice).on(method.isEmpty() ? isConstructor() : named(method)))
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

  // The code of these becomes a part of the driver's.

  private static final class Pause {
    @Advice.OnMethodEnter
    static void pause() {
      LockSupport.parkNanos(2_000_000_000L);
    }
  }

  private static final class Breaks {
    @Advice.OnMethodExit
    static void breaks() {
      throw new IllegalStateException("hostile");
    }
  }

  private static final class Hangs {
    @Advice.OnMethodEnter
    static void hangs() {
      while (true) {
        LockSupport.parkNanos(1_000_000_000L);
        Thread.interrupted(); // it does not care
      }
    }
  }

  private static final class Fails {
    @Advice.OnMethodExit
    static void fails(@Advice.Return(readOnly = false) ProbeReport report) {
      report =
          new ProbeReport(
              List.of(
                  new ProbeReport.Finding(ProbeReport.Level.FAIL, "the rights", "there are none")));
    }
  }

  private static final class Likes {
    @Advice.OnMethodExit
    static void likes(@Advice.Return(readOnly = false) ProbeReport report) {
      report = new ProbeReport(List.of());
    }
  }

  private static final class Accepts {
    @Advice.OnMethodExit
    static void accepts(@Advice.Return(readOnly = false) CompletionStage<ProviderReply> reply) {
      reply = CompletableFuture.completedFuture(ProviderReply.ACCEPTED);
    }
  }

  private static final class WithoutTheTrait {
    @Advice.OnMethodExit
    static void narrow(@Advice.Return(readOnly = false) ProviderEvent.LinkUp told) {
      Capabilities all = told.capabilities();
      told =
          new ProviderEvent.LinkUp(
              new Capabilities(
                  all.operations(),
                  all.traits() & ~(1L << Trait.COMPLETE_ON_BUSY.ordinal()),
                  all.limits()),
              told.absent());
    }
  }

  private static final class Nobody {
    @Advice.OnMethodExit
    static void nobody(@Advice.Return(readOnly = false) ProviderEvent.Snapshot told) {
      told = new ProviderEvent.Snapshot(List.of());
    }
  }

  /** Pictures are counted by a property of the process, for the driver gets no new field. */
  private static final class HalfOfThem {
    @Advice.OnMethodExit
    static void half(@Advice.Return(readOnly = false) ProviderEvent.Snapshot told) {
      int number = Integer.getInteger("itests.pictures", 0) + 1;
      System.setProperty("itests.pictures", String.valueOf(number));
      if (number == 2) {
        told = new ProviderEvent.Snapshot(told.calls().subList(0, told.calls().size() / 2));
      } else if (number > 2) {
        throw new IllegalStateException("dead");
      }
    }
  }
}
