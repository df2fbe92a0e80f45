package org.jackfield.provider.asterisk;

import java.util.List;
import java.util.Optional;
import org.jackfield.api.capability.Capabilities;
import org.jackfield.api.capability.Limits;
import org.jackfield.api.capability.Operation;
import org.jackfield.api.capability.Trait;
import org.jackfield.api.provider.ConfigKey;
import org.jackfield.api.provider.DriverName;
import org.jackfield.api.provider.Handover;
import org.jackfield.api.provider.ProbeReport;
import org.jackfield.api.provider.ProviderConfig;
import org.jackfield.api.provider.ProviderContext;
import org.jackfield.api.provider.TelephonyDriver;
import org.jackfield.api.provider.TelephonyProvider;
import org.osgi.service.component.annotations.Component;

/** Opens an Asterisk 22 or newer through ARI and AMI. */
@Component
@DriverName(
    name = "asterisk",
    operations = {
      "makeCall",
      "hold",
      "retrieve",
      "alternate",
      "blindTransfer",
      "consult",
      "dial",
      "oneStepConsult",
      "complete",
      "conference",
      "redirect",
      "recall",
      "clear"
    },
    traits = {
      "transferNorm",
      "transferConf",
      "transferHeld",
      "transferMake",
      "earlyComplete",
      "releaseOnAnswer",
      "enBlocDial"
    })
public final class AsteriskDriver implements TelephonyDriver {
  static final Capabilities DECLARED =
      Capabilities.of(
              List.of(
                  Operation.MAKE_CALL,
                  Operation.HOLD,
                  Operation.RETRIEVE,
                  Operation.ALTERNATE,
                  Operation.BLIND_TRANSFER,
                  Operation.CONSULT,
                  Operation.DIAL,
                  Operation.ONE_STEP_CONSULT,
                  Operation.COMPLETE,
                  Operation.CONFERENCE,
                  Operation.REDIRECT,
                  Operation.RECALL,
                  Operation.CLEAR),
              List.of(
                  Trait.TRANSFER_NORM,
                  Trait.TRANSFER_CONF,
                  Trait.TRANSFER_HELD,
                  Trait.TRANSFER_MAKE,
                  Trait.EARLY_COMPLETE,
                  Trait.RELEASE_ON_ANSWER,
                  Trait.EN_BLOC_DIAL))
          .withLimits(new Limits(1, 1, 3));

  @Override
  public List<ConfigKey> schema() {
    return Settings.SCHEMA;
  }

  @Override
  public ProbeReport probe(ProviderConfig config) {
    return Probe.of(Settings.of(config));
  }

  @Override
  public TelephonyProvider open(
      ProviderConfig config, ProviderContext context, Optional<Handover> handover) {
    var provider = new AsteriskProvider(Settings.of(config), context);
    provider.open();
    return provider;
  }
}
