const UNITS: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** `4G`, `512M`, `1.5 GiB`, `6000000000`, in bytes (units of 1024, as systemd and container runtimes count); null when it is none of these. */
export function parseMemory(text: string): number | null {
  const match = /^(\d{1,15}(?:\.\d{1,6})?) ?([kmgt]?)(?:i?b)?$/i.exec(text.trim());
  if (match === null) return null;
  return Math.floor(Number(match[1]) * UNITS[(match[2] ?? '').toLowerCase()]!);
}

/** `18.4 GB`, `310 MB`, of 1024: as `--memory` reads them. */
export function sizeText(bytes: number): string {
  const [unit, name] = bytes >= 2 ** 30 ? [2 ** 30, 'GB'] : [2 ** 20, 'MB'];
  const value = bytes / unit;
  return `${value.toLocaleString('en', { maximumFractionDigits: value < 100 && name === 'GB' ? 1 : 0 })} ${name}`;
}
