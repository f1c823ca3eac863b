// `hopscope cert …`: the certificate store from the command line; each command is in cert/.
import { join } from 'node:path';
import { didYouMean } from '../contract/nearestName';
import { dataFolder } from '../platform/dataFolder';
import { acme } from './cert/acmeCommand';
import { type CertCommand, readSecret, text } from './cert/certCommand';
import { csr, exportFile, importFiles, sign } from './cert/fileCommands';
import { ca, crl, issue, list, protect, remove, renew, revoke, show } from './cert/storeCommands';
import { trust } from './cert/trustCommand';
import { type CommandIo, type ExitCode, parseCommand, UsageError } from './commandLine';
import { openStore } from './openStore';

const commands: Readonly<Record<string, CertCommand>> = {
  ca,
  issue,
  list,
  show,
  import: importFiles,
  export: exportFile,
  csr,
  sign,
  renew,
  revoke,
  crl,
  delete: remove,
  trust,
  acme,
  protect,
};

const sharedOptions = {
  store: { type: 'string' },
  'passphrase-file': { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const sharedHelp = `  --store DIR        folder of the store (default: "certificates" in the app's data folder)
  --passphrase-file FILE   opens a store that is protected by one; or the variable HOPSCOPE_PASSPHRASE
  --json             print JSON
  -h, --help         this text
`;

export async function runCert(args: string[], io: CommandIo): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h') {
    (name === undefined ? io.stderr : io.stdout).write(overview());
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    throw new UsageError(`"${name}" is not a command of "cert"${didYouMean(name, Object.keys(commands))}`);
  }
  const { values, positionals } = parseCommand(rest, { ...command.options, ...sharedOptions });
  if (values.help) {
    io.stdout.write(
      `Usage: hopscope cert ${command.usage}\n\n  ${command.summary}\n\n${command.help}\n${sharedHelp}`,
    );
    return 0;
  }
  command.check?.(positionals, values);
  if (values.store === '') throw new UsageError('--store needs a folder');
  const folder = text(values, 'store') ?? join(dataFolder(), 'certificates');
  const passphraseFile = text(values, 'passphrase-file');
  const service = await openStore(
    folder,
    passphraseFile === undefined ? undefined : await readSecret(passphraseFile, io),
  );
  try {
    return await command.run({ service, names: positionals, values, io });
  } finally {
    service.close();
  }
}

function overview(): string {
  const rows = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(9)}${summary}`);
  return `Usage: hopscope cert COMMAND [options]\n\n${rows.join('\n')}\n\n  COMMAND --help     more about a command\n${sharedHelp}`;
}
