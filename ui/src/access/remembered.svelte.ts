// The number that was typed, on its way from one screen of the account to the next. Never in an address.

/** Empty again as soon as it has served. */
export const remembered = $state({ number: '' });
