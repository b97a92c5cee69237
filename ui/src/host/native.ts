// What only the shell has, loaded when it is first asked for.
export { deviceLock } from './device-lock';
export { saveBy } from './saving';
export { codeScanner } from './scanner';
