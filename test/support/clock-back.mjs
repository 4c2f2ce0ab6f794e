// Preloaded: the time of day goes back by an hour every tenth time anybody looks.
const now = Date.now.bind(Date);
const RealDate = Date;
let looks = 0;
Date.now = () => now() - 3_600_000 * Math.floor(++looks / 10);
globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(Date.now());
    else super(...args);
  }
  static now() {
    return now() - 3_600_000 * Math.floor(++looks / 10);
  }
};
