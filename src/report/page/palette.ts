/** Colours of the canvas, read from the same CSS tokens as everything else. */
export interface Palette {
  readonly ground: string;
  readonly land: string;
  readonly outline: string;
  readonly ink: string;
  readonly muted: string;
  readonly accent: string;
  readonly onAccent: string;
  readonly today: string;
  readonly added: string;
  readonly open: string;
  readonly openMark: string;
  readonly existing: string;
  readonly font: string;
  /** Weak to strong measured signal. */
  readonly signal: readonly string[];
}

/** `light-dark()` is resolved by putting each token on a hidden element. */
export function readPalette(): Palette {
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  const color = (token: string): string => {
    probe.style.color = `var(--${token})`;
    return getComputedStyle(probe).color;
  };
  const palette: Palette = {
    ground: color('map-ground'),
    land: color('map-land'),
    outline: color('map-outline'),
    ink: color('ink'),
    muted: color('muted'),
    accent: color('accent'),
    onAccent: color('on-accent'),
    today: color('today'),
    added: color('added'),
    open: color('open'),
    openMark: color('open-mark'),
    existing: color('existing'),
    font: getComputedStyle(document.body).fontFamily,
    signal: [1, 2, 3, 4, 5].map((step) => color(`signal-${step}`)),
  };
  probe.remove();
  return palette;
}
