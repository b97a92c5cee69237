// A portrait that is in nobody's way: an astronaut before a wall, by NASA, free of rights.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The file as it is. */
export function astronaut(): Buffer {
  return readFileSync(join(import.meta.dirname, '../../tests/pictures/astronaut.jpg'));
}
