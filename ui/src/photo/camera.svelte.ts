// The camera of this device: asked for, started, lost, given back. Every way it can fail has a name.

/** Why there is no picture to see. */
export type CameraTrouble = 'refused' | 'none' | 'busy' | 'lost';

/** `reason` says why before the system asks; `paused` while nobody looks at the page. */
export type CameraState = 'reason' | 'asking' | 'starting' | 'live' | 'paused' | CameraTrouble;

const TROUBLES: Readonly<Record<string, CameraTrouble>> = {
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotFoundError: 'none',
  OverconstrainedError: 'none',
  TypeError: 'none',
};

/** As much as it can give, whatever that is: a wish it cannot fulfil must not be a refusal. */
const WISH = { width: { ideal: 4096 }, height: { ideal: 4096 } } as const;

/** Longest wait for the first picture: a stream may come from a camera that never gives one, and nothing says so. */
const FIRST_PICTURE_MS = 8_000;

export class Camera {
  state = $state<CameraState>('reason');
  stream = $state.raw<MediaStream | null>(null);
  /** More than one to choose from. */
  isOneOfSeveral = $state(false);
  /** Shown as in a mirror: whoever looks at themselves knows no other way. */
  isMirrored = $state(true);
  /** Each start makes those before it void: their stream comes late, and is given back. */
  #turn = 0;
  #device: string | undefined;

  /** The lens that looks at the person, or away from them. */
  constructor(private readonly facing: 'user' | 'environment' = 'user') {}

  get track(): MediaStreamTrack | undefined {
    return this.stream?.getVideoTracks()[0];
  }

  /** Starts without a word where the person has agreed before. */
  async startIfAllowed(): Promise<void> {
    try {
      let { state } = await navigator.permissions.query({ name: 'camera' as PermissionName });
      if (state === 'granted' && this.state === 'reason') await this.start();
    } catch {
      // Not every engine can tell: the reason stays, and its button.
    }
  }

  async start(): Promise<void> {
    let turn = ++this.#turn;
    this.#release();
    this.state = 'asking';
    try {
      let video = { ...WISH, ...(this.#device ? { deviceId: { ideal: this.#device } } : { facingMode: this.facing }) };
      let stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
      if (turn !== this.#turn) return release(stream);
      this.#take(stream);
      await this.#countDevices();
    } catch (thrown) {
      if (turn === this.#turn) this.state = troubleOf(thrown);
    }
  }

  /** The first picture is there. */
  show(): void {
    if (this.state === 'starting') this.state = 'live';
  }

  /** The next camera, around to the first. */
  async swap(): Promise<void> {
    let ids = (await videoInputs()).map((it) => it.deviceId);
    let now = ids.indexOf(this.track?.getSettings().deviceId ?? '');
    this.#device = ids[(now + 1) % ids.length];
    await this.start();
  }

  /** Nobody looks: the light of the camera goes out, and it comes back with the page. */
  hide(isHidden: boolean): void {
    if (isHidden && ['asking', 'starting', 'live'].includes(this.state)) {
      this.stop();
      this.state = 'paused';
    } else if (!isHidden && this.state === 'paused') void this.start();
  }

  stop(): void {
    this.#turn += 1;
    this.#release();
  }

  #take(stream: MediaStream): void {
    let [track] = stream.getVideoTracks();
    let facing = track?.getSettings().facingMode;
    track?.addEventListener('ended', () => {
      if (this.stream !== stream) return;
      this.stop();
      this.state = 'lost';
    });
    this.isMirrored = facing !== 'environment';
    this.stream = stream;
    this.state = 'starting';
    let turn = this.#turn;
    setTimeout(() => {
      if (turn !== this.#turn || this.state !== 'starting') return;
      this.stop();
      this.state = 'busy';
    }, FIRST_PICTURE_MS);
  }

  #release(): void {
    let { stream } = this;
    this.stream = null;
    if (stream) release(stream);
  }

  async #countDevices(): Promise<void> {
    this.isOneOfSeveral = (await videoInputs()).length > 1;
  }
}

async function videoInputs(): Promise<MediaDeviceInfo[]> {
  try {
    return (await navigator.mediaDevices.enumerateDevices()).filter((it) => it.kind === 'videoinput');
  } catch {
    return [];
  }
}

function release(stream: MediaStream): void {
  stream.getTracks().forEach((track) => track.stop());
}

/** Whatever else an engine may throw, the camera did not start: it may be in use. */
function troubleOf(thrown: unknown): CameraTrouble {
  let name = typeof thrown === 'object' && thrown !== null && 'name' in thrown ? String(thrown.name) : '';
  return TROUBLES[name] ?? 'busy';
}

/** True where a camera can be asked for at all. */
export function canAsk(): boolean {
  // Older shells have no `mediaDevices`, whatever the types say.
  return Boolean((navigator.mediaDevices as MediaDevices | undefined)?.getUserMedia);
}
