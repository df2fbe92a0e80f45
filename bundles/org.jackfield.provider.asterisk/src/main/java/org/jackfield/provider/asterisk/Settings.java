package org.jackfield.provider.asterisk;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jackfield.api.provider.ConfigKey;
import org.jackfield.api.provider.ConfigKey.Type;
import org.jackfield.api.provider.ProviderConfig;

/**
 * What a site says of its Asterisk.
 *
 * @param ari ARI's address
 * @param application the beginning of the Stasis application's name; each opened instance adds its
 *     own end
 * @param context where addresses are dialled
 * @param dial how an address is dialled, with {@code {target}} and {@code {context}}
 * @param endpointPattern how an address is read from an endpoint, with {@code {address}}
 * @param pullIn the context whose extension named as the application leads into it
 */
record Settings(
    URI ari,
    String ariUser,
    String ariSecret,
    String application,
    String amiHost,
    int amiPort,
    String amiUser,
    String amiSecret,
    String context,
    String dial,
    Optional<Pattern> endpointPattern,
    String pullIn) {

  private static final String INSTANCE = "_[0-9a-f]{8}";

  static final List<ConfigKey> SCHEMA =
      List.of(
          ConfigKey.required("ari.url", Type.URL, "ARI, such as http://127.0.0.1:8088/ari"),
          ConfigKey.required("ari.user", Type.TEXT, "The user of ari.conf"),
          ConfigKey.required("ari.secret", Type.SECRET, "Its password"),
          ConfigKey.optional(
              "application",
              Type.TEXT,
              "jackfield",
              "The beginning of the Stasis application's name: small letters and digits"),
          ConfigKey.optional("ami.host", Type.TEXT, "127.0.0.1", "Where AMI listens"),
          ConfigKey.optional("ami.port", Type.PORT, "5038", "The port of AMI"),
          ConfigKey.required("ami.user", Type.TEXT, "The account of manager.conf"),
          ConfigKey.required("ami.secret", Type.SECRET, "Its secret"),
          ConfigKey.required(
              "context", Type.TEXT, "The dialplan context in which addresses are dialled"),
          ConfigKey.optional(
              "dial",
              Type.TEXT,
              "Local/{target}@{context}/n",
              "How an address is dialled; a Local channel needs its /n"),
          ConfigKey.optional(
              "address.endpoint.pattern",
              Type.TEXT,
              "",
              "How an address is read from an endpoint, such as PJSIP/{address}; else the number it shows"),
          ConfigKey.optional(
              "pullin.context",
              Type.TEXT,
              "jackfield-pullin",
              "The dialplan context through which a running call is taken into the application"));

  /**
   * @throws IllegalArgumentException a value cannot be used; the message names the key
   */
  static Settings of(ProviderConfig config) {
    return new Settings(
        url(config),
        plain(config, "ari.user"),
        plain(config, "ari.secret"),
        application(config),
        plain(config, "ami.host"),
        port(config),
        plain(config, "ami.user"),
        plain(config, "ami.secret"),
        name(config, "context"),
        dial(config),
        pattern(config),
        name(config, "pullin.context"));
  }

  /** Whether that is the name of an instance's application, ours or another's. */
  boolean isInstance(String name) {
    return name.matches(Pattern.quote(application) + INSTANCE);
  }

  /** Whether an instance, ours or another, has named a channel or bridge so. */
  boolean isNameOfInstance(String name) {
    int serial = name.lastIndexOf('-');
    return serial > 0 && isInstance(name.substring(0, serial));
  }

  private static String value(ProviderConfig config, String key) {
    return config
        .get(key)
        .or(
            () ->
                SCHEMA.stream()
                    .filter(k -> k.name().equals(key))
                    .findFirst()
                    .flatMap(ConfigKey::defaultValue))
        .orElseThrow(() -> new IllegalArgumentException("the key " + key + " is missing"));
  }

  private static String plain(ProviderConfig config, String key) {
    try {
      return Fields.checked(value(config, key));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
    }
  }

  private static URI url(ProviderConfig config) {
    try {
      var uri = URI.create(plain(config, "ari.url"));
      var scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      if (uri.getHost() != null && (scheme.equals("http") || scheme.equals("https"))) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("ari.url is no address: " + e.getMessage(), e);
    }
    throw new IllegalArgumentException("ari.url must begin with http:// or https://");
  }

  private static int port(ProviderConfig config) {
    var text = plain(config, "ami.port").strip();
    int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("ami.port must be 1 to 65535");
    }
    return port;
  }

  private static String application(ProviderConfig config) {
    var name = plain(config, "application");
    if (!name.matches("[a-z0-9]{1,32}")) {
      throw new IllegalArgumentException("application must be 1 to 32 small letters and digits");
    }
    return name;
  }

  private static String name(ProviderConfig config, String key) {
    var name = plain(config, key);
    if (!name.matches("[A-Za-z0-9_.-]{1,79}")) {
      throw new IllegalArgumentException(key + " is no name of a dialplan context");
    }
    return name;
  }

  private static String dial(ProviderConfig config) {
    var dial = plain(config, "dial");
    if (!dial.contains("{target}")) {
      throw new IllegalArgumentException("dial must contain {target}");
    }
    if (dial.startsWith("Local/") && !dial.endsWith("/n")) {
      throw new IllegalArgumentException("dial: a Local channel needs /n, else it replaces itself");
    }
    return dial;
  }

  private static Optional<Pattern> pattern(ProviderConfig config) {
    var text = plain(config, "address.endpoint.pattern");
    if (text.isBlank()) {
      return Optional.empty();
    }
    int at = text.indexOf("{address}");
    if (at < 0) {
      throw new IllegalArgumentException("address.endpoint.pattern must contain {address}");
    }
    return Optional.of(
        Pattern.compile(
            Pattern.quote(text.substring(0, at))
                + "(.+)"
                + Pattern.quote(text.substring(at + "{address}".length()))));
  }

  /** The dial string of an address that is {@link Fields#dialable}. */
  String dialString(String target) {
    return dial.replace("{context}", context).replace("{target}", target);
  }

  /**
   * Whether addresses are dialled through the dialplan, where it can be asked whether they exist.
   */
  boolean dialsThroughDialplan() {
    return dial.startsWith("Local/{target}@{context}");
  }

  @Override
  public String toString() {
    return "Settings[" + ari + ", " + amiHost + ":" + amiPort + "]";
  }
}
