/**
 * The first key that stands twice in one object of a valid JSON text, or null. JSON.parse keeps the last one without
 * a word, so a file may say two things; only its reader can notice. Objects nested beyond `maxDepth` are not looked at.
 */
export function findDuplicateKey(bytes: Buffer, maxDepth: number): string | null {
  const keysAt: (Set<string> | null)[] = [];
  let depth = 0;
  let expectKey = false;
  for (let at = 0; at < bytes.length; at++) {
    switch (bytes[at]) {
      case 0x7b:
        keysAt[depth] = new Set();
        depth++;
        expectKey = true;
        break;
      case 0x5b:
        keysAt[depth] = null;
        depth++;
        expectKey = false;
        break;
      case 0x7d:
      case 0x5d:
        depth--;
        expectKey = false;
        break;
      case 0x2c:
        expectKey = keysAt[depth - 1] instanceof Set;
        break;
      case 0x22: {
        const end = stringEnd(bytes, at);
        const keys = keysAt[depth - 1];
        if (expectKey && keys && depth <= maxDepth) {
          const key = JSON.parse(bytes.toString('utf8', at, end)) as string;
          if (keys.has(key)) return key;
          keys.add(key);
        }
        expectKey = false;
        at = end - 1;
        break;
      }
      default:
    }
  }
  return null;
}

function stringEnd(bytes: Buffer, open: number): number {
  for (let at = open + 1; at < bytes.length; at++) {
    if (bytes[at] === 0x5c) at++;
    else if (bytes[at] === 0x22) return at + 1;
  }
  return bytes.length;
}
