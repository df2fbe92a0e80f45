package org.jackfield.journal;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;

/** What is known of a class of records. */
record Shape(
    SerializableString name,
    List<SerializableString> names,
    List<Type> types,
    List<Method> accessors,
    Constructor<?> constructor,
    boolean isTagged,
    boolean isBare) {

  private static final ClassValue<Shape> SHAPES =
      new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
          return make(type);
        }
      };

  static Shape of(Class<?> type) {
    return SHAPES.get(type);
  }

  private static Shape make(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    boolean tagged = isOfSealed(type);
    try {
      return new Shape(
          new SerializedString(type.getSimpleName()),
          Arrays.stream(components).map(Shape::name).toList(),
          Arrays.stream(components).map(RecordComponent::getGenericType).toList(),
          Arrays.stream(components).map(Shape::accessor).toList(),
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new)),
          tagged,
          !tagged && components.length == 1);
    } catch (NoSuchMethodException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static SerializableString name(RecordComponent component) {
    return new SerializedString(component.getName());
  }

  /** Components are public; to have that looked at for each value takes longer than to read it. */
  private static Method accessor(RecordComponent component) {
    Method accessor = component.getAccessor();
    accessor.setAccessible(true);
    return accessor;
  }

  private static boolean isOfSealed(Class<?> type) {
    return Arrays.stream(type.getInterfaces()).anyMatch(Class::isSealed);
  }
}
