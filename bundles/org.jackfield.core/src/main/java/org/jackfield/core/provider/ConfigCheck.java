package org.jackfield.core.provider;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jackfield.api.provider.ConfigKey;
import org.jackfield.api.provider.ProviderConfig;

/** Holds a configuration against its driver's schema. Pure; never repeats a value. */
final class ConfigCheck {
  private ConfigCheck() {}

  /**
   * The answer.
   *
   * @param config the configuration with its defaults, if it can be used
   * @param errors what is wrong with it, one sentence each
   */
  record Checked(Optional<ProviderConfig> config, List<String> errors) {}

  static Checked check(String provider, Map<String, String> given, List<ConfigKey> schema) {
    List<String> errors = new ArrayList<>();
    Map<String, String> values = new HashMap<>();
    TreeSet<String> unknown = new TreeSet<>(given.keySet());
    for (ConfigKey key : schema) {
      unknown.remove(key.name());
      String value = Optional.ofNullable(given.get(key.name())).map(String::strip).orElse("");
      if (value.isEmpty()) {
        key.defaultValue().ifPresent(text -> values.put(key.name(), text));
        if (key.required()) {
          errors.add("the key " + key.name() + " is missing");
        }
      } else if (fits(value, key.type())) {
        values.put(key.name(), value);
      } else {
        errors.add("the key " + key.name() + " must be " + wanted(key.type()));
      }
    }
    unknown.forEach(name -> errors.add("the key " + name + " is not known to the driver"));
    return errors.isEmpty()
        ? new Checked(Optional.of(new ProviderConfig(provider, values)), List.of())
        : new Checked(Optional.empty(), errors);
  }

  private static boolean fits(String value, ConfigKey.Type type) {
    return switch (type) {
      case TEXT, SECRET -> value.chars().noneMatch(Character::isISOControl);
      case INTEGER -> value.matches("[+-]?\\d{1,9}");
      case PORT -> value.matches("\\d{1,5}") && isPort(Integer.parseInt(value));
      case BOOLEAN -> value.equals("true") || value.equals("false");
      case URL -> isUrl(value);
    };
  }

  private static boolean isPort(int number) {
    return number >= 1 && number <= 65_535;
  }

  private static boolean isUrl(String value) {
    try {
      URI uri = new URI(value);
      return uri.getScheme() != null && uri.getHost() != null;
    } catch (URISyntaxException notAUrl) {
      return false;
    }
  }

  private static String wanted(ConfigKey.Type type) {
    return switch (type) {
      case TEXT, SECRET -> "text without control characters";
      case INTEGER -> "a whole number of at most 9 digits";
      case PORT -> "a port, 1 to 65535";
      case BOOLEAN -> "true or false";
      case URL -> "a URL with a scheme and a host";
    };
  }
}
