// Lists the licences of everything `npm ci --omit=dev` installs and fails on one that an Apache-2.0 package may not
// build on: no GPL or AGPL; LGPL only as a dependency of its own that is not bundled into our files.
import { readFileSync } from 'node:fs';

const root = new URL('../', import.meta.url);
const lock = JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8'));
const ALLOWED = new Set(
  'MIT ISC BSD BSD-2-Clause BSD-3-Clause 0BSD Apache-2.0 BlueOak-1.0.0 CC0-1.0 Unlicense Python-2.0 MPL-2.0 Zlib EDL-1.0'.split(
    ' ',
  ),
);
// As its author misspelt it; the licence file beside it is the BSD 3-clause text.
ALLOWED.add('BDS-3-Clause');
const UNBUNDLED = /^LGPL-(2\.1|3|3\.0)(-only|-or-later)?$/;

function licenceOf(path, entry) {
  if (typeof entry.license === 'string') return entry.license;
  const manifest = JSON.parse(readFileSync(new URL(`${path}/package.json`, root), 'utf8'));
  const { license = manifest.licenses } = manifest;
  if (Array.isArray(license)) return license.map((one) => one.type ?? one).join(' OR ');
  return typeof license === 'string' ? license : (license?.type ?? 'none stated');
}

function isAllowed(expression) {
  const choices = expression.replace(/[()]/g, '').split(/ OR /);
  return choices.some((choice) =>
    choice.split(/ AND /).every((one) => ALLOWED.has(one.trim()) || UNBUNDLED.test(one.trim())),
  );
}

const counts = new Map();
const refused = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  if (path === '' || entry.dev === true || entry.devOptional === true) continue;
  const licence = licenceOf(path, entry);
  counts.set(licence, (counts.get(licence) ?? 0) + 1);
  if (!isAllowed(licence))
    refused.push(`${path.replace(/^.*node_modules\//, '')} ${entry.version}: ${licence}`);
}
for (const [licence, count] of [...counts].sort((a, b) => b[1] - a[1])) console.log(`${count}\t${licence}`);
if (refused.length > 0) {
  console.error(`Licences that may not be used:\n${refused.join('\n')}`);
  process.exit(1);
}
