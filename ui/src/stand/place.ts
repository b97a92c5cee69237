// Where an agent is at the stand; nothing of it stands in an address.

export type Place = { name: 'home' | 'list' | 'ready' | 'evening' | 'add' | 'take' } | { name: 'hand' | 'give'; draft: string };
