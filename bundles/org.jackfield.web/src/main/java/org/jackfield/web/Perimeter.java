package org.jackfield.web;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides who asks, and from where one may ask. A page of another origin is turned away by Origin
 * and by Sec-Fetch-Site, a name that an attacker points at this machine (DNS rebinding) by Host.
 */
final class Perimeter {
  private static final String BEARER = "bearer ";

  private final AdminToken token;
  private final PageSessions pages;
  private final Attempts attempts;
  private final Set<String> hosts;

  /**
   * @param hosts further names of this server in lower case, without port
   */
  Perimeter(AdminToken token, PageSessions pages, Attempts attempts, Set<String> hosts) {
    this.token = token;
    this.pages = pages;
    this.attempts = attempts;
    this.hosts = hosts;
  }

  /** Refuses a request that came by a foreign name or from a foreign page. */
  void admit(HttpServletRequest request) {
    String host = request.getHeader("Host");
    if (host == null || !ours(nameOf(host))) {
      throw Problem.of(
              ProblemType.FOREIGN_HOST, "Use the address, localhost, or a name from allowed.hosts.")
          .refused();
    }
    String origin = request.getHeader("Origin");
    if (origin != null && !authorityOf(origin).equalsIgnoreCase(host)) {
      throw Problem.of(ProblemType.FOREIGN_ORIGIN, "The page is not this server's.").refused();
    }
    String site = request.getHeader("Sec-Fetch-Site");
    boolean link = "navigate".equals(request.getHeader("Sec-Fetch-Mode"));
    if (!link && ("cross-site".equals(site) || "same-site".equals(site))) {
      throw Problem.of(ProblemType.FOREIGN_ORIGIN, "The page is not this server's.").refused();
    }
  }

  /** Who asks, or null where nobody says who they are. A wrong secret is refused. */
  @Nullable User who(HttpServletRequest request) {
    String authorization = request.getHeader("Authorization");
    if (authorization != null) {
      if (authorization.length() < BEARER.length()
          || !authorization.substring(0, BEARER.length()).toLowerCase(Locale.ROOT).equals(BEARER)) {
        throw Problem.of(ProblemType.UNAUTHENTICATED, "Only bearer tokens are known.").refused();
      }
      return byToken(authorization.substring(BEARER.length()).strip(), request.getRemoteAddr());
    }
    return cookie(request)
        .flatMap(pages::find)
        .map(page -> new User(page.user(), page))
        .orElse(null);
  }

  private User byToken(String given, String from) {
    attempts.check(from);
    if (!token.is(given)) {
      attempts.failed(from);
      throw Problem.of(ProblemType.UNAUTHENTICATED, "The token is not valid.").refused();
    }
    return new User(User.ADMINISTRATOR, null);
  }

  /** A page proves by its CSRF token that its own script has sent a write. */
  void checkWrite(User user, HttpServletRequest request) {
    PageSessions.Page page = user.page();
    if (page == null) {
      return;
    }
    String given = request.getHeader("X-CSRF-Token");
    if (given == null || !Secrets.same(given, page.csrfToken())) {
      throw Problem.of(ProblemType.CSRF, "Send csrfToken of GET /me as X-CSRF-Token.").refused();
    }
  }

  private static Optional<String> cookie(HttpServletRequest request) {
    Cookie[] cookies = request.getCookies();
    if (cookies != null) {
      for (Cookie cookie : cookies) {
        if (cookie.getName().equals(PageSessions.COOKIE)) {
          return Optional.of(cookie.getValue());
        }
      }
    }
    return Optional.empty();
  }

  /** An address cannot be re-bound, so any is welcome; a name must be known. */
  private boolean ours(String name) {
    return name.equals("localhost")
        || name.startsWith("[")
        || name.matches("\\d{1,3}(\\.\\d{1,3}){3}")
        || hosts.contains(name);
  }

  private static String nameOf(String authority) {
    int port = authority.lastIndexOf(':');
    boolean hasPort = port > authority.lastIndexOf(']');
    return (hasPort ? authority.substring(0, port) : authority).toLowerCase(Locale.ROOT);
  }

  private static String authorityOf(String origin) {
    int scheme = origin.indexOf("://");
    return scheme < 0 ? "" : origin.substring(scheme + 3);
  }
}
