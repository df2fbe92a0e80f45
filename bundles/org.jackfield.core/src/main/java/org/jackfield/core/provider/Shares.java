package org.jackfield.core.provider;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jackfield.api.provider.DriverShares;
import org.jackfield.api.provider.ShareProgress;

/** Brings who leads a rollout to the PBXs that it is about. */
final class Shares implements DriverShares {
  private final ProviderHost host;

  Shares(ProviderHost host) {
    this.host = host;
  }

  @Override
  public void reserve(String bundle, String version, Set<String> providers) {
    host.theDrivers().reserve(bundle, version, providers);
    hasCome(bundle, version);
  }

  @Override
  public void release(String bundle, String version) {
    host.theDrivers().release(bundle, version);
    hasCome(bundle, version);
  }

  /** For those that may choose it now. */
  private void hasCome(String bundle, String version) {
    host.theDrivers()
        .find(bundle, version)
        .ifPresent(d -> host.run(() -> host.slots().forEach(s -> s.driverCame(d.driver()))));
  }

  @Override
  public CompletionStage<List<Candidate>> candidates(String bundle, String version) {
    CompletableFuture<List<Candidate>> answer = new CompletableFuture<>();
    host.run(
        () ->
            answer.complete(
                host.theDrivers().find(bundle, version).stream()
                    .flatMap(d -> host.slots().stream().flatMap(s -> s.led().candidate(d).stream()))
                    .sorted(Comparator.comparing(Candidate::provider))
                    .toList()));
    return answer;
  }

  @Override
  public CompletionStage<Optional<String>> begin(String provider, String bundle, String version) {
    CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
    host.run(
        () -> {
          Optional<Drivers.Driver> driver = host.theDrivers().find(bundle, version);
          Optional<Slot> slot = host.slot(provider);
          if (driver.isEmpty() || slot.isEmpty()) {
            answer.complete(Optional.of("the PBX or the version is not there"));
          } else {
            slot.get().led().begin(driver.get(), answer);
          }
        });
    return answer;
  }

  @Override
  public void share(String provider, int percent) {
    host.run(() -> host.slot(provider).ifPresent(slot -> slot.led().share(percent)));
  }

  @Override
  public CompletionStage<Optional<ShareProgress>> progress(String provider) {
    return of(provider, Optional.empty(), LedSlot::progress);
  }

  @Override
  public CompletionStage<Optional<String>> finish(String provider, boolean release) {
    return of(provider, Optional.of("it is gone"), (slot, answer) -> slot.finish(release, answer));
  }

  @Override
  public CompletionStage<Void> takeBack(String provider, String why) {
    CompletableFuture<Void> answer = new CompletableFuture<>();
    host.run(
        () ->
            host.slot(provider)
                .ifPresentOrElse(
                    slot -> slot.led().takeBack(why, answer), () -> answer.complete(null)));
    return answer;
  }

  @Override
  public CompletionStage<Void> drain(String bundle, String version, String why) {
    host.theDrivers().drain(bundle, version, why);
    CompletableFuture<Void> answer = new CompletableFuture<>();
    host.run(
        () ->
            ProviderHost.allOf(host.slots().stream().map(Slot::drainingChanged).toList())
                .whenComplete((done, bug) -> answer.complete(null)));
    return answer;
  }

  @Override
  public void drainNoMore(String bundle, String version) {
    host.theDrivers().drainNoMore(bundle, version);
    host.run(() -> host.slots().forEach(Slot::drainingChanged));
  }

  @Override
  public CompletionStage<Map<String, OptionalInt>> left(String bundle, String version) {
    CompletableFuture<Map<String, OptionalInt>> answer = new CompletableFuture<>();
    host.run(
        () -> {
          Map<String, CompletableFuture<OptionalInt>> each = new HashMap<>();
          host.theDrivers()
              .find(bundle, version)
              .ifPresent(
                  driver -> host.slots().forEach(s -> s.left(driver, l -> each.put(s.name(), l))));
          ProviderHost.allOf(List.copyOf(each.values()))
              .whenComplete(
                  (done, bug) -> {
                    Map<String, OptionalInt> left = new HashMap<>();
                    each.forEach((provider, count) -> left.put(provider, count.join()));
                    answer.complete(left);
                  });
        });
    return answer;
  }

  private <T> CompletionStage<T> of(
      String provider, T ifGone, BiConsumer<LedSlot, CompletableFuture<T>> ask) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    host.run(
        () ->
            host.slot(provider)
                .ifPresentOrElse(
                    slot -> ask.accept(slot.led(), answer), () -> answer.complete(ifGone)));
    return answer;
  }
}
