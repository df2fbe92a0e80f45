package org.jackfield.adminui;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URL;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the console at the root: compressed by the build, cached where the name tells the content,
 * and under a policy that lets the page load nothing but this server's own files.
 */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern("/*")
public final class ConsoleServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(ConsoleServlet.class);
  private static final List<String> OTHERS = List.of("/api", "/tapi", "/metrics");
  private static final String YEAR = "public, max-age=31536000, immutable";
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
              + " object-src 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Permissions-Policy",
          "camera=(), geolocation=(), microphone=()");

  private final transient Site site;

  @Activate
  public ConsoleServlet(BundleContext context) throws IOException {
    this(site(context.getBundle()));
  }

  ConsoleServlet(Site site) {
    this.site = site;
  }

  private static Site site(Bundle bundle) throws IOException {
    Site built = Site.of("/web", entries(bundle, "/web"));
    if (built.hasIndex()) {
      return built;
    }
    LOG.info("This build has no console; the page at / says how to get one");
    return Site.of("/missing", entries(bundle, "/missing"));
  }

  private static List<URL> entries(Bundle bundle, String root) {
    Enumeration<URL> found = bundle.findEntries(root, "*", true);
    return found == null ? List.of() : Collections.list(found);
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    HEADERS.forEach(response::setHeader);
    String path = Optional.ofNullable(request.getPathInfo()).orElse("/");
    Optional<Site.Asset> asset = isOthers(path) ? Optional.empty() : site.find(path);
    if (asset.isEmpty()) {
      response.setHeader("Cache-Control", "no-store");
      response.setStatus(HttpServletResponse.SC_NOT_FOUND);
    } else if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
      response.setHeader("Allow", "GET, HEAD");
      response.setStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
    } else {
      send(request, response, asset.get());
    }
  }

  private static boolean isOthers(String path) {
    return OTHERS.stream().anyMatch(other -> path.equals(other) || path.startsWith(other + "/"));
  }

  private static void send(
      HttpServletRequest request, HttpServletResponse response, Site.Asset asset)
      throws IOException {
    response.setHeader("Cache-Control", asset.immutable() ? YEAR : "no-cache");
    response.setHeader("ETag", asset.tag());
    response.setHeader("Vary", "Accept-Encoding");
    if (asset.tag().equals(request.getHeader("If-None-Match"))) {
      response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
      return;
    }
    byte[] bytes = asset.bytes();
    byte[] gzip = asset.gzip();
    if (gzip != null && takesGzip(request.getHeader("Accept-Encoding"))) {
      response.setHeader("Content-Encoding", "gzip");
      bytes = gzip;
    }
    response.setContentType(asset.type());
    response.setContentLength(bytes.length);
    if (request.getMethod().equals("GET")) {
      response.getOutputStream().write(bytes);
    }
  }

  private static boolean takesGzip(@Nullable String accepted) {
    return accepted != null
        && Arrays.stream(accepted.split(","))
            .map(coding -> coding.strip().replace(" ", ""))
            .anyMatch(
                coding -> coding.equals("gzip") || coding.matches("gzip;q=(1|0\\.0*[1-9]).*"));
  }
}
