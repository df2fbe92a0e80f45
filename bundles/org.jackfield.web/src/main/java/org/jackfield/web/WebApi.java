package org.jackfield.web;

import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jackfield.api.audit.AuditTrail;
import org.jackfield.api.event.EventLog;
import org.jackfield.api.history.HistoryService;
import org.jackfield.api.journal.Journal;
import org.jackfield.api.policy.PolicyService;
import org.jackfield.api.provider.ProviderService;
import org.jackfield.api.rollout.BundleService;
import org.jackfield.api.session.SessionService;
import org.jackfield.api.transfer.TransferService;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletAsyncSupported;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root: the API as a whiteboard servlet. Services may come and go while it serves;
 * it says where the server listens once it can be reached.
 */
@Component(immediate = true, service = Servlet.class, configurationPid = "org.jackfield.web")
@HttpWhiteboardServletPattern(WebApi.PATTERN)
@HttpWhiteboardServletAsyncSupported
public final class WebApi extends HttpServlet {
  static final String PATTERN = "/api/v1/*";
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(WebApi.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int IDEMPOTENT_ANSWERS = 20_000;
  private static final long IDEMPOTENT_BYTES = 16L << 20;

  /** Keys are known for as long as the process lives. */
  private static final Journal NO_JOURNAL = r -> CompletableFuture.completedStage(null);

  private static final long LOOK_AGAIN_MS = 20;
  private static final long REFRESH_MS = 15_000;

  /** {@code etc/org.jackfield.web.cfg}. */
  @interface Config {
    /** Further names by which this server is called, without port. */
    String[] allowed_hosts() default {};

    /** How long a one-time link is good. */
    int login_link_minutes() default 15;

    /** How long a page stays logged in. */
    int page_session_hours() default 12;

    /** The longest body that is read. */
    int body_bytes() default 65_536;

    /** How many event streams there may be. */
    int event_streams() default 1_024;
  }

  private final transient Services services = new Services();
  private final transient Clock clock = Clock.systemUTC();
  private final transient AddressFile addressFile;
  private final transient LoginLink link;
  private final transient ApiServlet api;
  private final int eventStreams;
  private final transient ScheduledExecutorService chores =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("jackfield-web").daemon().factory());
  private transient volatile List<String> endpoints = List.of();
  private transient String told = "";

  @Activate
  public WebApi(
      BundleContext context,
      Config config,
      @Reference(
              cardinality = ReferenceCardinality.OPTIONAL,
              policyOption = ReferencePolicyOption.RELUCTANT)
          @Nullable Journal journal)
      throws IOException {
    Path data = Path.of(home(context), "data");
    AdminToken token = AdminToken.of(data.resolve("admin.token"));
    this.addressFile = new AddressFile(data.resolve("http.address"));
    this.link =
        new LoginLink(
            data.resolve("login.link"), Duration.ofMinutes(config.login_link_minutes()), clock);
    this.eventStreams = config.event_streams();
    PageSessions pages = new PageSessions(Duration.ofHours(config.page_session_hours()), clock);
    Attempts attempts = new Attempts(clock);
    Journal kept = journal == null ? NO_JOURNAL : journal;
    HealthRoutes health =
        new HealthRoutes(
            context.getBundle().getVersion().toString(),
            this::epoch,
            clock.instant(),
            () -> Api.checks(services, kept));
    this.api =
        new ApiServlet(
            Api.routes(
                services,
                health,
                new UserRoutes(token, link, pages, attempts),
                pages,
                Api.document()),
            new Perimeter(token, pages, attempts, names(config.allowed_hosts())),
            new Idempotency(kept, clock, IDEMPOTENT_ANSWERS, IDEMPOTENT_BYTES),
            services::ready,
            config.body_bytes(),
            PATIENCE);
  }

  private static String home(BundleContext context) {
    String home = context.getProperty("jackfield.home");
    return home == null ? "." : home;
  }

