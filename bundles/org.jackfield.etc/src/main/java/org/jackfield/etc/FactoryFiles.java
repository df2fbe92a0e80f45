package org.jackfield.etc;

import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives {@code etc/PID~NAME.cfg} to Configuration Admin as the factory configuration NAME of PID
 * (OSGi Configuration Admin 1.6, 104.6.2), which FileInstall by itself does not.
 *
 * <p>FileInstall watches the folder and calls this on its own thread, for files that have stopped
 * changing. A file that cannot be read is told to FileInstall, which logs it and asks again when it
 * has changed; until then the configuration is the one before. A file is a Java properties file in
 * UTF-8, and nothing in it is replaced: a secret may contain anything.
 */
@Component(property = "service.ranking:Integer=100")
public final class FactoryFiles implements ArtifactInstaller {
  private static final Logger LOG = LoggerFactory.getLogger(FactoryFiles.class);
  private static final Pattern NAME = Pattern.compile("([\\w.-]+)~([\\w.-]+)\\.cfg");

  private final ConfigurationAdmin admin;

  @Activate
  public FactoryFiles(BundleContext context, @Reference ConfigurationAdmin admin)
      throws IOException, InvalidSyntaxException {
    this.admin = admin;
    String home = context.getProperty("jackfield.home");
    forgetRemoved(Path.of(home == null ? "" : home).resolve("etc"));
  }

  /** Configuration Admin remembers, also what was removed while the server was down. */
  private void forgetRemoved(Path etc) throws IOException, InvalidSyntaxException {
    Configuration[] known = admin.listConfigurations("(service.factoryPid=*)");
    if (known == null) {
      return;
    }
    for (Configuration configuration : known) {
      if (!Files.exists(etc.resolve(configuration.getPid() + ".cfg"))) {
        LOG.info("{} was removed while the server was down", configuration.getPid());
        configuration.delete();
      }
    }
  }

  @Override
  public boolean canHandle(File file) {
    return NAME.matcher(file.getName()).matches();
  }

  @Override
  public void install(File file) throws IOException {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(file.toPath())) {
      properties.load(in);
    }
    Hashtable<String, Object> values = new Hashtable<>();
    properties.stringPropertyNames().forEach(k -> values.put(k, properties.getProperty(k).strip()));
    configuration(file).updateIfDifferent(values);
  }

  @Override
  public void update(File file) throws IOException {
    install(file);
  }

  @Override
  public void uninstall(File file) throws IOException {
    configuration(file).delete();
  }

  private Configuration configuration(File file) throws IOException {
    Matcher name = NAME.matcher(file.getName());
    if (!name.matches()) {
      throw new IllegalArgumentException("not PID~NAME.cfg: " + file);
    }
    return admin.getFactoryConfiguration(name.group(1), name.group(2), "?");
  }
}
