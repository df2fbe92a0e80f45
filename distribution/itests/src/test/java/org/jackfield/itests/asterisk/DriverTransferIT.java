package org.jackfield.itests.asterisk;

import org.jackfield.provider.asterisk.AsteriskDriver;

/** The driver alone, on a real Asterisk. */
class DriverTransferIT extends TransferScenarios {
  @Override
  Mover mover(AsteriskLab lab) {
    return new DriverMover(new AsteriskDriver(), config(lab));
  }
}
