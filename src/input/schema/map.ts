import { z } from 'zod';

/** Background of the map on the page of a plan. Without it the page loads nothing. */
export const mapSchema = z.strictObject({
  tileUrl: z
    .string()
    .max(500)
    .regex(/^https?:\/\/[\w.-]+(:\d+)?\/(?=.*\{z\})(?=.*\{x\})(?=.*\{y\})[^\s"'<>]*$/, {
      message:
        'must be an http or https address with {z}, {x} and {y}, such as https://tiles.example/{z}/{x}/{y}.png',
    })
    .describe(
      'Map tiles (Web Mercator, y from the north) drawn under the map; whoever opens the page asks that host for them.',
    ),
  attribution: z.string().min(1).max(200).describe('Whom the map credits, as the owner of the tiles asks.'),
});
