// Trust in the CA, store by store: how it stands, and changing it with commands that the person saw and agreed to.
import { createHash, X509Certificate } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { AppError } from '../../contract/appError';
import type {
  ChangeTrustInput,
  TrustChange,
  TrustProgress,
  TrustStatus,
  TrustStep,
  TrustStoreStatus,
} from '../../contract/trustStore';
import { splitPem } from '../certificateInfo';
import type { CertificateService } from '../certificateService';
import { nssDatabases } from './nssDatabases';
import { type Elevation, elevated, isProgram, type RunCommand, runCommand, shown } from './trustCommand';
import {
  type LinuxSystemStore,
  linuxSystemPlan,
  linuxSystemStores,
  macosPlans,
  nssPlan,
  ownName,
  ownPrefix,
  type TrustedCa,
  type TrustPlan,
  windowsPlans,
} from './trustPlan';

export interface TrustEnvironment {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  /** Folders of programs, as PATH has them. */
  readonly path: string;
  readonly isAdministrator: boolean;
  readonly systemStores: readonly LinuxSystemStore[];
  readonly run: RunCommand;
}

export function thisMachine(): TrustEnvironment {
  const path = process.env.PATH ?? '';
  return {
    platform: process.platform,
    home: homedir(),
    // Programs of administrators are not in everybody's path on Debian.
    path: process.platform === 'linux' ? `${path}:/usr/sbin:/sbin` : path,
    isAdministrator: process.getuid?.() === 0,
    systemStores: linuxSystemStores,
    run: runCommand,
  };
}

type Standing = Pick<TrustStoreStatus, 'status' | 'detail'>;

interface Store {
  readonly plan: TrustPlan;
  standing(): Promise<Standing>;
}

export class TrustService {
  /** One change at a time; the tools lock nothing. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly certificates: CertificateService,
    private readonly environment: TrustEnvironment = thisMachine(),
  ) {}

  async status(): Promise<TrustStatus> {
    const ca = this.#ca();
    const elevation = await this.#elevation();
    const stores = await this.#stores(ca ?? noCa(this.certificates.caCertificateFile));
    const described: TrustStoreStatus[] = [];
    for (const store of stores) described.push(await this.#describe(store, ca !== null, elevation));
    return {
      caFingerprint: ca?.fingerprint ?? null,
      caFile: this.certificates.caCertificateFile,
      stores: described,
    };
  }

  /** Rejects with `conflict` when other commands than those agreed to would be run; then nothing is run. */
  change(
    input: ChangeTrustInput,
    onProgress: (progress: TrustProgress) => void = () => undefined,
  ): Promise<TrustChange> {
    const result = this.#queue.then(() => this.#change(input, onProgress));
    this.#queue = result.catch(() => undefined);
    return result;
  }

