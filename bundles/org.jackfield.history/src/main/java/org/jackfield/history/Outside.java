package org.jackfield.history;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Runs {@link VerifyCommand} without a framework: the libraries that lie inside the bundle's file
 * are laid out in a folder for the while.
 */
public final class Outside {
  private Outside() {}

  /**
   * @param args those of {@link VerifyCommand}
   */
  public static void main(String[] args) throws Exception {
    System.exit(run(args));
  }

  private static int run(String[] args)
      throws IOException, ReflectiveOperationException, URISyntaxException {
    Path bundle =
        Path.of(Outside.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path folder = Files.createTempDirectory("jackfield-audit");
    try {
      List<URL> urls = new ArrayList<>(libraries(bundle, folder));
      urls.add(bundle.toUri().toURL());
      for (String path : System.getProperty("java.class.path").split(java.io.File.pathSeparator)) {
        urls.add(Path.of(path).toUri().toURL());
      }
      try (URLClassLoader loader =
          new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
        Object code =
            loader
                .loadClass("org.jackfield.history.VerifyCommand")
                .getMethod("run", String[].class)
                .invoke(null, (Object) args);
        return (Integer) code;
      }
    } catch (InvocationTargetException e) {
      System.err.println("jackfield: the audit cannot be read: " + e.getCause());
      return 2;
    } finally {
      remove(folder);
    }
  }

  private static List<URL> libraries(Path bundle, Path folder) throws IOException {
    List<URL> urls = new ArrayList<>();
    try (JarFile jar = new JarFile(bundle.toFile())) {
      for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
        if (entry.getName().matches("lib/[a-z0-9]+\\.jar")) {
          Path file = folder.resolve(entry.getName().substring("lib/".length()));
          try (InputStream in = jar.getInputStream(entry)) {
            Files.copy(in, file);
          }
          urls.add(file.toUri().toURL());
        }
      }
    }
    return urls;
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
