package org.jackfield.core.run;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The newest entries of a map, so many and no more. Any thread. */
public final class Recent<K, V> {
  private final Map<K, V> entries;

  public Recent(int capacity) {
    entries =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > capacity;
          }
        };
  }

  public synchronized void put(K key, V value) {
    entries.put(key, value);
  }

  public synchronized Optional<V> get(K key) {
    return Optional.ofNullable(entries.get(key));
  }

  public synchronized void remove(K key) {
    entries.remove(key);
  }
}
