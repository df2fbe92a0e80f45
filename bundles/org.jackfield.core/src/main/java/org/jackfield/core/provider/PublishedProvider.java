package org.jackfield.core.provider;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.provider.TelephonyProvider;
import org.jackfield.api.session.Reason;
import org.jackfield.core.session.ProviderLink;

/** An opened PBX as other bundles may use it: on its own executor, and not to be closed. */
final class PublishedProvider implements TelephonyProvider {
  private final OpenedProvider opened;

  PublishedProvider(OpenedProvider opened) {
    this.opened = opened;
  }

  /** What its service says of it. */
  static Map<String, Object> properties(OpenedProvider opened, Capabilities capabilities) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("org.jackfield.provider.name", opened.provider());
    properties.put("org.jackfield.driver.name", opened.driver().name());
    properties.put("org.jackfield.driver.version", opened.driver().version().toString());
    properties.put(
        "org.jackfield.provider.operations",
        capabilities.operationSet().stream().map(Operation::text).toArray(String[]::new));
    properties.put(
        "org.jackfield.provider.traits",
        capabilities.traitSet().stream().map(Trait::text).toArray(String[]::new));
    return properties;
  }

  @Override
  public CompletionStage<ProviderReply> execute(Command command) {
    CompletableFuture<ProviderReply> reply = new CompletableFuture<>();
    opened.send(
        command,
        result ->
            reply.complete(
                switch (result) {
                  case ProviderLink.CommandResult.Replied replied -> replied.reply();
                  case ProviderLink.CommandResult.FateUnknown unknown ->
                      ProviderReply.Refused.of(Reason.REFUSED_BY_PBX, unknown.why());
                }));
    return reply;
  }

  @Override
  public void requestSnapshot() {
    opened.requestSnapshot();
  }

  /** Only who opened it closes it. */
  @Override
  public void close() {
    throw new UnsupportedOperationException("only the server closes a PBX that it has opened");
  }
}
