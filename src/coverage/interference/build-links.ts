import type { Executor } from '../../executor.ts';
import { toSharedFloat64 } from '../../geo/shared-array.ts';
import { radioLinksKernel, type LinksChunk, type PlaceRange } from './links-kernel.ts';
import type { Masts, RadioLinks } from './radio-links.ts';

export interface LinksRequest {
  readonly masts: Masts;
  readonly places: { readonly lon: ArrayLike<number>; readonly lat: ArrayLike<number> };
  /** Noise in one resource element, dBm: weaker masts by far are left out. */
  readonly noiseDbm: number;
  /** Default 64: on a grid of hexagons the masts beyond add 1 % to the interference, and they are in the sum. */
  readonly mostLinks?: number | undefined;
  readonly executor: Executor;
  readonly signal?: AbortSignal | undefined;
}

/** Masts a place keeps one by one. */
export const MOST_LINKS = 64;
/** Signals this far below noise add nothing to interference, dB. */
const NEGLIGIBLE_DB = 30;
/** Places a task works on: fixed by the data, never by the number of threads. */
const PLACES_PER_TASK = 256;

/** What every place hears. The same bytes for any number of threads; memory: at most 64 links of 32 bytes a place. */
export async function buildRadioLinks(request: LinksRequest): Promise<RadioLinks> {
  const { masts, places, noiseDbm, executor, signal } = request;
  const inputs = {
    ...masts,
    placeLon: toSharedFloat64(places.lon),
    placeLat: toSharedFloat64(places.lat),
    mostLinks: Math.min(request.mostLinks ?? MOST_LINKS, Math.max(1, masts.count)),
    weakestDbm: noiseDbm - NEGLIGIBLE_DB,
  };
  const tasks: PlaceRange[] = [];
  for (let from = 0; from < places.lon.length; from += PLACES_PER_TASK) {
    tasks.push({ from, to: Math.min(places.lon.length, from + PLACES_PER_TASK) });
  }
  return joinLinks(await executor.map(radioLinksKernel, inputs, tasks, { signal }));
}

function joinLinks(chunks: readonly LinksChunk[]): RadioLinks {
  const placeCount = chunks.reduce((sum, chunk) => sum + chunk.placeCount, 0);
  const linkStart = new Uint32Array(placeCount + 1);
  let place = 0;
  for (const chunk of chunks) {
    const before = linkStart[place]!;
    for (let row = 1; row <= chunk.placeCount; row++) linkStart[place + row] = before + chunk.linkStart[row]!;
    place += chunk.placeCount;
  }
  const links = linkStart[placeCount]!;
  const join = <A extends Float32Array | Float64Array | Uint32Array>(
    all: A,
    of: (chunk: LinksChunk) => A,
  ): A => {
    let at = 0;
    for (const chunk of chunks) {
      all.set(of(chunk), at);
      at += of(chunk).length;
    }
    return all;
  };
  const carriers = placeCount === 0 ? 0 : chunks[0]!.restMw.length / chunks[0]!.placeCount;
  return {
    placeCount,
    linkStart,
    mast: join(new Uint32Array(links), ({ mast }) => mast),
    lossDb: join(new Float32Array(links), ({ lossDb }) => lossDb),
    coverLossDb: join(new Float64Array(links), ({ coverLossDb }) => coverLossDb),
    azimuthDeg: join(new Float32Array(links), ({ azimuthDeg }) => azimuthDeg),
    zenithDeg: join(new Float32Array(links), ({ zenithDeg }) => zenithDeg),
    distanceM: join(new Float32Array(links), ({ distanceM }) => distanceM),
    restMw: join(new Float64Array(placeCount * carriers), ({ restMw }) => restMw),
  };
}
