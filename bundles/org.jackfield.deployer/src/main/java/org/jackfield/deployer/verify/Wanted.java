package org.jackfield.deployer.verify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jackfield.api.rollout.BundleProblem;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;

/** What a bundle imports and requires, against what the framework offers. */
final class Wanted {
  private static final String PACKAGE = "osgi.wiring.package";
  private static final String API = "org.jackfield.api.";

  private final BundleManifest manifest;
  private final Surroundings around;

  Wanted(BundleManifest manifest, Surroundings around) {
    this.manifest = manifest;
    this.around = around;
  }

  /** Each import is one that a driver may have. */
  String checkImports(Rules rules) throws Refused {
    List<String> forbidden =
        manifest.imports().stream().map(Clause::path).filter(p -> !rules.mayImport(p)).toList();
    if (!forbidden.isEmpty()) {
      throw new Refused(
          BundleProblem.FORBIDDEN_IMPORT,
          "It imports "
              + String.join(", ", forbidden)
              + "; a driver uses the API and libraries. Leave it out, or add it to imports in"
              + " etc/org.jackfield.deployer.cfg if it must be.");
    }
    return manifest.imports().size() + " packages are imported, all may be.";
  }

  /** It was built against an API that this server has. */
  String checkApi() throws Refused {
    int n = 0;
    for (Clause wanted : manifest.imports()) {
      if (wanted.path().startsWith(API)) {
        n++;
        checkApi(wanted);
      }
    }
    return n == 0 ? "It uses no API." : "It was built for this API.";
  }

  private void checkApi(Clause wanted) throws Refused {
    String range = wanted.attribute("version");
    if (range.isEmpty() || new VersionRange(range).getRight() == null) {
      throw new Refused(
          BundleProblem.API_RANGE,
          "It imports "
              + wanted.path()
              + " without saying up to which version; build it with bnd.");
    }
    List<Version> offered =
        around.offers().stream()
            .filter(o -> o.namespace().equals(PACKAGE))
            .filter(o -> wanted.path().equals(o.attributes().get(PACKAGE)))
            .map(o -> (Version) o.attributes().getOrDefault("version", Version.emptyVersion))
            .toList();
    if (offered.stream().noneMatch(new VersionRange(range)::includes)) {
      throw new Refused(
          BundleProblem.API_RANGE,
          "It was built for %s %s, this server has %s; build it against this server's API."
              .formatted(wanted.path(), range, offered.isEmpty() ? "none" : offered));
    }
  }

  /** The rest of what it needs is there, so that it will resolve. */
  String checkRequirements() throws Refused {
    List<String> missing = new ArrayList<>();
    int met = 0;
    for (Clause wanted : manifest.imports()) {
      boolean own = manifest.exports().stream().anyMatch(e -> e.path().equals(wanted.path()));
      boolean here = wanted.path().startsWith("java.") || own || wanted.optional();
      if (!here && !wanted.path().startsWith(API)) {
        if (offered(PACKAGE, packageFilter(wanted))) {
          met++;
        } else {
          missing.add("package " + wanted.path() + " " + wanted.attribute("version"));
        }
      }
    }
    for (Clause wanted : manifest.requires()) {
      String effective = wanted.directives().getOrDefault("effective", "resolve");
      if (!wanted.optional() && effective.equals("resolve")) {
        String filter = wanted.directives().getOrDefault("filter", "(|(a=*)(!(a=*)))");
        if (offered(wanted.path(), filter) || ownOffer(wanted.path(), filter)) {
          met++;
        } else {
          missing.add(wanted.path() + " " + filter);
        }
      }
    }
    if (!missing.isEmpty()) {
      throw new Refused(
          BundleProblem.UNRESOLVED,
          "This server has not: "
              + String.join("; ", missing)
              + ". Build it against what the server has, or unpack the library into the JAR.");
    }
    return met + " requirements are met.";
  }

  private static String packageFilter(Clause wanted) {
    StringBuilder filter = new StringBuilder("(&(" + PACKAGE + "=" + wanted.path() + ")");
    String range = wanted.attribute("version");
    if (!range.isEmpty()) {
      filter.append(new VersionRange(range).toFilterString("version"));
    }
    wanted
        .attributes()
        .forEach(
            (name, value) -> {
              if (!name.equals("version")) {
                filter.append('(').append(name).append('=').append(value).append(')');
              }
            });
    return filter.append(')').toString();
  }

  private boolean offered(String namespace, String filter) throws Refused {
    Filter f = filter(filter);
    return around.offers().stream()
        .filter(o -> o.namespace().equals(namespace))
        .anyMatch(o -> f.matches(o.attributes()));
  }

  private boolean ownOffer(String namespace, String filter) throws Refused {
    Filter f = filter(filter);
    return manifest.provides().stream()
        .filter(o -> o.path().equals(namespace))
        .map(o -> new HashMap<String, Object>(o.attributes()))
        .anyMatch((Map<String, Object> attributes) -> f.matches(attributes));
  }

  private static Filter filter(String text) throws Refused {
    try {
      return FrameworkUtil.createFilter(text);
    } catch (InvalidSyntaxException e) {
      throw new Refused(BundleProblem.BAD_MANIFEST, "A filter cannot be read: " + text + ".");
    }
  }

  /** No package that is another's. */
  String checkPackages() throws Refused {
    for (Surroundings.Present other : around.present()) {
      if (!other.symbolicName().equals(manifest.symbolicName())) {
        Optional<String> split =
            manifest.packages().stream().filter(other.packages()::contains).findFirst();
        if (split.isPresent() && (other.server() || exported(split.get()))) {
          throw split(split.get(), other.symbolicName());
        }
      }
    }
    for (String name : manifest.packages()) {
      if (name.isEmpty() || name.matches("(java|org\\.osgi|org\\.jackfield\\.api)(\\..*)?")) {
        throw split(name.isEmpty() ? "the unnamed package" : name, "the server");
      }
    }
    for (Clause export : manifest.exports()) {
      boolean taken =
          around.offers().stream()
              .filter(o -> o.namespace().equals(PACKAGE))
              .filter(o -> !o.bundle().equals(manifest.symbolicName()))
              .anyMatch(o -> export.path().equals(o.attributes().get(PACKAGE)));
      if (taken) {
        throw split(export.path(), "another bundle, which exports it");
      }
    }
    return "Its packages are its own.";
  }

  private boolean exported(String name) {
    return manifest.exports().stream().anyMatch(e -> e.path().equals(name));
  }

  private static Refused split(String name, String owner) {
    return new Refused(
        BundleProblem.SPLIT_PACKAGE,
        "It has " + name + ", which belongs to " + owner + "; use a package of your own.");
  }
}
