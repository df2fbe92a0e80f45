package org.jackfield.provider.simulated;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jackfield.api.provider.Command;
import org.jackfield.api.provider.CommandFate;
import org.jackfield.api.provider.ConfigKey;
import org.jackfield.api.provider.Handover;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.provider.ProviderReply;
import org.jackfield.api.provider.TelephonyDriver;
import org.jackfield.api.provider.TelephonyProvider;

/** A driver that is right but for the one thing that is put over it. */
class Broken implements TelephonyDriver {

  final TelephonyDriver right = new SimulatedDriver();

  /** One that tells its facts in another way. */
  static Broken facts(BiConsumer<ProviderEvent, Consumer<ProviderEvent>> tell) {
    return new Broken() {
      @Override
      public TelephonyProvider open(
          ProviderConfig config, ProviderContext context, Optional<Handover> handover) {
        return super.open(config, new Told(context, tell), handover);
      }
    };
  }

  /** One whose opened PBXs do something in another way. */
  static Broken provider(BiFunction<TelephonyProvider, ProviderContext, Provider> broken) {
    return new Broken() {
      @Override
      public TelephonyProvider open(
          ProviderConfig config, ProviderContext context, Optional<Handover> handover) {
        return broken.apply(super.open(config, context, handover), context);
      }
    };
  }

  @Override
  public List<ConfigKey> schema() {
    return right.schema();
  }

  @Override
  public ProbeReport probe(ProviderConfig config) {
    return right.probe(config);
  }

  @Override
  public TelephonyProvider open(
      ProviderConfig config, ProviderContext context, Optional<Handover> handover) {
    return right.open(config, context, handover);
  }

  private record Told(
      ProviderContext right, BiConsumer<ProviderEvent, Consumer<ProviderEvent>> tell)
      implements ProviderContext {
    @Override
    public String provider() {
      return right.provider();
    }

    @Override
    public void report(ProviderEvent event) {
      tell.accept(event, right::report);
    }

    @Override
    public void execute(Runnable task) {
      right.execute(task);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      return right.schedule(delay, task);
    }
  }

  /** A provider that is right as far as it is not put over. */
  static class Provider implements TelephonyProvider {
    final TelephonyProvider right;

    Provider(TelephonyProvider right) {
      this.right = right;
    }

    @Override
    public CompletionStage<ProviderReply> execute(Command command) {
      return right.execute(command);
    }

    @Override
    public CompletionStage<CommandFate> fate(Command command) {
      return right.fate(command);
    }

    @Override
    public void requestSnapshot() {
      right.requestSnapshot();
    }

    @Override
    public Optional<Handover> handOver() {
      return right.handOver();
    }

    @Override
    public void takeOver(Handover handover) {
      right.takeOver(handover);
    }

    @Override
    public void close() {
      right.close();
    }
  }
}
