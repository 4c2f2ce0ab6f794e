import { expect, it } from 'vitest';
import { placeLabels, type Box } from '../../src/report/label-places.ts';

const picture = { width: 200, height: 200 };
const label = (text: string, of: Box) => ({ text, className: 'name', of });

it('puts a name above its box where there is room', () => {
  const [placed] = placeLabels([label('W1', [90, 90, 110, 110])], [], picture, 10);
  expect(placed).toMatchObject({ x: 100 });
  expect(placed!.y).toBeLessThan(90);
});

it('moves it aside for a mark, a name before it and the edge of the picture', () => {
  const box: Box = [90, 90, 110, 110];
  const [beside] = placeLabels([label('W1', box)], [[90, 70, 110, 89]], picture, 10);
  expect(beside!.x).toBeGreaterThan(110);
  const [first, second] = placeLabels([label('W1', box), label('M1', box)], [], picture, 10);
  expect([first!.x, first!.y]).not.toEqual([second!.x, second!.y]);
  const [top] = placeLabels([label('W1', [90, 0, 110, 10])], [], picture, 10);
  expect(top!.y).toBeGreaterThan(0);
});
