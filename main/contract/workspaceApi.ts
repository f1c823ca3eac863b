// The part of the api that is about the document as a whole: its text, its history, unapplied drafts and its file.
import { z } from 'zod';
import { identifierSchema, type WorkspaceDocument } from './config';
import type { ConfigIssue } from './configIssue';

/** Where a revision came from. `start` = what the file said when the app opened it. */
export type ChangeSource = 'start' | 'app' | 'file' | 'restore';

/** The file says something that could not be run; what ran before goes on. */
export interface RefusedFile {
  /** null = the text is no workspace at all. */
  readonly document: WorkspaceDocument | null;
  readonly issues: readonly ConfigIssue[];
  /** It is tried again by itself, because only a port or an address was in the way. */
  readonly isRetried: boolean;
}

/** One applied revision that is kept on disk. */
export interface HistoryEntry {
  /** Counts on over restarts; the newest is the highest. */
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly source: ChangeSource;
  /** For `restore`: the entry whose document was applied again. */
  readonly restoredFrom: number | null;
  /** What it changed, one sentence each; a long list is cut. */
  readonly summary: readonly string[];
  /** More changes than `summary` names. */
  readonly more: number;
  readonly bytes: number;
}

const documentSchema = z.custom<WorkspaceDocument>(
  (value) => typeof value === 'object' && value !== null && 'schemaVersion' in value,
  'must be a workspace document',
);

/** A difference between two documents as data; see renderer/stores/documentDelta.ts. */
export const deltaSchema = z
  .array(
    z.strictObject({
      path: z.array(z.union([z.string(), z.int()])).max(100),
      /** Absent = the field goes away. */
      value: z.unknown().optional(),
    }),
  )
  .max(10_000);

/** What is kept of a draft so that neither a crash nor another browser loses it. */
export const savedDraftSchema = z.strictObject({
  base: documentSchema,
  document: documentSchema,
  /** The YAML text that the user typed, where it says more than the document (comments); null = none. */
  text: z.string().max(4_194_304).nullable().default(null),
  /** Milliseconds since 1970. */
  savedAt: z.number(),
  /** Steps back from `document`, the next one first. */
  undo: z.array(deltaSchema).max(500).default([]),
  redo: z.array(deltaSchema).max(500).default([]),
});
export type SavedDraft = z.output<typeof savedDraftSchema>;

/** Names one browser tab or window over its reloads. */
export const windowIdSchema = z.string().regex(/^[0-9a-z-]{8,64}$/i);

export interface OpenedDraft {
  /** The id that this window has from now on; another one than asked for when that is in use by an open window. */
  readonly window: string;
  /** Of this window, else the newest that no open window has. */
  readonly draft: SavedDraft | null;
  /** The other windows that are open now. */
  readonly others: readonly string[];
}

/** A workspace that can be opened. */
export interface WorkspaceFileInfo {
  readonly path: string;
  /** Without folder and extension. */
  readonly name: string;
  readonly modifiedAt: number;
  readonly bytes: number;
  /** In the app's own folder, or a file elsewhere that was opened before. */
  readonly place: 'own' | 'elsewhere';
  readonly isOpen: boolean;
}

export interface WorkspaceList {
  readonly files: readonly WorkspaceFileInfo[];
  /** The folder of new workspaces. */
  readonly folder: string;
  /** The host has a file dialog of its own. */
  readonly canPick: boolean;
  /** false = the file was named on the command line and stays. */
  readonly canSwitch: boolean;
}

/** What a bundle holds, after its passphrase was right. */
export interface BundleContent {
  readonly document: WorkspaceDocument;
  /** The workspace's text with its comments. */
  readonly text: string;
  readonly certificates: readonly {
    readonly id: string;
    readonly hasKey: boolean;
    /** The store has another certificate of that id. */
    readonly isTaken: boolean;
  }[];
}

/** What is sealed in a bundle. */
export const sealedContentSchema = z.strictObject({
  kind: z.literal('hopscope-workspace'),
  text: z.string().max(4_194_304),
  certificates: z
    .array(
      z.strictObject({
        id: identifierSchema,
        chainPem: z.string().max(262_144),
        keyPem: z.string().max(65_536).nullable(),
      }),
    )
    .max(200),
});
export type SealedContent = z.output<typeof sealedContentSchema>;

/** Characters of base64: 6 MiB of file. */
const bundleSchema = z.string().max(8_388_608 - 65_536);
const passphraseSchema = z.string().min(8).max(1024);
const workspaceNameSchema = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,62}$/u, 'must be 1–63 letters, digits, spaces, ".", "_" or "-"')
  .refine((name) => !name.endsWith('.') && !name.endsWith(' '), 'must not end with "." or a space');
const filePathSchema = z.string().min(1).max(4096);

export const workspaceInputs = {
  /** The text of the running workspace as it stands in the file, comments and all. */
  getWorkspaceText: z.undefined(),
  /** Applied revisions of this file, newest first. */
  getHistory: z.undefined(),
  getHistoryDocument: z.strictObject({ number: z.int().min(1) }),
  /** Claims a window id and brings what was not applied when the app ended last. */
  openDraft: z.strictObject({ window: windowIdSchema.nullable() }),
  /** null = nothing is to be kept any more. */
  saveDraft: z.strictObject({
    file: filePathSchema,
    window: windowIdSchema,
    draft: savedDraftSchema.nullable(),
  }),
  /** Whether the endpoints of a draft answer: loopback and private addresses only, a newer call ends an older one. */
  checkEndpoints: z.strictObject({ document: z.unknown() }),
  listWorkspaces: z.undefined(),
  openWorkspace: z.strictObject({ path: filePathSchema }),
  /** A new file in the app's folder, opened at once. */
  createWorkspace: z.strictObject({ name: workspaceNameSchema, text: z.string().max(4_194_304).optional() }),
  /** The open workspace under another name, which is open then. Give one of both. */
  saveWorkspaceAs: z.strictObject({ name: workspaceNameSchema.optional(), path: filePathSchema.optional() }),
  renameWorkspace: z.strictObject({ name: workspaceNameSchema }),
  /** The file dialog of the host; null = cancelled. */
  pickWorkspaceFile: z.strictObject({ purpose: z.enum(['open', 'saveAs']) }),
  /** Workspace and certificates with their keys in one encrypted file. */
  exportBundle: z.strictObject({
    text: z.string().max(4_194_304),
    certificates: z.array(z.string().max(63)).max(200),
    passphrase: passphraseSchema,
  }),
  readBundle: z.strictObject({ bundle: bundleSchema, passphrase: passphraseSchema }),
  /** Puts the named certificates of a bundle into the store. */
  importBundleCertificates: z.strictObject({
    bundle: bundleSchema,
    passphrase: passphraseSchema,
    certificates: z.array(z.string().max(63)).max(200),
  }),
} as const satisfies Record<string, z.ZodType>;

export interface WorkspaceResults<Running> {
  getWorkspaceText: { readonly revision: number; readonly text: string };
  getHistory: { readonly entries: readonly HistoryEntry[] };
  getHistoryDocument: { readonly document: WorkspaceDocument; readonly text: string };
  openDraft: OpenedDraft;
  saveDraft: null;
  checkEndpoints: { readonly issues: readonly ConfigIssue[] };
  listWorkspaces: WorkspaceList;
  openWorkspace: Running;
  createWorkspace: Running;
  saveWorkspaceAs: Running;
  renameWorkspace: Running;
  pickWorkspaceFile: { readonly path: string | null };
  exportBundle: { readonly bundle: string };
  readBundle: BundleContent;
  importBundleCertificates: { readonly imported: readonly string[] };
}
