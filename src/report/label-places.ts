/** A box on the picture: left, top, right, bottom. */
export type Box = readonly [number, number, number, number];

export interface Label {
  readonly text: string;
  readonly className: string;
  /** What it names. */
  readonly of: Box;
}

export interface PlacedLabel extends Label {
  /** Middle of the text. */
  readonly x: number;
  readonly y: number;
}

/** Usual width of a letter and height of a line as parts of the font size (semibold sans-serif). */
const LETTER = 0.68;
const LINE = 1.15;
/** Above, right, below, left, then the corners: the order in which places are tried. */
const SIDES = [
  [0, -1],
  [1, 0],
  [0, 1],
  [-1, 0],
  [1, -1],
  [-1, -1],
  [1, 1],
  [-1, 1],
] as const;

/**
 * Puts each label beside what it names, where it covers least of the labels before it, of the marks and of what lies
 * outside the picture; the first such place of the eight around.
 */
export function placeLabels(
  labels: readonly Label[],
  marks: readonly Box[],
  picture: { readonly width: number; readonly height: number },
  fontSize: number,
): PlacedLabel[] {
  const taken: Box[] = [...marks, ...labels.map(({ of }) => of)];
  return labels.map((label) => {
    const width = LETTER * fontSize * label.text.length;
    const height = LINE * fontSize;
    const [left, top, right, bottom] = label.of;
    let best: { x: number; y: number; box: Box; covered: number } | null = null;
    for (const [sideX, sideY] of SIDES) {
      const x = (left + right) / 2 + (sideX * (right - left + width + 4)) / 2;
      const y = (top + bottom) / 2 + (sideY * (bottom - top + height + 2)) / 2;
      const box: Box = [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
      const inside = overlap(box, [0, 0, picture.width, picture.height]);
      const covered = taken.reduce((sum, other) => sum + overlap(box, other), width * height - inside);
      if (best === null || covered < best.covered - 1e-9) best = { x, y, box, covered };
    }
    const { x, y, box } = best!;
    taken.push(box);
    return { ...label, x, y };
  });
}

function overlap(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  return width > 0 && height > 0 ? width * height : 0;
}
