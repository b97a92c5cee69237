// How a dossier of this phone is opened, and a new one begun.
import type { DraftSummary } from '../host/commands.gen';
import type { Host } from '../host/host';
import { router } from '../state/router.svelte';

/** Begins a new application. Rejects with the host's trouble. */
export async function begin(host: Host): Promise<void> {
  let { draft } = await host.call('start_draft', {});
  router.go({ name: 'form', draft, step: 'charter', fromCheck: false });
}

/** Opens a dossier where it stands. Rejects with the host's trouble. */
export async function open(host: Host, { draft, state, next_step: next }: DraftSummary): Promise<void> {
  if (state !== 'draft') return router.go({ name: state === 'accepted' ? 'card' : 'dossier', draft });
  let { steps } = await host.call('draft', { draft });
  // The next step opens above those already done, so that the way back leads through them.
  for (let step of [...steps, 'check'] as const) {
    router.go({ name: 'form', draft, step, fromCheck: false });
    if (step === next) return;
  }
}