  private static Set<String> names(String[] hosts) {
    return Arrays.stream(hosts)
        .map(host -> host.strip().toLowerCase(Locale.ROOT))
        .filter(host -> !host.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  private String epoch() {
    EventLog log = services.logOrNull();
    return log == null ? "" : Long.toUnsignedString(log.epoch());
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void setSessions(SessionService service) {
    services.set(service);
  }

  void unsetSessions(SessionService service) {
    services.unset(service);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void setTransfers(TransferService service) {
    services.set(service);
  }

  void unsetTransfers(TransferService service) {
    services.unset(service);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void setProviders(ProviderService service) {
    services.set(service);
  }

  void unsetProviders(ProviderService service) {
    services.unset(service);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void setPolicies(PolicyService service) {
    services.set(service);
  }

  void unsetPolicies(PolicyService service) {
    services.unset(service);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void setHistory(HistoryService service) {
    services.set(service);
  }

  void unsetHistory(HistoryService service) {
    services.unset(service);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void setAuditTrail(AuditTrail service) {
    services.set(service);
  }

  void unsetAuditTrail(AuditTrail service) {
    services.unset(service);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void setBundles(BundleService service) {
    services.set(service);
  }

  void unsetBundles(BundleService service) {
    services.unset(service);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void setEvents(EventLog log) {
    EventShape shape = new EventShape(new SessionShape(services));
    services.follow(log, new EventStream(log, new Frames(shape::event), clock, eventStreams));
  }

  void unsetEvents(EventLog log) {
    services.unfollow(log);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY,
      updated = "setRuntime")
  void setRuntime(HttpServiceRuntime runtime, Map<String, Object> properties) {
    endpoints = texts(properties.get("osgi.http.endpoint"));
    chores.execute(() -> announce(runtime));
  }

  /** The values of a service property of type String+. */
  private static List<String> texts(@Nullable Object property) {
    if (property instanceof String[] many) {
      return List.of(many);
    }
    if (property instanceof Collection<?> many) {
      return many.stream().map(String::valueOf).toList();
    }
    return property == null ? List.of() : List.of(property.toString());
  }

  void unsetRuntime(HttpServiceRuntime runtime) {
    endpoints = List.of();
  }

  /** Tells the address as soon as the server listens and this servlet is among those it serves. */
  private void announce(HttpServiceRuntime runtime) {
    Optional<String> address = AddressFile.of(endpoints);
    if (address.isEmpty() || address.get().equals(told)) {
      return;
    }
    if (!served(runtime)) {
      var unused = chores.schedule(() -> announce(runtime), LOOK_AGAIN_MS, TimeUnit.MILLISECONDS);
      return;
    }
    try {
      link.listening(address.get());
      addressFile.write(address.get());
      told = address.get();
      LOG.info("The API is at {}/api/v1", told);
    } catch (IOException e) {
      LOG.error("Cannot write the address or the login link below data/", e);
    }
  }

  private static boolean served(HttpServiceRuntime runtime) {
    return Arrays.stream(runtime.getRuntimeDTO().servletContextDTOs)
        .flatMap(context -> Arrays.stream(context.servletDTOs))
        .flatMap(servlet -> Arrays.stream(servlet.patterns))
        .anyMatch(PATTERN::equals);
  }

  @Override
  public void init() throws ServletException {
    var unused =
        chores.scheduleWithFixedDelay(this::refresh, REFRESH_MS, REFRESH_MS, TimeUnit.MILLISECONDS);
  }

  private void refresh() {
    try {
      link.refresh();
    } catch (IOException | RuntimeException e) {
      LOG.error("Cannot renew the login link", e);
    }
  }

  @Deactivate
  void leave() {
    chores.shutdownNow();
    services.unfollow();
    try {
      addressFile.remove();
      link.close();
    } catch (IOException e) {
      LOG.warn("Cannot remove the address or the login link", e);
    }
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    api.service(request, response);
  }
}
