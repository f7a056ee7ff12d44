/**
 * An **endpoint** is a place that answers with a model (`prod/scoring`). A **deployment** is one model version put into one
 * **slot** of an endpoint, from its start to its end. A **share** is a stretch of that time with one part of the slot's
 * traffic. When something was so and when it became known are kept apart: a record may come late, and may be corrected.
 */
import { CairnError, invalid } from '../../kernel/errors.ts';
import type { EdgeId, EventId, NodeId, ProjectId, Uid } from '../../kernel/ids.ts';
import type { Platform } from './platform.ts';

/** How a stretch ended. `shared`: the deployment went on with another share. */
export const endings = ['shared', 'replaced', 'retired', 'failed', 'rolled-back'] as const;
export type Ending = (typeof endings)[number];
/** What somebody says who ends a deployment. */
export const outcomes = ['retired', 'failed'] as const;
export type Outcome = (typeof outcomes)[number];

/** What becomes of the others of the slot: they end, they give (or take) their part, they stay as they are. */
export const others = ['end', 'share', 'keep'] as const;
export type Others = (typeof others)[number];

/** One stretch of a deployment, as one row of the graph believes it. */
export interface Share {
  readonly id: EdgeId;
  readonly deployment: NodeId;
  readonly version: NodeId;
  readonly slot: string;
  /** 0–100 */
  readonly percent: number;
  /** ms */
  readonly from: number;
  /** ms; null while it lasts. */
  readonly to: number | null;
  readonly ending: Ending | null;
  /** Told by the run of a job: which model that was, `models:/churn/3`; what is recorded by hand never becomes another one's. */
  readonly model: string | null;
  readonly knownFrom: number;
  readonly knownTo: number | null;
  readonly face: number;
  readonly known: number;
  /** Who said so, and who took it back. */
  readonly by: string;
  readonly asserted: EventId;
  readonly retracted: EventId | null;
}

/** The model that is deployed: as it was when that was recorded, and what has become of it. */
export interface DeployedModel {
  /** As it was written: `models:/churn@champion`. */
  readonly asked: string;
  /** What that led to: `models:/churn/3`, `models:/m-…`. */
  readonly uri: string;
  readonly uid: string;
  /** Name of the registered model, as it is called now; undefined for a logged model. */
  readonly name: string | undefined;
  readonly version: number | undefined;
  readonly loggedModel: string | undefined;
  /** Id of the run it came from. */
  readonly run: string | undefined;
  /** Its record is deleted, or purged. */
  readonly deleted: boolean;
  /** No registry here has it: it is known by what jobs say of it. */
  readonly foreign: boolean;
}

/** A run of a job that is a deployment: this lasts as long as it does. */
export interface DeployingRun {
  readonly uid: string;
  /** As its producer knows it. */
  readonly runId: string;
  readonly namespace: string;
  readonly job: string;
}

export interface Deployment {
  readonly node: NodeId;
  readonly uid: Uid;
  readonly project: ProjectId;
  readonly endpoint: { readonly uid: string; readonly name: string; readonly deleted: boolean };
  readonly slot: string;
  readonly model: DeployedModel;
  /** ms */
  readonly started: number;
  /** ms; undefined while it serves. */
  readonly ended: number | undefined;
  readonly ending: Ending | undefined;
  /** Its part of the traffic at the instant that was asked about, else its last one. */
  readonly percent: number;
  readonly shares: readonly Share[];
  readonly platform: Platform | undefined;
  readonly note: string | undefined;
  /** The run of a job that says so, and decides when it ends; undefined for what was recorded by hand. */
  readonly jobRun: DeployingRun | undefined;
  /** Who recorded it, and when: ms. */
  readonly by: string;
  readonly recorded: number;
  readonly endedBy: string | undefined;
  /** Uid of the deployment that this one took the place of when that was rolled back. */
  readonly rolledBack: string | undefined;
  /** It was recorded, and never was. */
  readonly retracted: boolean;
}

export interface Endpoint {
  readonly node: NodeId;
  readonly uid: Uid;
  readonly project: ProjectId;
  readonly name: string;
  readonly description: string | undefined;
  /** ms */
  readonly created: number;
  /** ms */
  readonly updated: number;
  readonly deleted: boolean;
  /** What serves at the instant that was asked about, the greatest share of each slot first. */
  readonly serving: readonly Deployment[];
  /** How many deployments it ever had, as far as is believed. */
  readonly deployments: number;
}

export interface NewDeployment {
  /** Name of the endpoint, which is made where there is none. */
  readonly endpoint: string;
  /** A `models:/` URI. */
  readonly model: string;
  readonly slot?: string | undefined;
  /** ms; now when absent. */
  readonly at?: number | undefined;
  /** ms, for what is over already. */
  readonly ended?: number | undefined;
  readonly traffic?: number | undefined;
  readonly others?: Others | undefined;
  readonly platform?: Platform | undefined;
  readonly note?: string | undefined;
  /** `models:/` URIs of all that must serve in the slot; otherwise nothing changes. */
  readonly expected?: readonly string[] | undefined;
}

