// How this person likes the camera, until the app is closed.

class Preferences {
  /** The photo takes itself when all is good. */
  isAutomatic = $state(true);
  /** The screen gives light. */
  isLit = $state(false);
}

export const preferences = new Preferences();