  async #change(
    { store: id, action, agreedCommands }: ChangeTrustInput,
    onProgress: (progress: TrustProgress) => void,
  ): Promise<TrustChange> {
    const ca = this.#ca();
    if (ca === null) throw new AppError('not_found', 'there is no CA to be trusted yet');
    const store = await this.#store(ca, id);
    const elevation = await this.#elevation();
    const before = await this.#describe(store, true, elevation);
    const planned = action === 'install' ? before.installCommands : before.removeCommands;
    if (planned.map((command) => command.text).join('\n') !== agreedCommands.join('\n')) {
      throw new AppError(
        'conflict',
        'other commands would be run than those that were agreed to: look at them again',
      );
    }
    if (!before.isAutomatic) {
      throw new AppError(
        'unavailable',
        'this program may not become administrator here: run the commands in a terminal',
      );
    }
    const steps = await this.#run(store.plan, action, elevation, onProgress);
    // Looked up again: the commands may have made the database.
    return { status: await this.#describe(await this.#store(ca, id), true, elevation), steps };
  }

  async #store(ca: TrustedCa, id: string): Promise<Store> {
    const store = (await this.#stores(ca)).find((each) => each.plan.id === id);
    if (store !== undefined) return store;
    throw new AppError('not_found', `there is no trust store "${id}" on this machine`);
  }

  async #run(
    plan: TrustPlan,
    action: 'install' | 'remove',
    elevation: Elevation,
    onProgress: (progress: TrustProgress) => void,
  ): Promise<TrustStep[]> {
    const commands = plan[action];
    const steps: TrustStep[] = [];
    for (const [index, command] of commands.entries()) {
      const { text } = shown(command, elevation);
      const tell = (state: TrustProgress['state']) =>
        onProgress({ store: plan.id, action, command: text, step: index + 1, steps: commands.length, state });
      tell('running');
      const { exitCode, output } = await this.environment.run(elevated(command, elevation));
      steps.push({ command: text, exitCode, output });
      tell(exitCode === 0 ? 'done' : 'failed');
      if (exitCode !== 0) break;
    }
    return steps;
  }

  async #describe(store: Store, hasCa: boolean, elevation: Elevation): Promise<TrustStoreStatus> {
    const { plan } = store;
    const { status, detail } = hasCa ? await store.standing() : noCaYet;
    const canRun = status !== 'unavailable' && hasCa;
    const needsMore = [...plan.install, ...plan.remove].some(
      (command) => command.needsAdministrator === true,
    );
    const isAutomatic = !needsMore || elevation !== 'sudo';
    return {
      id: plan.id,
      title: plan.title,
      usedBy: plan.usedBy,
      status,
      detail,
      installCommands:
        canRun && status !== 'trusted' ? plan.install.map((command) => shown(command, elevation)) : [],
      removeCommands:
        canRun && status === 'trusted' ? plan.remove.map((command) => shown(command, elevation)) : [],
      isAutomatic,
      isTested: plan.isTested,
    };
  }

  async #stores(ca: TrustedCa): Promise<Store[]> {
    const { platform, home } = this.environment;
    if (platform === 'darwin') {
      return macosPlans(ca, home).map((plan) => ({ plan, standing: () => this.#macosStanding(ca) }));
    }
    if (platform === 'win32') {
      return windowsPlans(ca).map((plan) => ({ plan, standing: () => this.#windowsStanding(plan, ca) }));
    }
    return platform === 'linux' ? this.#linuxStores(ca) : [];
  }

  async #linuxStores(ca: TrustedCa): Promise<Store[]> {
    const stores: Store[] = [];
    for (const system of this.environment.systemStores) {
      if (!(await isFolder(system.anchors))) continue;
      const plan = linuxSystemPlan(ca, system);
      stores.push({ plan, standing: () => this.#linuxStanding(ca, system) });
      break;
    }
    for (const { folder, title, isThere } of await nssDatabases(
      this.environment.home,
      this.environment.path,
    )) {
      const plan = nssPlan(ca, folder, title, isThere);
      stores.push({ plan, standing: () => this.#nssStanding(ca, folder, isThere) });
    }
    return stores;
  }

  async #linuxStanding(ca: TrustedCa, { anchors, bundle, update }: LinuxSystemStore): Promise<Standing> {
    if (!(await isProgram(update[0]!, this.environment.path))) {
      return { status: 'unavailable', detail: `${update[0]} is not installed` };
    }
    const fingerprints = splitPem(await readFile(bundle, 'utf8').catch(() => '')).map(sha256Of);
    if (fingerprints.includes(ca.sha256)) return { status: 'trusted', detail: null };
    const files = await readdir(anchors);
    if (files.includes(`${ownName(ca)}.crt`)) {
      return { status: 'notTrusted', detail: 'its file is there, but the store was not updated' };
    }
    return otherOrNone(files.find((name) => name.startsWith(ownPrefix)));
  }

  async #nssStanding(ca: TrustedCa, folder: string, isThere: boolean): Promise<Standing> {
    if (!(await isProgram('certutil', this.environment.path))) {
      return {
        status: 'unavailable',
        detail:
          'certutil is not installed: it is in the package libnss3-tools (Debian) or nss-tools (Fedora)',
      };
    }
    if (!isThere) return { status: 'notTrusted', detail: 'the database is not there yet; it is made first' };
    const { exitCode, output } = await this.environment.run({
      program: 'certutil',
      args: ['-L', '-d', `sql:${folder}`],
    });
    if (exitCode !== 0)
      return { status: 'unavailable', detail: `the database cannot be read: ${output.trim()}` };
    const lines = output.split('\n');
    const own = lines.find((line) => line.startsWith(`${ownName(ca)} `));
    if (own !== undefined) {
      const isTrusted = /\sC[^,]*,[^,]*,[^,]*\s*$/.test(own);
      return isTrusted
        ? { status: 'trusted', detail: null }
        : { status: 'notTrusted', detail: 'it is in there, but not trusted for servers' };
    }
    return otherOrNone(lines.find((line) => line.startsWith(ownPrefix)));
  }

  async #macosStanding(ca: TrustedCa): Promise<Standing> {
    const { exitCode } = await this.environment.run({
      program: 'security',
      args: ['verify-cert', '-c', ca.file, '-l', '-L'],
    });
    return exitCode === 0
      ? { status: 'trusted', detail: 'one of the two keychains trusts it' }
      : { status: 'notTrusted', detail: null };
  }

  async #windowsStanding({ id }: TrustPlan, ca: TrustedCa): Promise<Standing> {
    const scope = id === 'windows-user' ? ['-user'] : [];
    const { exitCode } = await this.environment.run({
      program: 'certutil',
      args: [...scope, '-store', 'Root', ca.sha1],
    });
    return { status: exitCode === 0 ? 'trusted' : 'notTrusted', detail: null };
  }

  async #elevation(): Promise<Elevation> {
    const { platform, isAdministrator, path } = this.environment;
    // Windows asks by itself where it wants to; a command that may not says so.
    if (isAdministrator || platform === 'win32') return 'none';
    return platform === 'linux' && (await isProgram('pkexec', path)) ? 'pkexec' : 'sudo';
  }

  #ca(): (TrustedCa & { readonly fingerprint: string }) | null {
    const ca = this.certificates.info().ca;
    if (ca === null) return null;
    const { fingerprint } = new X509Certificate(ca.certificatePem);
    return {
      file: this.certificates.caCertificateFile,
      sha256: ca.fingerprint.replaceAll(':', ''),
      sha1: fingerprint.replaceAll(':', '').toLowerCase(),
      fingerprint: ca.fingerprint,
    };
  }
}

const noCaYet: Standing = { status: 'notTrusted', detail: 'there is no CA yet' };

function noCa(file: string): TrustedCa {
  return { file, sha256: '', sha1: '' };
}

function otherOrNone(other: string | undefined): Standing {
  if (other === undefined) return { status: 'notTrusted', detail: null };
  const name = other.split(/\s/)[0]!.replace(/\.crt$/, '');
  return { status: 'otherCa', detail: `an older CA of Hopscope is trusted there: ${name}` };
}

function sha256Of(pem: string): string {
  const base64 = pem.replace(/-----[^-]+-----/g, '');
  return createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex');
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
