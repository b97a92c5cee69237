// The stock tus client: photos, some at a time.
import { createHash, randomBytes } from 'node:crypto';
import { Upload } from 'tus-js-client';
import { perform, since } from './task.mjs';

await perform({
  async photos({ address, count, bytes, flying }) {
    let waiting = Array.from({ length: count }, () => randomBytes(bytes));
    let send = (photo) =>
      new Promise((done, failed) => {
        // tus has no name for what is sent; a phone would compute it all the same.
        let metadata = { sha256: createHash('sha256').update(photo).digest('hex') };
        new Upload(photo, { endpoint: `${address}/files`, uploadSize: photo.length, metadata, retryDelays: null, onSuccess: done, onError: failed }).start();
      });
    let begun = performance.now();
    await Promise.all(
      Array.from({ length: flying }, async () => {
        while (waiting.length) await send(waiting.pop());
      }),
    );
    return { wall: since(begun) / 1000 };
  },
});
