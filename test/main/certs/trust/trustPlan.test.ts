// The commands word for word: what people are shown is what is run. macOS and Windows are tested nowhere else.
import { describe, expect, it } from 'vitest';
import { type Command, shown } from '../../../../main/certs/trust/trustCommand';
import {
  linuxSystemPlan,
  linuxSystemStores,
  macosPlans,
  nssPlan,
  windowsPlans,
} from '../../../../main/certs/trust/trustPlan';

const ca = { file: '/data/my certs/ca.pem', sha256: 'ab'.repeat(32), sha1: 'cd'.repeat(20) };
const words = (commands: readonly Command[], elevation: 'none' | 'pkexec' | 'sudo' = 'none') =>
  commands.map((command) => shown(command, elevation).text);

describe('Linux', () => {
  it('puts a file beside the others and updates the store, as administrator', () => {
    const plan = linuxSystemPlan(ca, linuxSystemStores[0]!);
    expect(words(plan.install, 'pkexec')).toEqual([
      "pkexec install -m 0644 '/data/my certs/ca.pem' /usr/local/share/ca-certificates/hopscope-ca-abababababababab.crt",
      'pkexec update-ca-certificates',
    ]);
    expect(words(plan.remove)).toEqual([
      'rm -f /usr/local/share/ca-certificates/hopscope-ca-abababababababab.crt',
      'update-ca-certificates --fresh',
    ]);
    expect(plan.install.map((command) => shown(command, 'sudo').needsAdministrator)).toEqual([true, true]);
    expect(plan.isTested).toBe(true);
  });

  it.each([
    [1, '/etc/pki/ca-trust/source/anchors/hopscope-ca-abababababababab.crt', 'update-ca-trust extract'],
    [2, '/etc/ca-certificates/trust-source/anchors/hopscope-ca-abababababababab.crt', 'trust extract-compat'],
    [3, '/etc/pki/trust/anchors/hopscope-ca-abababababababab.crt', 'update-ca-certificates'],
  ])('knows the way of distribution %d', (index, target, update) => {
    const plan = linuxSystemPlan(ca, linuxSystemStores[index]!);
    expect(words(plan.install)).toEqual([`install -m 0644 '/data/my certs/ca.pem' ${target}`, update]);
  });

  it('makes an NSS database first where there is none', () => {
    const plan = nssPlan(ca, '/home/ann/.pki/nssdb', 'Chromium and Chrome', false);
    expect(words(plan.install)).toEqual([
      'mkdir -p -m 0700 /home/ann/.pki/nssdb',
      'certutil -N -d sql:/home/ann/.pki/nssdb --empty-password',
      "certutil -A -d sql:/home/ann/.pki/nssdb -t C,, -n hopscope-ca-abababababababab -i '/data/my certs/ca.pem'",
    ]);
    expect(words(plan.remove)).toEqual([
      'certutil -D -d sql:/home/ann/.pki/nssdb -n hopscope-ca-abababababababab',
    ]);
  });
});

describe('macOS', () => {
  it('has a keychain of the user and one of the system', () => {
    const [login, system] = macosPlans(ca, '/Users/ann');
    expect(words(login!.install)).toEqual([
      "security add-trusted-cert -r trustRoot -k /Users/ann/Library/Keychains/login.keychain-db '/data/my certs/ca.pem'",
    ]);
    expect(words(login!.remove)).toEqual([
      "security remove-trusted-cert '/data/my certs/ca.pem'",
      `security delete-certificate -Z ${'CD'.repeat(20)} /Users/ann/Library/Keychains/login.keychain-db`,
    ]);
    expect(words(system!.install, 'sudo')).toEqual([
      "sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain '/data/my certs/ca.pem'",
    ]);
    expect([login!.isTested, system!.isTested]).toEqual([false, false]);
  });
});

describe('Windows', () => {
  it('has a store of the user and one of the computer', () => {
    const [user, machine] = windowsPlans({ ...ca, file: String.raw`C:\Users\Ann\ca.pem` });
    expect(words(user!.install)).toEqual([String.raw`certutil -user -addstore Root 'C:\Users\Ann\ca.pem'`]);
    expect(words(user!.remove)).toEqual([`certutil -user -delstore Root ${'cd'.repeat(20)}`]);
    expect(words(machine!.install)).toEqual([String.raw`certutil -addstore Root 'C:\Users\Ann\ca.pem'`]);
    expect([user!.isTested, machine!.isTested]).toEqual([false, false]);
  });
});
