package org.jackfield.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The one-time login link in {@code data/login.link}. A code is good once and for a short time;
 * when it is used, or when it is too old, the file gets the next one, so who may read the file can
 * always log in. Any thread.
 */
final class LoginLink {
  private final Path file;
  private final Duration life;
  private final InstantSource clock;
  private String server = "";
  private String code = "";
  private Instant end = Instant.MIN;

  LoginLink(Path file, Duration life, InstantSource clock) {
    this.file = file;
    this.life = life;
    this.clock = clock;
  }

  /**
   * @param address http://host:port
   */
  synchronized void listening(String address) throws IOException {
    server = address;
    renew();
  }

  /** Puts a new link in the file where the old one is too old. */
  synchronized void refresh() throws IOException {
    if (!server.isEmpty() && !clock.instant().isBefore(end)) {
      renew();
    }
  }

  /** True once for each code. */
  synchronized boolean redeem(String given) throws IOException {
    boolean good = !code.isEmpty() && Secrets.same(given, code) && clock.instant().isBefore(end);
    if (good) {
      renew();
    }
    return good;
  }

  synchronized void close() throws IOException {
    code = "";
    server = "";
    Files.deleteIfExists(file);
  }

  private void renew() throws IOException {
    code = Secrets.random();
    end = clock.instant().plus(life);
    PrivateFile.write(file, server + "/api/v1/login?code=" + code);
  }
}
