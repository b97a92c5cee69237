// A stand for tests: a tablet whose mode follows from what is asked, as the engine's does.
import type { AgentView, CodeView, FinishedView, LineView, StandMode, StandView } from './commands.gen';
import { fakeHost, type Answers, type FakeHost } from './fake';
import { draftView, homeView, KEPT_AT } from './fake-views';

export const PIN = '271828';
export const NADIA: AgentView = { id: 'nadia', name: 'Nadia', locked: false };
export const KARIM: AgentView = { id: 'karim', name: 'Karim', locked: false };

const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>';
const code = (text: string): CodeView => ({ code: text, code_svg: svg, until_ms: null });

export function standView(about: Partial<StandView> = {}): StandView {
  return {
    set_up: { event: 'Forum des lycées', place: 'Aurillac', first_day: '2026-11-28', last_day: '2026-12-01', tablet: 'Tablette 1', cards_left: 300 },
    mode: { name: 'agent', agent: NADIA.id },
    agents: [NADIA, KARIM],
    unsent: 0,
    today: 0,
    delivered: 0,
    stuck: 0,
    open_drafts: 0,
    sending: null,
    problems: [],
    ...about,
  };
}

export function finishedView(about: Partial<FinishedView> = {}): FinishedView {
  return { number: '4K7Q-2MZ9-CT5', finished_at_ms: KEPT_AT, claim: code('PRC1:X'), card: { code: code('PR1:Y'), expires_on: '2026-12-22' }, pdf: '', unsent: 1, ...about };
}

export function lineView(about: Partial<LineView> = {}): LineView {
  return { line: 1, number: '4K7Q-2MZ9-CT5', initials: 'LM', finished_at_ms: KEPT_AT, agent: 'Nadia', state: 'sealed', redone: false, ...about };
}

/** A tablet in this state; what a test is about it answers itself. */
export function standHost(start: Partial<StandView> = {}, answers: Answers = {}): { host: FakeHost; now: () => StandView } {
  let view = standView(start);
  let become = (mode: StandMode) => (view = { ...view, mode });
  let tries = 0;
  let opens = (agent: string, pin: string) => {
    if (pin === PIN) return void (tries = 0);
    tries += 1;
    if (tries < 5) throw { code: 'stand', refusal: { why: 'wrong_pin', left: 5 - tries } };
    view = { ...view, agents: view.agents.map((it) => (it.id === agent ? { ...it, locked: true } : it)) };
    throw { code: 'stand', refusal: { why: 'locked' } };
  };
  let draft = { ...draftView(), steps: ['charter', 'identity'] as const };
  let host = fakeHost({
    home: () => homeView(),
    stand: () => view,
    stand_drafts: () => [],
    stand_alike: () => [],
    charter: () => ({ version: '1', title: 'Charte', text: 'Tu respectes les règles.', hash: 'ab' }),
    draft: () => ({ ...draft, steps: [...draft.steps] }),
    stand_sign_in: ({ agent, pin }) => (opens(agent, pin), become({ name: 'agent', agent })),
    stand_sign_out: () => become({ name: 'closed' }),
    stand_start: () => ({ ...draft, steps: [...draft.steps] }),
    stand_student: (asked) => (become({ name: 'student', draft: asked.draft }), draftView()),
    stand_check: (asked) => (become({ name: 'checking', draft: asked.draft }), draftView()),
    stand_shield: () => become({ name: 'shielded', draft: 'd1' }),
    stand_resume: ({ agent, pin, check }) => (opens(agent, pin), become({ name: check ? 'checking' : 'student', draft: 'd1' }), draftView()),
    stand_finish: () => (become({ name: 'finished' }), finishedView()),
    stand_close: () => become({ name: 'agent', agent: NADIA.id }),
    stand_set_up: () => {
      view = standView({ mode: { name: 'closed' }, agents: [] });
      return view;
    },
    stand_add_agent: ({ name }) => {
      view = { ...view, agents: [...view.agents, { id: name, name, locked: false }], mode: { name: 'agent', agent: name } };
      return view;
    },
    ...answers,
  });
  return { host, now: () => view };
}
