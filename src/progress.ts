/** What a running stage tells whoever watches; never part of a result. */
export interface ProgressEvent {
  /** `read`, `model`, `baseline`, `coverage`, `solve`, `report`. */
  readonly stage: string;
  /** 0..1 where known. */
  readonly fraction?: number;
  /** One short line, for example `12 400 features, 61 MB/s` or `round 3: cost 27, bound 24.1`. */
  readonly message?: string;
}

export type ProgressListener = (event: ProgressEvent) => void;

/** As `listener`; once `signal` is aborted, the next report throws its reason, which ends the work that reports. */
export function untilAborted(
  listener: ProgressListener | undefined,
  signal: AbortSignal | undefined,
): ProgressListener | undefined {
  if (signal === undefined) return listener;
  return (event) => {
    signal.throwIfAborted();
    listener?.(event);
  };
}
