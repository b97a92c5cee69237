// The sound and the shake of a verdict: told apart without looking.
import type { Colour } from '../host/commands.gen';

/** Notes in Hz, each this long. */
const NOTE_S = 0.13;
const SOUNDS: Record<Colour, { notes: readonly number[]; shake: readonly number[] }> = {
  green: { notes: [660, 990], shake: [60] },
  orange: { notes: [520, 520], shake: [60, 80, 60] },
  red: { notes: [220, 165, 165], shake: [300] },
  grey: { notes: [330], shake: [40, 60, 40, 60, 40] },
};

export class Signal {
  #sound: AudioContext | null = null;

  /** To be called where a person has just pressed something. */
  prepare(): void {
    if (this.#sound || !('AudioContext' in window)) return;
    this.#sound = new AudioContext();
  }

  give(colour: Colour): void {
    let { notes, shake } = SOUNDS[colour];
    // Not every engine has it, and none must fail for it.
    if ('vibrate' in navigator) navigator.vibrate([...shake]);
    let sound = this.#sound;
    if (!sound) return;
    notes.forEach((pitch, at) => {
      let [tone, volume] = [sound.createOscillator(), sound.createGain()];
      let start = sound.currentTime + at * NOTE_S;
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.2, start);
      volume.gain.exponentialRampToValueAtTime(0.001, start + NOTE_S);
      tone.connect(volume).connect(sound.destination);
      tone.start(start);
      tone.stop(start + NOTE_S);
    });
  }
}
