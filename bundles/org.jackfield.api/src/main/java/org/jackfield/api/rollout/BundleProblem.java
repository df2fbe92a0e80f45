package org.jackfield.api.rollout;

import java.util.Locale;

/** Why a JAR is refused; docs/deploying.md has a row for each. */
public enum BundleProblem {
  // what was received
  NOT_A_JAR,
  TOO_LARGE,
  TOO_MANY_ENTRIES,
  ZIP_BOMB,
  PATH_ESCAPE,
  DUPLICATE_ENTRY,
  HIDDEN_DATA,
  NESTED_ARCHIVE,
  // its manifest
  BAD_MANIFEST,
  FRAGMENT,
  BUNDLE_CLASS_PATH,
  DYNAMIC_IMPORT,
  NATIVE_CODE,
  BAD_ACTIVATOR,
  // its signature
  UNSIGNED,
  ALTERED,
  EXTRA_ENTRY,
  SEVERAL_SIGNERS,
  WRONG_SIGNER,
  EXPIRED,
  NOT_YET_VALID,
  REVOKED,
  WEAK_ALGORITHM,
  // its version
  RESERVED_NAME,
  DOWNGRADED,
  BELOW_MINIMUM,
  SAME_VERSION,
  // what it wants and brings
  FORBIDDEN_IMPORT,
  SPLIT_PACKAGE,
  API_RANGE,
  UNRESOLVED,
  DRIVER_TAKEN,
  BAD_CAPABILITIES,
  CAPABILITY_NEEDED;

  /** The name used in JSON, the audit and the documents: {@code wrong-signer}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
