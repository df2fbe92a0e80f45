package org.jackfield.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Log in, log out, and who am I. */
final class UserRoutes {
  private static final int LONGEST_CODE = 256;
  private static final int LONGEST_TOKEN = 512;

  private final AdminToken token;
  private final LoginLink link;
  private final PageSessions pages;
  private final Attempts attempts;

  UserRoutes(AdminToken token, LoginLink link, PageSessions pages, Attempts attempts) {
    this.token = token;
    this.link = link;
    this.pages = pages;
    this.attempts = attempts;
  }

  void addTo(Router.Builder routes) {
    routes
        .openGet("/login", this::follow)
        .open("POST", "/login", Router.now(this::login))
        .on("POST", "/logout", Router.now(this::logout))
        .get("/me", exchange -> Answer.Reply.json(200, me(exchange.user())));
  }

  private Answer follow(Exchange exchange) {
    String code =
        exchange
            .query("code", LONGEST_CODE)
            .orElseThrow(() -> Fields.wrong(ProblemType.MISSING_FIELD, "code", "is missing"));
    PageSessions.Opened opened = open(exchange, redeem(code));
    return Answer.Reply.empty(303)
        .with("Location", "/")
        .with("Set-Cookie", pages.setCookie(opened.cookie(), exchange.request().isSecure()));
  }

  private Answer login(Exchange exchange) {
    Fields fields = exchange.fields();
    Optional<String> code = fields.text("code", LONGEST_CODE);
    Optional<String> given = fields.text("token", LONGEST_TOKEN);
    fields.end();
    if (code.isPresent() == given.isPresent()) {
      throw Fields.wrong(
          ProblemType.MISSING_FIELD, "code", "or token is needed, and only one of them");
    }
    PageSessions.Opened opened =
        open(exchange, code.map(this::redeem).orElseGet(() -> given.map(token::is).orElse(false)));
    User user = new User(User.ADMINISTRATOR, opened.page());
    return Answer.Reply.json(200, me(user))
        .with("Set-Cookie", pages.setCookie(opened.cookie(), exchange.request().isSecure()));
  }

  private PageSessions.Opened open(Exchange exchange, boolean good) {
    String from = exchange.request().getRemoteAddr();
    attempts.check(from);
    if (!good) {
      attempts.failed(from);
      throw Problem.of(ProblemType.LOGIN_FAILED, "A link is good once, and only for a short time.")
          .refused();
    }
    return pages.open(User.ADMINISTRATOR);
  }

  private boolean redeem(String code) {
    try {
      return link.redeem(code);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Answer logout(Exchange exchange) {
    PageSessions.Page page = exchange.user().page();
    if (page != null) {
      pages.close(page);
    }
    return Answer.Reply.empty(204).with("Set-Cookie", PageSessions.forgetCookie());
  }

  private static ObjectNode me(User user) {
    ObjectNode me = Json.object();
    me.put("name", user.name());
    me.putArray("roles").add("administrator");
    me.putArray("permissions").add("*");
    PageSessions.Page page = user.page();
    if (page != null) {
      me.put("csrfToken", page.csrfToken());
      me.put("expiresAt", Json.time(page.end()));
    }
    return me;
  }
}
