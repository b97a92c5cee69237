// How one figure is printed.

/** One line: ours beside a peer's, and the goal. Without a peer its part is null. */
export function figure({ name, ours, unit, peer = null, peerValue = null, goal }) {
  let round = (value) => (value === null ? null : Math.round(value * 1000) / 1000);
  let ratio = peerValue ? round(ours / peerValue) : null;
  console.log(JSON.stringify({ name, ours: round(ours), unit, peer, peer_value: round(peerValue), ratio, goal }));
}

/** The middle one. */
export function median(values) {
  let sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}
