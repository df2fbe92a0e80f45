package org.jackfield.web;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The cookie sessions of pages: in memory, bounded, the oldest goes first. Any thread. */
final class PageSessions {
  static final String COOKIE = "jackfield";
  private static final int MOST = 256;

  /** One logged-in page. */
  record Page(String user, String csrfToken, Instant end, String key) {}

  private final Map<String, Page> pages = new LinkedHashMap<>();
  private final Duration life;
  private final InstantSource clock;

  PageSessions(Duration life, InstantSource clock) {
    this.life = life;
    this.clock = clock;
  }

  /** What a login made: the cookie's value is told once and not kept. */
  record Opened(String cookie, Page page) {}

  synchronized Opened open(String user) {
    String cookie = Secrets.random();
    String key = Secrets.fingerprint(cookie);
    Page page = new Page(user, Secrets.random(), clock.instant().plus(life), key);
    pages.put(key, page);
    if (pages.size() > MOST) {
      Iterator<String> oldest = pages.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    return new Opened(cookie, page);
  }

  synchronized Optional<Page> find(String cookie) {
    return Optional.ofNullable(pages.get(Secrets.fingerprint(cookie))).filter(this::stands);
  }

  /** Whether the page is still logged in. */
  synchronized boolean stands(Page page) {
    if (!clock.instant().isBefore(page.end())) {
      pages.remove(page.key());
    }
    return pages.containsKey(page.key());
  }

  synchronized void close(Page page) {
    pages.remove(page.key());
  }

  /** The value of Set-Cookie. */
  String setCookie(String cookie, boolean secure) {
    return COOKIE
        + "="
        + cookie
        + "; Path=/; HttpOnly; SameSite=Strict; Max-Age="
        + life.toSeconds()
        + (secure ? "; Secure" : "");
  }

  static String forgetCookie() {
    return COOKIE + "=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0";
  }
}
