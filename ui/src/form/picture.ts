// A chosen file on its way to the engine.

/** One byte more than the engine takes: enough for it to refuse the file by its weight. */
const ENOUGH_BYTES = 40_000_001;

/** The file's bytes, whatever they are: only the engine judges them. */
export function base64(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    let reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '');
    reader.onerror = () => reject({ code: 'photo', refusal: { code: 'broken' } });
    reader.readAsDataURL(file.slice(0, ENOUGH_BYTES));
  });
}
