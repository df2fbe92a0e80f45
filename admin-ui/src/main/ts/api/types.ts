import type { components } from '#schema';

type Schemas = components['schemas'];

export type Session = Schemas['Session'];
export type Party = Schemas['Party'];
export type PartyState = Schemas['PartyState'];
export type Transfer = Schemas['Transfer'];
export type TransferStep = Schemas['TransferStep'];
export type TransferRequest = Schemas['TransferRequest'];
export type TransferMode = Schemas['TransferMode'];
export type TimelineEntry = Schemas['TimelineEntry'];
export type Outcome = Schemas['Outcome'];
export type Plan = Schemas['Plan'];
export type Provider = Schemas['Provider'];
export type Address = Schemas['Address'];
export type OperationName = Schemas['OperationName'];
export type Operation = Schemas['Operation'];
export type Me = Schemas['Me'];
export type Bundle = Schemas['Bundle'];
export type BundleStep = Bundle['steps'][number];
export type RolloutShare = Schemas['RolloutShare'];
export type RolloutStrategy = Schemas['RolloutStrategy'];
export type ServerEvent = Schemas['Event'];

/** Why something did not work: the server's problem, or that the server could not be reached. */
export type Problem = Omit<Partial<Schemas['Problem']>, 'reason'> & { title: string; reason: string };

export type Reply<T> = { ok: true; value: T } | { ok: false; problem: Problem };
