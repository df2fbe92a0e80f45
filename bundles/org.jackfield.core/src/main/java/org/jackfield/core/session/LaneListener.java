package org.jackfield.core.session;

import org.jackfield.api.provider.AddressInfo;
import org.jackfield.api.provider.ProviderEvent;
import org.jackfield.api.session.Cause;

/** Whoever opened the PBX of a lane; called on the lane. */
public interface LaneListener {
  void linkUp(ProviderLink link, ProviderEvent.LinkUp event);

  void linkDown(ProviderLink link, Cause cause);

  /** The first picture since the link came up, or a later one, has been applied. */
  void snapshotTaken(ProviderLink link);

  void addressChanged(AddressInfo address);
}
