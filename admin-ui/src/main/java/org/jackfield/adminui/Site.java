package org.jackfield.adminui;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The console's files, in memory: they are few and small. Immutable. */
final class Site {
  private static final String INDEX = "/index.html";
  private static final String HASHED = "/assets/";

  /**
   * One file.
   *
   * @param bytes as it is
   * @param gzip compressed by the build, where that is worth it
   * @param type its media type
   * @param tag its strong entity tag, quoted
   * @param immutable whether its name changes with its content
   */
  record Asset(byte[] bytes, byte @Nullable [] gzip, String type, String tag, boolean immutable) {}

  private final Map<String, Asset> assets = new HashMap<>();

  private Site(Map<String, byte[]> files) {
    files.forEach(
        (path, bytes) -> {
          if (!path.endsWith(".gz")) {
            assets.put(
                path,
                new Asset(
                    bytes,
                    files.get(path + ".gz"),
                    type(path),
                    tag(bytes),
                    path.startsWith(HASHED)));
          }
        });
  }

  /**
   * The files below one folder of a bundle.
   *
   * @param root such as {@code /web}
   * @param entries what the bundle has there, folders too
   */
  static Site of(String root, Collection<URL> entries) throws IOException {
    Map<String, byte[]> files = new HashMap<>();
    for (URL entry : entries) {
      String path = entry.getPath();
      if (!path.endsWith("/")) {
        try (InputStream in = entry.openStream()) {
          files.put(path.substring(path.indexOf(root + "/") + root.length()), in.readAllBytes());
        }
      }
    }
    return new Site(files);
  }

  /** Whether there is a page at all. */
  boolean hasIndex() {
    return assets.containsKey(INDEX);
  }

  /**
   * What is at this path. A path that names no file is a view of the page, so that a link to one
   * call works; a file that is not there is not.
   *
   * @param path begins with a slash
   */
  Optional<Asset> find(String path) {
    Asset asset = assets.get(path);
    if (asset != null) {
      return Optional.of(asset);
    }
    boolean file = path.startsWith(HASHED) || path.lastIndexOf('/') == 0 && path.contains(".");
    return file ? Optional.empty() : Optional.ofNullable(assets.get(INDEX));
  }

  private static String type(String path) {
    return switch (path.substring(path.lastIndexOf('.') + 1)) {
      case "html" -> "text/html; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "txt" -> "text/plain; charset=utf-8";
      case "svg" -> "image/svg+xml";
      case "woff2" -> "font/woff2";
      default -> "application/octet-stream";
    };
  }

  private static String tag(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return '"' + HexFormat.of().formatHex(digest, 0, 12) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
