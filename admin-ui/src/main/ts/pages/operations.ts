import type { OperationName, Party, TransferMode } from '../api/types';
import { reasonText, sentence } from '../text';

/** The operation of a party that each way of transfer begins with. */
const MODE_OPERATIONS: Record<Exclude<TransferMode, 'auto'>, OperationName> = {
  blind: 'blindTransfer',
  consultation: 'consult',
  oneStep: 'oneStepConsult',
};

/** Why this party may not do it now; undefined where it may. */
export function refusalOf(party: Party, operation: OperationName): string | undefined {
  if (party.permitted.includes(operation)) return undefined;
  const reason = party.refused[operation];
  const why = party.why[operation];
  if (why) return sentence(why);
  return reason ? reasonText(reason) : 'Not possible in this state.';
}

/** Why this party cannot leave by any kind of transfer; undefined where it can by one. */
export function transferRefusal(party: Party): string | undefined {
  const operations = Object.values(MODE_OPERATIONS);
  if (operations.some((operation) => party.permitted.includes(operation))) return undefined;
  return refusalOf(party, MODE_OPERATIONS.blind);
}

export function modeRefusal(party: Party | undefined, mode: TransferMode): string | undefined {
  if (!party || mode === 'auto') return undefined;
  return refusalOf(party, MODE_OPERATIONS[mode]);
}

/** Who leaves unless somebody says otherwise: the called one, if it may. */
export function likelyTransferor(parties: Party[]): Party | undefined {
  const may = parties.filter((party) => transferRefusal(party) === undefined);
  return may.find((party) => party.role === 'called') ?? may[0];
}
