package org.jackfield.deployer.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.policy.AutoChoice;
import org.jackfield.api.policy.Policy;
import org.jackfield.api.policy.PolicyRule;
import org.jackfield.api.provider.DriverInfo;
import org.jackfield.api.rollout.BundleCheck;
import org.jackfield.api.rollout.BundleCheck.State;
import org.jackfield.api.rollout.BundleProblem;
import org.jackfield.deployer.TestJar;
import org.jackfield.deployer.TestSigner;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Version;

/** Each way in which a JAR is not what it should be, and one JAR that is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VerifierTest {
  private static final String CLASS = "org/acme/driver/AcmeDriver.class";

  /** As shipped, but small, so that what is too large is soon made. */
  private static final ZipLimits SMALL = new ZipLimits(1 << 20, 200, 4 << 20, 8 << 20, 100);

  private Instant now;
  private TestSigner signer;
  private TestSigner stranger;
  private TestSigner expired;
  private TestSigner future;
  private TestSigner weakKey;
  private TestSigner weakDigest;
  private TestSigner revoked;

  @TempDir private Path folder;

  @BeforeAll
  void keys() throws Exception {
    signer = TestSigner.ec("Acme");
    stranger = TestSigner.ec("Stranger");
    expired = TestSigner.ec("Old", "-startdate", "-10d", "-validity", "5");
    future = TestSigner.ec("Early", "-startdate", "+5d", "-validity", "5");
    weakKey = TestSigner.rsa("Weak", 1024, false);
    weakDigest = TestSigner.rsa("Weak", 2048, true);
    revoked = TestSigner.ec("Lost");
    // a certificate begins with the second in which it is made
    now = revoked.certificate().getNotBefore().toInstant().plusSeconds(3600);
  }

  private Rules small() throws IOException {
    Rules shipped = Rules.shipped(trust());
    return new Rules(
        SMALL,
        shipped.trust(),
        false,
        false,
        false,
        Map.of(),
        shipped.imports(),
        shipped.forbidden());
  }

  private Trust trust() throws IOException {
    int n = 0;
    for (TestSigner one : List.of(signer, expired, future, weakKey, weakDigest, revoked)) {
      pin("signer" + n++, one);
    }
    Files.writeString(
        folder.resolve("revoked.txt"),
        "# lost in June\n" + Trust.fingerprint(revoked.certificate()) + "  # Lost\n");
    return Trust.read(folder);
  }

  private void pin(String name, TestSigner one) throws IOException {
    try {
      String text = Base64.getMimeEncoder().encodeToString(one.certificate().getEncoded());
      Files.writeString(
          folder.resolve(name + ".pem"),
          "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n");
    } catch (java.security.cert.CertificateEncodingException e) {
      throw new IOException(e);
    }
  }

  private static Surroundings.Offer offer(String bundle, String name, String version) {
    return new Surroundings.Offer(
        bundle,
        "osgi.wiring.package",
        Map.of("osgi.wiring.package", name, "version", Version.parseVersion(version)));
  }

  private static Surroundings around(PolicyRule... rules) {
    return around("1.1.0", rules);
  }

  private static Surroundings around(String running, PolicyRule... rules) {
    Capabilities declared =
        Capabilities.of(
            List.of(Operation.HOLD, Operation.BLIND_TRANSFER), List.of(Trait.TRANSFER_NORM));
    return new Surroundings(
        List.of(
            offer("org.jackfield.api", "org.jackfield.api.provider", "1.0.0"),
            offer("slf4j", "org.slf4j", "2.0.17"),
            offer("system.bundle", "org.osgi.framework.hooks.resolver", "1.0.0"),
            new Surroundings.Offer(
                "system.bundle",
                "osgi.ee",
                Map.of(
                    "osgi.ee",
                    "JavaSE",
                    "version",
                    List.of(new Version("17"), new Version("21"))))),
        List.of(
            new Surroundings.Present(
                "org.jackfield.core",
                new Version("0.1.0"),
                true,
                Set.of("org.jackfield.core", "org.jackfield.core.run")),
            new Surroundings.Present(TestJar.NAME, new Version(running), false, Set.of())),
        Map.of(TestJar.NAME, new Version("1.1.5")),
        List.of(
            new DriverInfo("acme", running, TestJar.NAME, List.of(), declared),
            new DriverInfo("other", "1.0.0", "org.other", List.of(), declared)),
        new Policy(List.of(rules)));
  }

  private Verdict verify(byte[] jar) throws IOException {
    return Verifier.verify(jar, small(), around(), now);
  }

  private record Row(String what, BundleProblem problem, byte[] jar) {}

  @Test
  void whatIsAsItShouldBePasses() throws Exception {
    // given
    byte[] jar = signer.sign(new TestJar().build());

    // when
    Verdict verdict = verify(jar);

    // then
    assertThat(verdict.refusal()).isEmpty();
    assertThat(verdict.passed()).isTrue();
    assertThat(verdict.checks())
        .extracting(BundleCheck::name)
        .containsExactly(BundleCheck.Name.values());
    assertThat(verdict.checks())
        .allMatch(c -> c.state() == State.PASSED)
        .allMatch(c -> !c.text().isBlank())
        .allMatch(c -> !c.took().isNegative());
    assertThat(verdict.symbolicName()).isEqualTo(TestJar.NAME);
    assertThat(verdict.version()).isEqualTo(new Version("1.2.0"));
    assertThat(verdict.signer()).isEqualTo(Trust.fingerprint(signer.certificate()));
    assertThat(verdict.sha256()).isEqualTo(Trust.sha256(jar));
  }

  @TestFactory
  Stream<DynamicTest> eachOfTheseIsRefused() throws Exception {
    List<Row> rows = new ArrayList<>();
    rows.addAll(containers());
    rows.addAll(manifests());
    rows.addAll(signatures());
    rows.addAll(contents());
    return rows.stream().map(row -> DynamicTest.dynamicTest(row.what(), () -> refused(row)));
  }

  private void refused(Row row) throws IOException {
    // when
    Verdict verdict = verify(row.jar());

    // then
    assertThat(verdict.passed()).isFalse();
    assertThat(verdict.refusal().flatMap(BundleCheck::problem)).contains(row.problem());
    assertThat(verdict.checks()).hasSize(BundleCheck.Name.values().length);
    assertThat(verdict.refusal().orElseThrow().text()).hasSizeGreaterThan(20);
  }

  private List<Row> containers() throws IOException {
    byte[] good = signer.sign(new TestJar().build());
    byte[] plain = new TestJar().build();
    byte[] twins =
        TestJar.patched(
            new TestJar().entry("a/one.txt", "1").entry("a/two.txt", "2").build(),
            "a/two.txt",
            "a/one.txt");
    Map<String, byte[]> many = new LinkedHashMap<>();
    for (int i = 0; i < 201; i++) {
      many.put("e" + i, new byte[0]);
    }
    return List.of(
        new Row("no ZIP", BundleProblem.NOT_A_JAR, "hello".repeat(99).getBytes(UTF_8)),
        new Row("nothing", BundleProblem.NOT_A_JAR, new byte[0]),
        new Row("half of it", BundleProblem.NOT_A_JAR, java.util.Arrays.copyOf(good, 900)),
        new Row("a flipped bit", BundleProblem.NOT_A_JAR, flipped(plain)),
        new Row("too large", BundleProblem.TOO_LARGE, new byte[SMALL.jarBytes() + 1]),
        new Row("too many entries", BundleProblem.TOO_MANY_ENTRIES, TestJar.zip(many)),
        new Row("zip bomb", BundleProblem.ZIP_BOMB, bomb(3 << 20)),
        new Row("zip bomb that lies", BundleProblem.ZIP_BOMB, lying()),
        new Row("many bombs", BundleProblem.ZIP_BOMB, bombs()),
        new Row("path escape", BundleProblem.PATH_ESCAPE, escape("../../etc/cron")),
        new Row("absolute path", BundleProblem.PATH_ESCAPE, escape("/etc/passwd")),
        new Row("backslash", BundleProblem.PATH_ESCAPE, escape("a\\b")),
        new Row("dot in a path", BundleProblem.PATH_ESCAPE, escape("a/./b")),
        new Row("drive", BundleProblem.PATH_ESCAPE, escape("C:/a")),
        new Row("control character", BundleProblem.PATH_ESCAPE, escape("a\u0000.class")),
        new Row("duplicate entry", BundleProblem.DUPLICATE_ENTRY, twins),
        new Row(
            "second manifest",
            BundleProblem.DUPLICATE_ENTRY,
            new TestJar().entry("meta-inf/manifest.mf", "x: y").build()),
        new Row("bytes before", BundleProblem.HIDDEN_DATA, before(good)),
        new Row("bytes behind", BundleProblem.HIDDEN_DATA, TestJar.joined(good, new byte[] {7})),
        new Row("a second ZIP behind", BundleProblem.HIDDEN_DATA, TestJar.joined(plain, good)),
        new Row("bytes between", BundleProblem.HIDDEN_DATA, between(good)),
        new Row("two names for one entry", BundleProblem.HIDDEN_DATA, twoNames(plain)),
        new Row(
            "nested archive",
            BundleProblem.NESTED_ARCHIVE,
            new TestJar().entry("lib/x.jar", "x").build()),
        new Row(
            "nested archive by another name",
            BundleProblem.NESTED_ARCHIVE,
            new TestJar().entry("lib/x.txt", plain).build()));
  }

  /** One bit of the first entry's checksum is another. */
  private static byte[] flipped(byte[] jar) {
    byte[] out = jar.clone();
    int directory = ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN).getInt(out.length - 6);
    out[directory + 16] ^= 1;
    return out;
  }

  private static byte[] bomb(int bytes) throws IOException {
    return new TestJar().entry("zeros", new byte[bytes]).build();
  }

  private static byte[] bombs() throws IOException {
    // each of them as large as one may be, and packed no better than the limit
    TestJar jar = new TestJar();
    for (int i = 0; i < 9; i++) {
      byte[] some = new byte[1 << 20];
      java.util.Random random = new java.util.Random(i);
      for (int at = 0; at < some.length; at += 24) {
        some[at] = (byte) random.nextInt();
      }
      jar.entry("some" + i, some);
    }
    return jar.build();
  }

  /** Says of its last entry, in the directory, that it is small. */
  private static byte[] lying() throws IOException {
    byte[] jar = new TestJar().entry("zeros", new byte[900_000]).build();
    ByteBuffer in = ByteBuffer.wrap(jar).order(ByteOrder.LITTLE_ENDIAN);
    int directory = in.getInt(jar.length - 6);
    int last = directory;
    for (int at = directory; in.getInt(at) == 0x02014b50; ) {
      last = at;
      at += 46 + in.getShort(at + 28) + in.getShort(at + 30) + in.getShort(at + 32);
    }
    in.putInt(last + 24, 10);
    return jar;
  }

  private static byte[] escape(String name) throws IOException {
    return new TestJar().entry(name, "x").build();
  }

  /** With all places in the directory moved, so that tolerant readers find every entry. */
  private static byte[] shifted(byte[] jar, int from, byte[] by) throws IOException {
    byte[] out =
        TestJar.joined(
            java.util.Arrays.copyOf(jar, from),
            by,
            java.util.Arrays.copyOfRange(jar, from, jar.length));
    ByteBuffer in = ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN);
    int directory = in.getInt(out.length - 6) + by.length;
    in.putInt(out.length - 6, directory);
    for (int at = directory; in.getInt(at) == 0x02014b50; ) {
      if (in.getInt(at + 42) >= from) {
        in.putInt(at + 42, in.getInt(at + 42) + by.length);
      }
      at += 46 + in.getShort(at + 28) + in.getShort(at + 30) + in.getShort(at + 32);
    }
    return out;
  }

  private static byte[] before(byte[] jar) throws IOException {
    return shifted(jar, 0, "#!/bin/sh\n".getBytes(UTF_8));
  }

  private static byte[] between(byte[] jar) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(jar).order(ByteOrder.LITTLE_ENDIAN);
    int directory = in.getInt(jar.length - 6);
    int second = directory + 46 + in.getShort(directory + 28) + in.getShort(directory + 30);
    return shifted(jar, in.getInt(second + 42), new byte[40]);
  }

  /** The local header names another file than the directory. */
  private static byte[] twoNames(byte[] jar) {
    byte[] out = jar.clone();
    byte[] name = CLASS.getBytes(UTF_8);
    for (int i = 0; i < out.length; i++) {
      if (java.util.Arrays.equals(out, i, i + name.length, name, 0, name.length)) {
        out[i] = 'x';
        return out;
      }
    }
    throw new IllegalStateException("it has no class");
  }

  private static Row manifest(String what, BundleProblem problem, TestJar jar) throws IOException {
    return new Row(what, problem, jar.build());
  }

  private List<Row> manifests() throws IOException {
    return List.of(
        new Row(
            "no manifest",
            BundleProblem.BAD_MANIFEST,
            TestJar.with(new TestJar().build(), BundleManifest.NAME, null)),
        new Row(
            "a header twice",
            BundleProblem.BAD_MANIFEST,
            TestJar.with(
                new TestJar().build(),
                BundleManifest.NAME,
                "Manifest-Version: 1.0\nBundle-SymbolicName: a\nbundle-symbolicname: b\n\n")),
        manifest(
            "no name", BundleProblem.BAD_MANIFEST, new TestJar().without("Bundle-SymbolicName")),
        manifest(
            "no OSGi bundle",
            BundleProblem.BAD_MANIFEST,
            new TestJar().without("Bundle-ManifestVersion")),
        manifest("no version", BundleProblem.BAD_MANIFEST, new TestJar().without("Bundle-Version")),
        manifest(
            "a wrong version",
            BundleProblem.BAD_MANIFEST,
            new TestJar().header("Bundle-Version", "1.x")),
        manifest(
            "an unclosed quote",
            BundleProblem.BAD_MANIFEST,
            new TestJar().header("Import-Package", "a;version=\"1")),
        manifest(
            "multi-release",
            BundleProblem.BAD_MANIFEST,
            new TestJar().header("Multi-Release", "true")),
        manifest(
            "requires a bundle",
            BundleProblem.BAD_MANIFEST,
            new TestJar().header("Require-Bundle", "org.jackfield.core")),
        manifest(
            "a component that is not there",
            BundleProblem.BAD_MANIFEST,
            new TestJar().header("Service-Component", "OSGI-INF/x.xml")),
        manifest(
            "fragment",
            BundleProblem.FRAGMENT,
            new TestJar().header("Fragment-Host", "org.jackfield.core")),
        manifest(
            "framework extension",
            BundleProblem.FRAGMENT,
            new TestJar().header("Fragment-Host", "system.bundle; extension:=framework")),
        manifest(
            "class path",
            BundleProblem.BUNDLE_CLASS_PATH,
            new TestJar().header("Bundle-ClassPath", ".,lib/x.jar")),
        manifest(
            "dynamic import",
            BundleProblem.DYNAMIC_IMPORT,
            new TestJar().header("DynamicImport-Package", "*")),
        manifest(
            "native code",
            BundleProblem.NATIVE_CODE,
            new TestJar().header("Bundle-NativeCode", "libx.so")),
        manifest(
            "an activator that is not there",
            BundleProblem.BAD_ACTIVATOR,
            new TestJar().header("Bundle-Activator", "org.acme.driver.Nobody")));
  }

  private List<Row> signatures() throws IOException {
    byte[] plain = new TestJar().build();
    byte[] good = signer.sign(plain);
    String manifest = new String(TestJar.unzip(good).get(BundleManifest.NAME), UTF_8);
    return List.of(
        new Row("unsigned", BundleProblem.UNSIGNED, plain),
        new Row("altered", BundleProblem.ALTERED, TestJar.with(good, CLASS, "other code here")),
        new Row("an entry taken out", BundleProblem.ALTERED, TestJar.with(good, CLASS, null)),
        new Row(
            "another manifest",
            BundleProblem.ALTERED,
            TestJar.with(good, BundleManifest.NAME, manifest.replace("org.slf4j", "org.slf5j"))),
        new Row(
            "without the signature's block",
            BundleProblem.SEVERAL_SIGNERS,
            TestJar.with(good, "META-INF/TEST.EC", null)),
        new Row(
            "a block that is none",
            BundleProblem.ALTERED,
            TestJar.with(good, "META-INF/TEST.EC", "nothing")),
        new Row(
            "the block of another JAR",
            BundleProblem.ALTERED,
            swappedBlock(good, signer.sign(new TestJar().entry("x", "y").build()))),
        new Row("extra entry", BundleProblem.EXTRA_ENTRY, TestJar.with(good, "extra", "x")),
        new Row(
            "extra entry beside the signature",
            BundleProblem.EXTRA_ENTRY,
            TestJar.with(good, "META-INF/services/x", "x")),
        new Row("two signers", BundleProblem.SEVERAL_SIGNERS, stranger.sign(good, "OTHER")),
        new Row("wrong signer", BundleProblem.WRONG_SIGNER, stranger.sign(plain)),
        new Row("expired", BundleProblem.EXPIRED, expired.sign(plain)),
        new Row("not yet valid", BundleProblem.NOT_YET_VALID, future.sign(plain)),
        new Row("revoked", BundleProblem.REVOKED, revoked.sign(plain)),
        new Row("a key too short", BundleProblem.WEAK_ALGORITHM, weakKey.sign(plain)),
        new Row("SHA-1", BundleProblem.WEAK_ALGORITHM, weakDigest.sign(plain)));
  }

  private static byte[] swappedBlock(byte[] jar, byte[] other) throws IOException {
    Map<String, byte[]> all = TestJar.unzip(jar);
    all.put("META-INF/TEST.EC", TestJar.unzip(other).get("META-INF/TEST.EC"));
    return TestJar.zip(all);
  }

  private Row signed(String what, BundleProblem problem, TestJar jar) throws IOException {
    return new Row(what, problem, signer.sign(jar.build()));
  }

  private TestJar importing(String more) {
    return new TestJar()
        .header("Import-Package", "org.jackfield.api.provider;version=\"[1.0,2)\"," + more);
  }

  private List<Row> contents() throws IOException {
    return List.of(
        signed("the same version", BundleProblem.SAME_VERSION, versioned("1.1.0")),
        signed("downgraded", BundleProblem.DOWNGRADED, versioned("1.0.9")),
        signed("older than one that went", BundleProblem.DOWNGRADED, versioned("1.1.4")),
        signed(
            "a part of the server",
            BundleProblem.RESERVED_NAME,
            new TestJar().header("Bundle-SymbolicName", "org.jackfield.core")),
        signed(
            "forbidden import",
            BundleProblem.FORBIDDEN_IMPORT,
            importing("org.osgi.framework.hooks.resolver")),
        signed(
            "the configuration's store",
            BundleProblem.FORBIDDEN_IMPORT,
            importing("org.osgi.service.cm")),
        signed("the core", BundleProblem.FORBIDDEN_IMPORT, importing("org.jackfield.core.run")),
        signed("the JDK's inside", BundleProblem.FORBIDDEN_IMPORT, importing("sun.misc")),
        signed(
            "the deployer's door",
            BundleProblem.FORBIDDEN_IMPORT,
            importing("org.jackfield.api.rollout;version=\"[1.0,2)\"")),
        signed(
            "splitting package of the core",
            BundleProblem.SPLIT_PACKAGE,
            new TestJar().entry("org/jackfield/core/run/Lane.class", "x")),
        signed(
            "splitting package of the API",
            BundleProblem.SPLIT_PACKAGE,
            new TestJar().entry("org/jackfield/api/provider/CallId.class", "x")),
        signed(
            "an export that is another's",
            BundleProblem.SPLIT_PACKAGE,
            new TestJar().header("Export-Package", "org.slf4j")),
        signed(
            "a class without a package",
            BundleProblem.SPLIT_PACKAGE,
            new TestJar().entry("Driver.class", "x")),
        signed(
            "built for an API to come",
            BundleProblem.API_RANGE,
            new TestJar()
                .header("Import-Package", "org.jackfield.api.provider;version=\"[2.0,3)\"")),
        signed(
            "built for no API in particular",
            BundleProblem.API_RANGE,
            new TestJar().header("Import-Package", "org.jackfield.api.provider")),
        signed(
            "built for an API without end",
            BundleProblem.API_RANGE,
            new TestJar().header("Import-Package", "org.jackfield.api.provider;version=\"1.0\"")),
        signed(
            "a package that is not there",
            BundleProblem.UNRESOLVED,
            importing("com.fasterxml.jackson.core")),
        signed(
            "a package of another version",
            BundleProblem.UNRESOLVED,
            importing("org.slf4j;version=\"[3,4)\"")),
        signed(
            "a later Java",
            BundleProblem.UNRESOLVED,
            new TestJar()
                .header(
                    "Require-Capability", "osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=99))\"")),
        signed(
            "another's driver",
            BundleProblem.DRIVER_TAKEN,
            declaring("org.jackfield.driver;name=other")),
        signed(
            "a driver without a name",
            BundleProblem.BAD_CAPABILITIES,
            declaring("org.jackfield.driver")),
        signed(
            "an operation that is none",
            BundleProblem.BAD_CAPABILITIES,
            declaring("org.jackfield.driver;name=acme;operations:List<String>=\"hold,teleport\"")));
  }

  private static TestJar declaring(String capability) {
    return new TestJar().header("Provide-Capability", capability);
  }

  private static TestJar versioned(String version) {
    return new TestJar().header("Bundle-Version", version);
  }

  @Test
  void afterABadSignatureNothingFurtherIsLookedAt() throws Exception {
    // when
    Verdict verdict = verify(stranger.sign(importing("sun.misc").build()));

    // then
    assertThat(verdict.checks())
        .extracting(BundleCheck::state)
        .startsWith(State.PASSED, State.PASSED, State.REFUSED, State.NOT_MADE)
        .endsWith(State.NOT_MADE);
  }

  @Test
  void theAuthorHearsOfAllThatIsWrongAtOnce() throws Exception {
    // when
    Verdict verdict =
        verify(
            signer.sign(
                importing("sun.misc")
                    .header("Bundle-Version", "1.0.0")
                    .entry("A.class", "")
                    .build()));

    // then
    assertThat(verdict.checks().stream().flatMap(c -> c.problem().stream()))
        .containsExactly(
            BundleProblem.DOWNGRADED,
            BundleProblem.FORBIDDEN_IMPORT,
            BundleProblem.SPLIT_PACKAGE,
            BundleProblem.UNRESOLVED);
  }

  @Test
  void developmentLetsUnsignedAndRebuiltOnesInAndSaysSo() throws Exception {
    // given
    Rules rules = Rules.shipped(Trust.NOBODY).forDevelopment();

    // when
    Verdict verdict = Verifier.verify(versioned("1.1.0").build(), rules, around(), now);

    // then
    assertThat(verdict.passed()).isTrue();
    assertThat(verdict.checks())
        .filteredOn(c -> c.state() == State.WARNED)
        .extracting(BundleCheck::name)
        .containsExactly(BundleCheck.Name.SIGNATURE, BundleCheck.Name.VERSION);
  }

  @Test
  void developmentDoesNotLetABrokenSignatureIn() throws Exception {
    // given
    Rules rules = Rules.shipped(trust()).forDevelopment();
    byte[] jar = TestJar.with(signer.sign(new TestJar().build()), CLASS, "changed");

    // when
    Verdict verdict = Verifier.verify(jar, rules, around(), now);

    // then
    assertThat(verdict.refusal().flatMap(BundleCheck::problem)).contains(BundleProblem.ALTERED);
  }

  @Test
  void aDowngradeThatIsAskedForPassesAboveTheMinimum() throws Exception {
    // given
    Rules rules = Rules.shipped(trust()).withDowngrade();
    Rules higher = rules.withMinimum(Map.of(TestJar.NAME, new Version("1.0.5")));
    byte[] jar = signer.sign(versioned("1.0.0").build());

    // then
    assertThat(Verifier.verify(jar, rules, around(), now).passed()).isTrue();
    assertThat(Verifier.verify(jar, higher, around(), now).refusal().flatMap(BundleCheck::problem))
        .contains(BundleProblem.BELOW_MINIMUM);
  }

  @Test
  void aRevokedJarIsRefusedWhoeverSignedIt() throws Exception {
    // given
    byte[] jar = signer.sign(new TestJar().build());
    trust();
    Files.writeString(folder.resolve("revoked.txt"), Trust.sha256(jar) + "\n");

    // when
    Verdict verdict = Verifier.verify(jar, Rules.shipped(Trust.read(folder)), around(), now);

    // then
    assertThat(verdict.refusal().flatMap(BundleCheck::problem)).contains(BundleProblem.REVOKED);
  }

  @Test
  void theDifferenceInCapabilitiesIsTold() throws Exception {
    // given
    byte[] jar =
        signer.sign(
            declaring("org.jackfield.driver;name=acme;operations:List<String>=\"hold,redirect\"")
                .build());

    // when
    Verdict verdict = verify(jar);

    // then
    assertThat(verdict.passed()).isTrue();
    assertThat(verdict.checks().getLast().text())
        .contains("1.1.0")
        .contains("+redirect")
        .contains("-blindTransfer")
        .contains("-transferNorm");
  }

  @Test
  void aLostCapabilityOnWhichAPolicyReliesIsRefusedWithTheRulesName() throws Exception {
    // given
    byte[] jar =
        signer.sign(
            declaring("org.jackfield.driver;name=acme;operations:List<String>=\"hold\"").build());
    PolicyRule blind = rule("blind is enough", AutoChoice.BLIND);
    PolicyRule either = rule("either", AutoChoice.BLIND, AutoChoice.CONSULTATION);

    // then
    Rules rules = Rules.shipped(trust());
    Verdict refused = Verifier.verify(jar, rules, around(blind), now);
    assertThat(refused.refusal().flatMap(BundleCheck::problem))
        .contains(BundleProblem.CAPABILITY_NEEDED);
    assertThat(refused.refusal().orElseThrow().text()).contains("blind is enough");
    assertThat(Verifier.verify(jar, rules, around(either), now).passed()).isTrue();
  }

  private static PolicyRule rule(String name, AutoChoice... auto) {
    return new PolicyRule(
        name,
        "",
        PolicyRule.Match.ALL,
        new PolicyRule.Settings(
            Optional.of(List.of(auto)),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }
}