/** What serves is ended: one deployment, or what an endpoint has in a slot, of one model if that is told. */
export interface EndOfDeployment {
  readonly deployment?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly slot?: string | undefined;
  readonly model?: string | undefined;
  readonly at?: number | undefined;
  readonly outcome?: Outcome | undefined;
  readonly others?: Exclude<Others, 'end'> | undefined;
  readonly expected?: readonly string[] | undefined;
}

export interface RollBack {
  readonly endpoint: string;
  readonly slot?: string | undefined;
  readonly at?: number | undefined;
  readonly note?: string | undefined;
  readonly expected?: readonly string[] | undefined;
}

export interface Correction {
  readonly started?: number | undefined;
  /** null: it serves still. */
  readonly ended?: number | null | undefined;
  readonly outcome?: Outcome | undefined;
  readonly platform?: Platform | undefined;
  readonly note?: string | undefined;
}

/** Instants that a reader asks about, ms; undefined: now. */
export interface AsOf {
  readonly asOf?: number | undefined;
  readonly knownAt?: number | undefined;
}

export const deploymentLimits = {
  /** Characters of an endpoint's name. */
  name: 256,
  /** Parts of a name, between slashes. */
  segments: 16,
  /** Characters of a slot. */
  slot: 64,
  /** Characters of a note. */
  note: 10_000,
  description: 10_000,
  /** Characters of a reference to a model. */
  model: 2_048,
  expected: 16,
  /** ms that a clock may be fast. */
  skew: 5 * 60 * 1000,
  /** Deployments that may serve in one slot at a time. */
  together: 100,
} as const;

/** The slot of whoever names none. */
export const usualSlot = 'main';
/** No model was deployed before 2000, and 10-digit seconds read as ms are 1970. */
const earliest = Date.UTC(2000, 0, 1);

export function checkEndpointName(name: string, field = 'endpoint'): void {
  if (name.trim() === '') throw invalid(field, `${field} must not be empty`);
  if (!name.isWellFormed()) throw invalid(field, `${field} holds an unpaired surrogate`);
  if (/[\p{Cc}\p{Zl}\p{Zp}\\]/u.test(name)) {
    throw invalid(field, `${field} must not contain control characters, line breaks or \\`);
  }
  if (name.length > deploymentLimits.name && [...name].length > deploymentLimits.name) {
    throw invalid(field, `${field} is longer than ${deploymentLimits.name} characters`);
  }
  const segments = name.split('/');
  if (segments.length > deploymentLimits.segments) {
    throw invalid(field, `${field} has more than ${deploymentLimits.segments} parts between slashes`);
  }
  for (const segment of segments) {
    if (segment.trim() !== segment || segment === '' || segment === '.' || segment === '..') {
      throw invalid(
        field,
        `${field} must be parts joined by single slashes, like prod/scoring: no part empty, '.', '..' or with blanks around it`,
      );
    }
  }
}

export function checkSlot(slot: string, field = 'slot'): void {
  if (!/^[\p{L}\p{N}]([\p{L}\p{N}._-]*[\p{L}\p{N}])?$/u.test(slot) || slot.length > deploymentLimits.slot) {
    throw invalid(
      field,
      `${field} must be at most ${deploymentLimits.slot} letters, digits, dots, dashes and underscores, like canary`,
    );
  }
}

export function checkNote(field: string, note: string | undefined, limit: number): void {
  if (note === undefined) return;
  if (note.length > limit) throw invalid(field, `${field} is longer than ${limit} characters`);
  if (note.includes('\0')) throw invalid(field, `${field} must not contain U+0000`);
}

export function checkPercent(field: string, percent: number | undefined): void {
  if (percent === undefined) return;
  if (!(percent >= 0 && percent <= 100)) throw invalid(field, `${field} must be a number from 0 to 100`);
}

/** An instant at which something is said to have been; one a little ahead, by a clock that is fast, is now. */
export function pastInstant(field: string, at: number, now: number): number {
  if (!Number.isSafeInteger(at)) throw invalid(field, `${field} must be a whole number of ms since 1970`);
  if (at < earliest) throw invalid(field, `${field} is before 2000: it is told in ms since 1970, not in s`);
  if (at > now + deploymentLimits.skew) {
    throw invalid(field, `${field} lies in the future: a deployment is recorded when it has happened`);
  }
  return Math.min(at, now);
}

/** `2026-03-01` (its first instant, UTC), `2026-03-01T12:00Z` or ms since 1970, as a reader asks. */
export function askedInstant(field: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,16}$/.test(text) && Number(text) <= 8.64e15) return Number(text);
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/i.test(text);
  const instant = isDay || isInstant ? Date.parse(text) : Number.NaN;
  // A day such as 30 February is taken for the next month's.
  if (Number.isNaN(instant) || (isDay && new Date(instant).toISOString().slice(0, 10) !== text)) {
    throw invalid(
      field,
      `${field} must be a day like 2026-03-01, a time like 2026-03-01T12:00Z, or ms since 1970`,
    );
  }
  return instant;
}

export const covers = (share: { from: number; to: number | null }, at: number): boolean =>
  share.from <= at && (share.to === null || share.to > at);

export const precondition = (field: string, message: string): CairnError =>
  new CairnError('failed_precondition', message, { field });

/** Percents to four digits: what is divided is not a third for ever. */
export const rounded = (percent: number): number => Math.round(percent * 1e4) / 1e4;
