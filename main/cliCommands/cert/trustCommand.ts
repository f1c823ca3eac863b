// trust: how the stores of this machine stand, and changing them with the commands shown first.
import { createInterface } from 'node:readline/promises';
import { TrustService } from '../../certs/trust/trustService';
import { AppError } from '../../contract/appError';
import { trustInstructions } from '../../contract/trustInstructions';
import type { TrustStoreStatus } from '../../contract/trustStore';
import { type ExitCode, UsageError } from '../commandLine';
import { type CertCommand, type CertContext, print } from './certCommand';

const words = {
  trusted: 'trusted',
  notTrusted: 'not trusted',
  otherCa: 'another CA of Hopscope is trusted',
  unavailable: 'unavailable',
} as const;

export const trust: CertCommand = {
  usage: 'trust [status] | trust install STORE | trust remove STORE | trust how',
  summary: 'trust the local CA on this machine, or stop trusting it; the exact commands are shown first',
  help: `  status             each store and how it stands (the default)
  install, remove    show the commands for STORE ("all" = every one), ask, run them
  how                what to do for curl, Node.js, Python, Java, Firefox, phones
  --yes              run them without asking; without it and without a terminal nothing is run`,
  options: { yes: { type: 'boolean', default: false } },
  check: (names) => {
    const [action = 'status', store, extra] = names;
    if (!['status', 'install', 'remove', 'how'].includes(action)) {
      throw new UsageError(`"${action}" is none of status, install, remove, how`);
    }
    const needsStore = action === 'install' || action === 'remove';
    if (needsStore && store === undefined)
      throw new UsageError('name the STORE as "cert trust" lists it, or "all"');
    const tooMuch = needsStore ? extra : store;
    if (tooMuch !== undefined) throw new UsageError(`"${tooMuch}" is too much here`);
  },
  run: async (context) => {
    const [action = 'status', store = ''] = context.names;
    if (action === 'how') return how(context);
    const service = new TrustService(context.service);
    if (action === 'install' || action === 'remove') return change(context, service, action, store);
    const status = await service.status();
    print(
      context,
      status,
      status.stores.map(({ id, title, status: standing, detail }) =>
        [id, title, words[standing], ...(detail === null ? [] : [detail])].join('\t'),
      ),
    );
    return 0;
  },
};

async function change(
  context: CertContext,
  service: TrustService,
  action: 'install' | 'remove',
  wanted: string,
): Promise<ExitCode> {
  const { stores } = await service.status();
  const chosen = stores.filter((store) => wanted === 'all' || store.id === wanted);
  if (chosen.length === 0) {
    const known = stores.map((store) => store.id).join(', ');
    throw new AppError(
      'not_found',
      `there is no trust store "${wanted}"; there are ${known || 'none that are known here'}`,
    );
  }
  let exitCode: ExitCode = 0;
  for (const store of chosen) {
    if ((await changeOne(context, service, action, store)) !== 0) exitCode = 1;
  }
  return exitCode;
}

async function changeOne(
  { io, values }: CertContext,
  service: TrustService,
  action: 'install' | 'remove',
  store: TrustStoreStatus,
): Promise<ExitCode> {
  const commands = (action === 'install' ? store.installCommands : store.removeCommands).map(
    (each) => each.text,
  );
  if (commands.length === 0) {
    io.stderr.write(`${store.id}: nothing to do: ${store.detail ?? words[store.status]}\n`);
    return store.status === 'unavailable' ? 1 : 0;
  }
  io.stderr.write(`${store.title} (${store.id}):\n${commands.map((command) => `  ${command}\n`).join('')}`);
  if (!store.isTested) io.stderr.write('This way was not tried by Hopscope’s own tests.\n');
  if (!store.isAutomatic) {
    io.stderr.write('Run these commands yourself: this program may not become administrator here.\n');
    return 1;
  }
  if (values.yes !== true && !(await agrees(io))) {
    io.stderr.write('Nothing was run. Say --yes to run them.\n');
    return 1;
  }
  const { status, steps } = await service.change({ store: store.id, action, agreedCommands: commands });
  const failed = steps.find((step) => step.exitCode !== 0);
  if (failed !== undefined) {
    io.stderr.write(`failed: ${failed.command}: ${failed.output.trim() || `exit code ${failed.exitCode}`}\n`);
    return 1;
  }
  io.stdout.write(`${store.id}\t${words[status.status]}\n`);
  return 0;
}

async function agrees({ stdin, stderr }: CertContext['io']): Promise<boolean> {
  if (stdin.isTTY !== true) return false;
  const lines = createInterface({ input: stdin });
  stderr.write('Run them? [y/N] ');
  const answer = await lines.question('');
  lines.close();
  return /^y(es)?$/i.test(answer.trim());
}

function how(context: CertContext): ExitCode {
  const instructions = trustInstructions(context.service.caCertificateFile, process.platform);
  print(
    context,
    instructions,
    instructions.flatMap(({ client, steps }) => [
      `${client}:`,
      ...steps.flatMap(({ text, command }) => [`  ${text}`, ...(command === null ? [] : [`    ${command}`])]),
    ]),
  );
  return 0;
}
