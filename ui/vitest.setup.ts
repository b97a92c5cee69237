import { configure } from '@testing-library/svelte';

// What a window has and jsdom has not: scrolling, which no test looks at.
window.scrollTo = () => {};
Element.prototype.scrollIntoView = () => {};

// The first test of a screen that comes apart waits for its code, on a machine that does other things too.
configure({ asyncUtilTimeout: 4_000 });
