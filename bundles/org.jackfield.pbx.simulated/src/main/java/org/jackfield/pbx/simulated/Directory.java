package org.jackfield.pbx.simulated;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The phones: 1000 to 1999 and, for a big PBX, more from 20000 on; and five with fixed habits. */
final class Directory {

  private static final Pattern DIALLABLE = Pattern.compile("[0-9*#+]{1,32}");
  private static final List<String> FIRST =
      List.of(
          "Ada", "Bao", "Carla", "Dmitri", "Esra", "Femi", "Greta", "Hiro", "Inés", "Jonas", "Kofi",
          "Leïla", "Mina", "Nuno", "Olga", "Priya", "Quentin", "Rosa", "Sven", "Tala", "Uma",
          "Viktor", "Wanda", "Yara", "Zoë");
  private static final List<String> LAST =
      List.of(
          "Almeida",
          "Berg",
          "Costa",
          "Dubois",
          "Eriksen",
          "Fischer",
          "García",
          "Haddad",
          "Ivanov",
          "Jansen",
          "Kowalski",
          "Lindqvist",
          "Moreau",
          "Nakamura",
          "Okafor",
          "Papadakis",
          "Quiroga",
          "Rossi",
          "Şahin",
          "Tanaka",
          "Urban",
          "Varga",
          "Weiss",
          "Yilmaz",
          "Zhang");

  static final int ORDINARY = 1000;

  private final Map<String, Phone> byAddress = new LinkedHashMap<>();
  private final List<Phone> ordinary;

  /**
   * @param phones how many ordinary phones; 0 is 1000
   */
  Directory(int phones, RandomGenerator random) {
    for (int i = 0; i < (phones == 0 ? ORDINARY : phones); i++) {
      String address = String.valueOf(i < ORDINARY ? 1000 + i : 20000 + i - ORDINARY);
      add(new Phone(address, name(random), 1, Control.Behaviour.ANSWERS));
    }
    ordinary = List.copyOf(byAddress.values());
    add(new Phone("6001", "Always Free", Integer.MAX_VALUE, Control.Behaviour.ANSWERS));
    add(new Phone("6002", "Always Busy", 1, Control.Behaviour.BUSY));
    add(new Phone("6003", "Rings For Ever", Integer.MAX_VALUE, Control.Behaviour.RINGS));
    add(new Phone("6004", "Declines", Integer.MAX_VALUE, Control.Behaviour.DECLINES));
  }

  private static String name(RandomGenerator random) {
    return FIRST.get(random.nextInt(FIRST.size())) + " " + LAST.get(random.nextInt(LAST.size()));
  }

  private void add(Phone phone) {
    byAddress.put(phone.address, phone);
  }

  /**
   * Digits, star, hash and plus, up to 32 of them. Whether anybody has the number is told later.
   */
  static boolean canBeDialled(@Nullable String address) {
    return address != null && DIALLABLE.matcher(address).matches();
  }

  @Nullable Phone find(String address) {
    return byAddress.get(address);
  }

  Collection<Phone> all() {
    return byAddress.values();
  }

  /** Phones that people have on their desks. */
  List<Phone> ordinary() {
    return ordinary;
  }
}
