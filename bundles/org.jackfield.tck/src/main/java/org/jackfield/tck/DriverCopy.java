package org.jackfield.tck;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.security.CodeSource;
import java.util.Optional;
import org.jackfield.api.provider.TelephonyDriver;
import org.jspecify.annotations.Nullable;

/** Loads a driver's classes once more, as a server does with each of its versions. */
final class DriverCopy extends URLClassLoader {

  private final String packages;

  private DriverCopy(URL classes, Class<?> driver) {
    super("driver", new URL[] {classes}, driver.getClassLoader());
    packages = driver.getPackageName() + ".";
  }

  /** The driver in a class loader of its own, if it can be made as a bundle's component is. */
  static Optional<TelephonyDriver> of(Class<? extends TelephonyDriver> driver) {
    CodeSource source = driver.getProtectionDomain().getCodeSource();
    if (source == null) {
      return Optional.empty();
    }
    try {
      Class<?> copy = new DriverCopy(source.getLocation(), driver).loadClass(driver.getName());
      return Optional.of((TelephonyDriver) copy.getConstructor().newInstance());
    } catch (ReflectiveOperationException notAComponent) {
      return Optional.empty();
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(packages)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : own(name, resolve);
    }
  }

  private Class<?> own(String name, boolean resolve) throws ClassNotFoundException {
    if (findResource(name.replace('.', '/') + ".class") == null) {
      return super.loadClass(name, resolve);
    }
    return findClass(name);
  }

  @Override
  public @Nullable URL getResource(String name) {
    URL mine = findResource(name);
    return mine != null ? mine : super.getResource(name);
  }

  /** Lets the files go. */
  static void release(ClassLoader copy) {
    if (copy instanceof DriverCopy mine) {
      try {
        mine.close();
      } catch (IOException e) {
        throw new IllegalStateException("the driver's classes cannot be closed", e);
      }
    }
  }
}
