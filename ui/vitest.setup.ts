// What a window has and jsdom has not: scrolling, which no test looks at.
window.scrollTo = () => {};
Element.prototype.scrollIntoView = () => {};
