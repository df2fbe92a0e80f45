package org.jackfield.deployer;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * A driver's JAR, changed from what would pass. Its classes are no classes: whoever loaded one
 * would break.
 */
public final class TestJar {
  public static final String NAME = "org.acme.driver";
  public static final String DRIVER =
      "org.jackfield.driver;name=acme;operations:List<String>=\"hold,blindTransfer\";"
          + "traits:List<String>=\"transferNorm\"";

  private final Map<String, String> headers = new LinkedHashMap<>();
  private final Map<String, byte[]> entries = new LinkedHashMap<>();

  public TestJar() {
    header("Bundle-ManifestVersion", "2");
    header("Bundle-SymbolicName", NAME);
    header("Bundle-Version", "1.2.0");
    header(
        "Import-Package",
        "org.jackfield.api.provider;version=\"[1.0,2)\",org.slf4j;version=\"[2.0,3)\"");
    header("Require-Capability", "osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=21))\"");
    header("Provide-Capability", DRIVER);
    entry("org/acme/driver/AcmeDriver.class", "no class at all");
    entry("org/acme/driver/words.properties", "hello=world");
  }

  public TestJar header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  public TestJar without(String header) {
    headers.remove(header);
    return this;
  }

  public TestJar entry(String name, String content) {
    return entry(name, content.getBytes(StandardCharsets.UTF_8));
  }

  public TestJar entry(String name, byte[] content) {
    entries.put(name, content);
    return this;
  }

  public byte[] build() throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.forEach(manifest.getMainAttributes()::putValue);
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    manifest.write(text);
    Map<String, byte[]> all = new LinkedHashMap<>();
    all.put("META-INF/MANIFEST.MF", text.toByteArray());
    all.putAll(entries);
    return zip(all);
  }

  /** A ZIP with these entries. */
  public static byte[] zip(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
    return out.toByteArray();
  }

  /** The entries of a ZIP, in their order. */
  public static Map<String, byte[]> unzip(byte[] zip) throws IOException {
    Map<String, byte[]> all = new LinkedHashMap<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
        all.put(e.getName(), in.readAllBytes());
      }
    }
    return all;
  }

  /** A ZIP with one entry changed, added, or, without content, taken out. */
  public static byte[] with(byte[] zip, String name, String content) throws IOException {
    Map<String, byte[]> all = unzip(zip);
    if (content == null) {
      all.remove(name);
    } else {
      all.put(name, content.getBytes(StandardCharsets.UTF_8));
    }
    return zip(all);
  }

  /** Each place of a text replaced by one of the same length: what a ZIP writer would not write. */
  public static byte[] patched(byte[] zip, String text, String by) {
    byte[] from = text.getBytes(StandardCharsets.UTF_8);
    byte[] to = by.getBytes(StandardCharsets.UTF_8);
    byte[] out = zip.clone();
    for (int i = 0; i + from.length <= out.length; i++) {
      if (Arrays.equals(out, i, i + from.length, from, 0, from.length)) {
        System.arraycopy(to, 0, out, i, to.length);
      }
    }
    return out;
  }

  public static byte[] joined(byte[]... parts) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.write(part);
    }
    return out.toByteArray();
  }
}
