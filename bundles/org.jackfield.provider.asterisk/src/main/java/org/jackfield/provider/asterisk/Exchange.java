package org.jackfield.provider.asterisk;

import org.jackfield.api.provider.ProviderContext;

/**
 * One Asterisk, as all see it who keep a call: what is there, what can be done, and who is told.
 * All of it is confined to the provider's executor, but for {@code turns}, by which any thread gets
 * there.
 */
record Exchange(Calls calls, Picture picture, Steps steps, ProviderContext context, Turns turns) {}
