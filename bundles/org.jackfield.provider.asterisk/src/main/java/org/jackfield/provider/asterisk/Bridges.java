package org.jackfield.provider.asterisk;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The two bridges of a kept call: one to talk in, and one with music for those who wait. Confined
 * to the provider's executor.
 */
final class Bridges {
  /** The name of the one to talk in. */
  final String talk;

  /** The name of the one with music. */
  final String music;

  private final Picture picture;
  private final Steps steps;

  Bridges(String talk, String music, Exchange exchange) {
    this.talk = talk;
    this.music = music;
    this.picture = exchange.picture();
    this.steps = exchange.steps();
  }

  CompletableFuture<Void> make() {
    return makeTalk()
        .thenCompose(done -> steps.rooms().make(music, "holding"))
        .thenCompose(done -> steps.music(music));
  }

  CompletableFuture<Void> makeTalk() {
    return steps.rooms().make(talk, "mixing");
  }

  /** Another instance has made them. */
  void adopt() {
    steps.rooms().adopt(talk);
    steps.rooms().adopt(music);
  }

  void remove() {
    removeTalk();
    removeMusic();
  }

  void removeTalk() {
    steps.rooms().remove(talk);
  }

  void removeMusic() {
    steps.rooms().remove(music);
  }

  CompletableFuture<Void> intoTalk(String... handles) {
    return steps.into(talk, handles);
  }

  CompletableFuture<Void> intoMusic(String handle) {
    return steps.into(music, handle);
  }

  boolean isInTalk(@Nullable String handle) {
    return picture.isIn(handle, talk);
  }

  boolean isInMusic(@Nullable String handle) {
    return picture.isIn(handle, music);
  }
}
