// A folder in which the openssl command line makes keys and certificates of every kind, for tests only.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class OpensslFixture {
  readonly folder = mkdtempSync(join(tmpdir(), 'hopscope-openssl-'));

  path(name: string): string {
    return join(this.folder, name);
  }

  read(name: string): Buffer {
    return readFileSync(this.path(name));
  }

  text(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  write(name: string, content: string | Uint8Array): string {
    writeFileSync(this.path(name), content);
    return this.path(name);
  }

  /** Runs a program in the folder; its stdout as text. */
  run(program: string, ...args: string[]): string {
    return execFileSync(program, args, { cwd: this.folder, stdio: 'pipe', encoding: 'utf8' });
  }

  openssl(...args: string[]): string {
    return this.run('openssl', ...args);
  }

  /** `NAME.key` (PKCS#8 PEM) of an algorithm as `openssl genpkey` names it. */
  key(name: string, algorithm: string, ...options: string[]): void {
    const settings = options.flatMap((option) => ['-pkeyopt', option]);
    this.openssl('genpkey', '-algorithm', algorithm, ...settings, '-out', `${name}.key`);
  }

  /** `NAME.pem`, signed by itself or by `issuer`; its key is made when there is none. Extensions as in a config file. */
  certificate(
    name: string,
    options: {
      readonly subject: string;
      readonly issuer?: string;
      readonly extensions?: readonly string[];
      readonly days?: number;
      readonly digest?: string;
    },
  ): void {
    const { subject, issuer, extensions = [], days = 90, digest = 'sha256' } = options;
    this.write(`${name}.cnf`, `[req]\ndistinguished_name=dn\n[dn]\n[ext]\n${extensions.join('\n')}\n`);
    const config = ['-config', `${name}.cnf`, '-extensions', 'ext'];
    const signer = issuer === undefined ? [] : ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`];
    this.openssl(
      'req',
      '-new',
      '-x509',
      '-key',
      `${name}.key`,
      '-subj',
      subject,
      '-days',
      String(days),
      `-${digest}`,
      ...config,
      ...signer,
      '-out',
      `${name}.pem`,
    );
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Whether a program can be run here; says so once when it cannot. */
export function isInstalled(program: string, ...args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code !== 'ENOENT';
    if (!isThere) console.warn(`${program} is not installed: its tests are skipped`);
    return isThere;
  }
}
