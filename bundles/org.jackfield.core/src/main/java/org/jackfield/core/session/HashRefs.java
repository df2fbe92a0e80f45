package org.jackfield.core.session;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * References by the hash of a key that they know themselves, open addressed: 12 to 24 bytes for
 * each, where a map with its nodes and its keys takes a hundred and more. One thread.
 */
final class HashRefs<V> {
  private static final int SMALLEST = 16;

  private int[] hashes = new int[SMALLEST];
  private @Nullable Object[] values = new @Nullable Object[SMALLEST];
  private int size;

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Adds one; what has the same hash stays beside it. */
  void add(int hash, V value) {
    if ((size + 1) * 3L > values.length * 2L) {
      resize(values.length * 2);
    }
    put(hash, value);
    size++;
  }

  private void put(int hash, Object value) {
    int mask = values.length - 1;
    int at = spread(hash) & mask;
    while (values[at] != null) {
      at = at + 1 & mask;
    }
    hashes[at] = hash;
    values[at] = value;
  }

  /** Takes this one out, if it is in under this hash, and tells whether it was. */
  boolean remove(int hash, V value) {
    int mask = values.length - 1;
    for (int at = spread(hash) & mask; values[at] != null; at = at + 1 & mask) {
      if (values[at] == value && hashes[at] == hash) {
        close(at);
        size--;
        if (values.length > SMALLEST && size * 6L < values.length) {
          resize(values.length / 2);
        }
        return true;
      }
    }
    return false;
  }

  /** Moves up what was put behind a place only because that was taken. */
  private void close(int gap) {
    int mask = values.length - 1;
    int hole = gap;
    for (int at = gap + 1 & mask; values[at] != null; at = at + 1 & mask) {
      int home = spread(hashes[at]) & mask;
      if ((at - home & mask) >= (at - hole & mask)) {
        hashes[hole] = hashes[at];
        values[hole] = values[at];
        hole = at;
      }
    }
    values[hole] = null;
  }

  private void resize(int capacity) {
    int[] oldHashes = hashes;
    @Nullable Object[] old = values;
    hashes = new int[capacity];
    values = new @Nullable Object[capacity];
    for (int i = 0; i < old.length; i++) {
      Object value = old[i];
      if (value != null) {
        put(oldHashes[i], value);
      }
    }
  }

  private static int spread(int hash) {
    int mixed = hash * 0x9E3779B9;
    return mixed ^ mixed >>> 16;
  }

  /** The first with this hash of which it holds, or null. */
  @SuppressWarnings("unchecked")
  @Nullable V find(int hash, Predicate<? super V> is) {
    int mask = values.length - 1;
    for (int at = spread(hash) & mask; values[at] != null; at = at + 1 & mask) {
      if (hashes[at] == hash) {
        V value = (V) values[at];
        if (value != null && is.test(value)) {
          return value;
        }
      }
    }
    return null;
  }

  /** All with this hash of which it holds, in no order. */
  List<V> all(int hash, Predicate<? super V> is) {
    List<V> found = new ArrayList<>(2);
    find(
        hash,
        value -> {
          if (is.test(value)) {
            found.add(value);
          }
          return false;
        });
    return found;
  }

  /** Each with this hash, in no order; the table must not be changed meanwhile. */
  void forEach(int hash, Consumer<? super V> each) {
    find(
        hash,
        value -> {
          each.accept(value);
          return false;
        });
  }

  /** Each of them, in no order; the table must not be changed meanwhile. */
  @SuppressWarnings("unchecked")
  void forEach(Consumer<? super V> each) {
    for (Object value : values) {
      if (value != null) {
        each.accept((V) value);
      }
    }
  }
}
