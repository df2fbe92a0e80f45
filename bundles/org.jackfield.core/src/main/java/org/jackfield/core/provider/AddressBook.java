package org.jackfield.core.provider;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jackfield.api.provider.AddressInfo;
import org.jackfield.api.session.Address;

/** The addresses of one PBX, found by the beginning of address or name. Written by its lane. */
final class AddressBook {
  private static final int CAPACITY = 100_000;

  private final ConcurrentSkipListMap<String, AddressInfo> byText = new ConcurrentSkipListMap<>();
  private final AtomicInteger size = new AtomicInteger();

  void put(AddressInfo info) {
    AddressInfo before = byText.get(key(info.address().value(), info.address()));
    if (before == null) {
      if (size.get() >= CAPACITY) {
        return;
      }
      size.incrementAndGet();
    } else if (!before.name().isEmpty()) {
      byText.remove(key(before.name(), before.address()));
    }
    byText.put(key(info.address().value(), info.address()), info);
    if (!info.name().isEmpty()) {
      byText.put(key(info.name(), info.address()), info);
    }
  }

  private static String key(String text, Address address) {
    return text.toLowerCase(Locale.ROOT) + "\0" + address.value();
  }

  List<AddressInfo> find(String prefix, int limit) {
    String lower = prefix.toLowerCase(Locale.ROOT);
    Map<Address, AddressInfo> found = new LinkedHashMap<>();
    for (Map.Entry<String, AddressInfo> entry : byText.tailMap(lower).entrySet()) {
      if (found.size() >= limit || !entry.getKey().startsWith(lower)) {
        break;
      }
      found.putIfAbsent(entry.getValue().address(), entry.getValue());
    }
    return List.copyOf(found.values());
  }
}
