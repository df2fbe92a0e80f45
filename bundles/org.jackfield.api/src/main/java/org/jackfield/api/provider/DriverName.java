package org.jackfield.api.provider;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * The service properties that describe a {@link TelephonyDriver}. The build writes the same into
 * the manifest, so that what a driver declares is known before any of its classes is loaded.
 */
@ComponentPropertyType
@Capability(
    namespace = "org.jackfield.driver",
    attribute = {
      "name=\"${#name}\"",
      "operations:List<String>=\"${#operations}\"",
      "traits:List<String>=\"${#traits}\""
    })
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface DriverName {
  /** The common beginning of the properties' names. */
  String PREFIX_ = "org.jackfield.driver.";

  /**
   * The name by which {@code driver=} in a provider's configuration chooses it: {@code asterisk}.
   */
  String name();

  /** The most that it can ever do: names of {@link org.jackfield.api.capability.Operation}. */
  String[] operations() default {};

  /** How it does it: names of {@link org.jackfield.api.capability.Trait}. */
  String[] traits() default {};
}
