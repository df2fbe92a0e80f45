package org.jackfield.core.session;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;

/**
 * A list of sessions in the order in which they started: sorted pieces that are replaced whole, so
 * that an entry takes some ten bytes and readers need no lock. One writer at a time; any number of
 * readers, who meet each session that is in the list all the while exactly once.
 */
final class StartOrder {
  /** The place before all others. */
  static final long BEGIN = 0;

  private static final int PIECE = 64;

  private final ConcurrentSkipListMap<Long, Piece> pieces = new ConcurrentSkipListMap<>();
  private volatile int size;

  /** A piece, under the least place that it may have; places are told by their distance to it. */
  private record Piece(long first, int[] places, LiveSession[] sessions) {
    int indexOf(long order) {
      long distance = order - first;
      if (distance > Integer.MAX_VALUE) {
        return -places.length - 1;
      }
      return distance < 0 ? -1 : Arrays.binarySearch(places, (int) distance);
    }

    Piece with(int at, long order, LiveSession session) {
      int[] newPlaces = new int[places.length + 1];
      LiveSession[] newSessions = new LiveSession[sessions.length + 1];
      System.arraycopy(places, 0, newPlaces, 0, at);
      System.arraycopy(sessions, 0, newSessions, 0, at);
      newPlaces[at] = (int) (order - first);
      newSessions[at] = session;
      System.arraycopy(places, at, newPlaces, at + 1, places.length - at);
      System.arraycopy(sessions, at, newSessions, at + 1, sessions.length - at);
      return new Piece(first, newPlaces, newSessions);
    }

    Piece without(int at) {
      int[] newPlaces = new int[places.length - 1];
      LiveSession[] newSessions = new LiveSession[sessions.length - 1];
      System.arraycopy(places, 0, newPlaces, 0, at);
      System.arraycopy(sessions, 0, newSessions, 0, at);
      System.arraycopy(places, at + 1, newPlaces, at, newPlaces.length - at);
      System.arraycopy(sessions, at + 1, newSessions, at, newSessions.length - at);
      return new Piece(first, newPlaces, newSessions);
    }

    Piece upTo(int end) {
      return new Piece(first, Arrays.copyOf(places, end), Arrays.copyOf(sessions, end));
    }

    Piece from(int begin) {
      long second = first + places[begin];
      int[] newPlaces = new int[places.length - begin];
      for (int i = 0; i < newPlaces.length; i++) {
        newPlaces[i] = (int) (first + places[begin + i] - second);
      }
      return new Piece(second, newPlaces, Arrays.copyOfRange(sessions, begin, sessions.length));
    }
  }

  private static Piece single(LiveSession session) {
    return new Piece(session.order(), new int[] {0}, new LiveSession[] {session});
  }

  int size() {
    return size;
  }

  /** Adds a session, unless it is in the list. */
  void add(LiveSession session) {
    long order = session.order();
    Map.Entry<Long, Piece> entry = pieces.floorEntry(order);
    if (entry == null || order - entry.getKey() > Integer.MAX_VALUE) {
      pieces.put(order, single(session));
      size = size + 1;
      return;
    }
    Piece piece = entry.getValue();
    int at = piece.indexOf(order);
    if (at >= 0) {
      return;
    }
    size = size + 1;
    at = -at - 1;
    if (piece.places.length < PIECE) {
      pieces.put(piece.first, piece.with(at, order, session));
    } else if (at == PIECE) {
      // Most come at the end: so pieces are full.
      pieces.put(order, single(session));
    } else {
      split(piece.with(at, order, session));
    }
  }

  /** The second half first: a reader may meet it twice, and never misses it. */
  private void split(Piece piece) {
    Piece second = piece.from(PIECE / 2);
    pieces.put(second.first, second);
    pieces.put(piece.first, piece.upTo(PIECE / 2));
  }

  /** Takes a session out, if it is in. */
  void remove(LiveSession session) {
    Map.Entry<Long, Piece> entry = pieces.floorEntry(session.order());
    if (entry == null) {
      return;
    }
    Piece piece = entry.getValue();
    int at = piece.indexOf(session.order());
    if (at >= 0) {
      size = size - 1;
      if (piece.places.length == 1) {
        pieces.remove(piece.first);
      } else {
        pieces.put(piece.first, piece.without(at));
      }
    }
  }

  /** Shows those behind a place from {@link #BEGIN}, in order, until {@code each} has enough. */
  void after(long place, Predicate<LiveSession> each) {
    Map.Entry<Long, Piece> entry = pieces.floorEntry(place);
    if (entry == null) {
      entry = pieces.firstEntry();
    }
    long last = place;
    while (entry != null) {
      Piece piece = entry.getValue();
      int at = piece.indexOf(last);
      for (int i = at < 0 ? -at - 1 : at + 1; i < piece.sessions.length; i++) {
        if (!each.test(piece.sessions[i])) {
          return;
        }
        last = piece.first + piece.places[i];
      }
      entry = pieces.higherEntry(entry.getKey());
    }
  }
}
