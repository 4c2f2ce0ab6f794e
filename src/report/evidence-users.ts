import { EVIDENCE_NAMES } from '../coverage/types.ts';

export type EvidenceName = (typeof EVIDENCE_NAMES)[number];
/** Users (thousandths) by where the knowledge about them comes from. */
export type EvidenceUsers = Readonly<Record<EvidenceName, number>>;

export function evidenceUsers(users: readonly number[]): EvidenceUsers {
  return Object.fromEntries(EVIDENCE_NAMES.map((name, kind) => [name, users[kind] ?? 0])) as EvidenceUsers;
}
