// What is to be run to trust a CA, and to take it away again, store by store. Pure: the commands are tested word for word.
import { posix } from 'node:path';
import type { Command } from './trustCommand';

export interface TrustPlan {
  readonly id: string;
  readonly title: string;
  readonly usedBy: string;
  readonly install: readonly Command[];
  readonly remove: readonly Command[];
  readonly isTested: boolean;
}

/** The CA to be trusted. */
export interface TrustedCa {
  /** PEM on disk. */
  readonly file: string;
  /** Lower-case hex without colons. */
  readonly sha256: string;
  readonly sha1: string;
}

/** How a Linux distribution wants to be told. */
export interface LinuxSystemStore {
  /** Where files of additional CAs are put. */
  readonly anchors: string;
  readonly update: readonly string[];
  /** All trusted certificates as PEM, made by `update`. */
  readonly bundle: string;
}

/** The first whose folder is there counts. */
export const linuxSystemStores: readonly LinuxSystemStore[] = [
  {
    anchors: '/usr/local/share/ca-certificates',
    update: ['update-ca-certificates'],
    bundle: '/etc/ssl/certs/ca-certificates.crt',
  },
  {
    anchors: '/etc/pki/ca-trust/source/anchors',
    update: ['update-ca-trust', 'extract'],
    bundle: '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  },
  {
    anchors: '/etc/ca-certificates/trust-source/anchors',
    update: ['trust', 'extract-compat'],
    bundle: '/etc/ca-certificates/extracted/tls-ca-bundle.pem',
  },
  {
    anchors: '/etc/pki/trust/anchors',
    update: ['update-ca-certificates'],
    bundle: '/etc/ssl/ca-bundle.pem',
  },
];

/** Files and entries of ours begin so. */
export const ownPrefix = 'hopscope-ca-';

/** Names one CA among several that a store may know. */
export function ownName({ sha256 }: TrustedCa): string {
  return `${ownPrefix}${sha256.slice(0, 16)}`;
}

export function linuxSystemPlan(ca: TrustedCa, store: LinuxSystemStore): TrustPlan {
  const target = posix.join(store.anchors, `${ownName(ca)}.crt`);
  const [program = '', ...args] = store.update;
  const update: Command = { program, args, needsAdministrator: true };
  return {
    id: 'linux-system',
    title: 'Linux system store',
    usedBy: 'curl, wget, git, OpenSSL, Python (ssl), Go, .NET, Java of the distribution',
    install: [
      { program: 'install', args: ['-m', '0644', ca.file, target], needsAdministrator: true },
      update,
    ],
    remove: [
      { program: 'rm', args: ['-f', target], needsAdministrator: true },
      // Debian keeps links to what is gone until it is asked for a fresh start.
      program === 'update-ca-certificates' ? { ...update, args: [...args, '--fresh'] } : update,
    ],
    isTested: store.update[0] === 'update-ca-certificates',
  };
}

export function nssPlan(ca: TrustedCa, folder: string, title: string, isThere: boolean): TrustPlan {
  const database = `sql:${folder}`;
  const make: Command[] = isThere
    ? []
    : [
        { program: 'mkdir', args: ['-p', '-m', '0700', folder] },
        { program: 'certutil', args: ['-N', '-d', database, '--empty-password'] },
      ];
  return {
    id: `nss:${folder}`,
    title,
    usedBy: title.startsWith('Firefox')
      ? 'this Firefox profile'
      : 'Chromium, Chrome, Edge and Brave of this user',
    install: [
      ...make,
      { program: 'certutil', args: ['-A', '-d', database, '-t', 'C,,', '-n', ownName(ca), '-i', ca.file] },
    ],
    remove: [{ program: 'certutil', args: ['-D', '-d', database, '-n', ownName(ca)] }],
    isTested: true,
  };
}

export function macosPlans(ca: TrustedCa, home: string): TrustPlan[] {
  const login = posix.join(home, 'Library/Keychains/login.keychain-db');
  const system = '/Library/Keychains/System.keychain';
  return [
    {
      id: 'macos-login',
      title: 'macOS login keychain',
      usedBy: 'Safari, Chrome, Edge and curl of this user; Firefox when it asks the system',
      install: [{ program: 'security', args: ['add-trusted-cert', '-r', 'trustRoot', '-k', login, ca.file] }],
      remove: [
        { program: 'security', args: ['remove-trusted-cert', ca.file] },
        { program: 'security', args: ['delete-certificate', '-Z', ca.sha1.toUpperCase(), login] },
      ],
      isTested: false,
    },
    {
      id: 'macos-system',
      title: 'macOS system keychain',
      usedBy: 'programs of all users of this Mac',
      install: [
        {
          program: 'security',
          args: ['add-trusted-cert', '-d', '-r', 'trustRoot', '-k', system, ca.file],
          needsAdministrator: true,
        },
      ],
      remove: [
        { program: 'security', args: ['remove-trusted-cert', '-d', ca.file], needsAdministrator: true },
        {
          program: 'security',
          args: ['delete-certificate', '-Z', ca.sha1.toUpperCase(), system],
          needsAdministrator: true,
        },
      ],
      isTested: false,
    },
  ];
}

export function windowsPlans(ca: TrustedCa): TrustPlan[] {
  const plan = (id: string, title: string, usedBy: string, scope: readonly string[]): TrustPlan => {
    const needsAdministrator = scope.length === 0;
    return {
      id,
      title,
      usedBy,
      install: [{ program: 'certutil', args: [...scope, '-addstore', 'Root', ca.file], needsAdministrator }],
      remove: [{ program: 'certutil', args: [...scope, '-delstore', 'Root', ca.sha1], needsAdministrator }],
      isTested: false,
    };
  };
  const browsers = 'Edge, Chrome and other programs';
  return [
    plan(
      'windows-user',
      'Windows store of this user',
      `${browsers} of this user; Firefox when it asks the system`,
      ['-user'],
    ),
    plan('windows-machine', 'Windows store of this computer', `${browsers} of all users`, []),
  ];
}
