package org.jackfield.deployer.verify;

/**
 * How large a JAR may be.
 *
 * @param jarBytes the file
 * @param entries how many entries
 * @param entryBytes one entry, unpacked
 * @param totalBytes all entries, unpacked
 * @param ratio unpacked to packed, of an entry above one MiB
 */
public record ZipLimits(int jarBytes, int entries, int entryBytes, long totalBytes, int ratio) {
  private static final int MIB = 1 << 20;

  /** Ten times what a large driver needs. */
  public static final ZipLimits SHIPPED =
      new ZipLimits(32 * MIB, 10_000, 16 * MIB, 128L * MIB, 100);
}
