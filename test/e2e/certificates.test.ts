// The Certificates screen in a real Chromium on the real app, with files made by OpenSSL.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppUnderTest, startApp } from '../helpers/appUnderTest';
import { axeViolations } from '../helpers/axe';
import { browserPath, openBrowser } from '../helpers/browser';
import { isInstalled } from '../helpers/opensslFixture';
import { Pebble } from '../helpers/pebble';

const folder = mkdtempSync(join(tmpdir(), 'hopscope-certificates-'));
const incoming = join(folder, 'incoming');
const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: incoming, stdio: 'pipe' });

const hasPebble = isInstalled('pebble', '-h') && isInstalled('pebble-challtestsrv', '-h');

const workspace = `schemaVersion: 1
listeners:
  - { id: secure, port: 0, protocol: https, tls: { certificates: [first] } }
routes:
  - id: shop
    kind: http
    listeners: [secure]
    hostnames: [shop.test, bank.test]
    filters: [{ type: respond, status: 200, body: hello }]
`;

describe.skipIf(browserPath === null)('the Certificates screen', () => {
  let app: AppUnderTest;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let page: Page;
  const complaints: string[] = [];
  const button = (name: string | RegExp) =>
    page.getByRole('button', { name, exact: typeof name === 'string' });
  const detail = () => page.getByRole('complementary');

  beforeAll(async () => {
    mkdirSync(incoming);
    writeFileSync(join(folder, 'workspace.yaml'), workspace);
    execFileSync(process.execPath, [
      'scripts/hopscope.mjs',
      ...['cert', 'issue', 'shop.test', '--id', 'first', '--store', join(folder, 'certificates')],
    ]);
    app = await startApp(folder);
    browser = await openBrowser({ width: 1024, height: 640 });
    page = await browser.context.newPage();
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(app.url);
    await button('Certificates').click();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function expectAccessible(): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await axeViolations(page)).toEqual([]);
    }
  }

  it('names the host names without cover, issues for them, and the listener serves it once applied', async () => {
    await page.getByText('no certificate for bank.test').waitFor();
    await button('Issue a certificate…').click();
    await button('Remove bank.test').waitFor();
    await expectAccessible();
    await button('Issue').click();
    await detail().getByRole('heading', { name: 'bank.test' }).waitFor();
    expect(await page.getByText('no certificate for bank.test').count()).toBe(0);
    await expectAccessible();
    await button('Go there to apply').click();
    await page.keyboard.press('Control+Enter');
    await button('Apply now').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByText('Everything is applied').waitFor();
    await button('Certificates').click();
    await button('bank.test').click();
    await button('Make a TLS handshake').click();
    await page.getByText('A client that trusts the local CA accepts it.').waitFor();
    await page.getByText(/TLSv1\.3 · /).waitFor();
  });

  it('explains chain and fields', async () => {
    await page.getByRole('tab', { name: 'Chain' }).click();
    await detail().getByText('Hopscope local CA').waitFor();
    await page.getByRole('tab', { name: 'Every field' }).click();
    await detail().getByText('Alternative names', { exact: true }).waitFor();
    await expectAccessible();
  });

  it('imports an encrypted key with its certificate, asks for the password, and refuses a wrong one', async () => {
    openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-keyout',
      'key.pem',
      ...['-passout', 'pass:secret', '-subj', '/CN=pay.test', '-addext', 'subjectAltName=DNS:pay.test'],
      ...['-days', '20', '-out', 'pay.pem'],
    );
    await button('More ways').click();
    await page.getByRole('menuitem', { name: /Import files/ }).click();
    await page
      .locator('input[type=file]')
      .setInputFiles([join(incoming, 'pay.pem'), join(incoming, 'key.pem')]);
    await page.getByText('sealed: needs a password').waitFor();
    await page.getByLabel('Password').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('That did not open everything.').waitFor();
    await page.getByLabel('Password').fill('secret');
    await page.keyboard.press('Enter');
    await page.getByText('its key is here').waitFor();
    await expectAccessible();
    await button('Import').click();
    await detail().getByRole('heading', { name: 'pay.test' }).waitFor();
  });

  it('lets the private key out only after a yes and with a password', async () => {
    await button('Export…').click();
    await page.getByLabel('What', { exact: true }).selectOption('pkcs12');
    const save = button('Save');
    expect(await save.isDisabled()).toBe(true);
    await page.getByLabel(/Let the private key leave the store/).check();
    await page.getByLabel('Password for the file').fill('out we go');
    expect(await save.isDisabled()).toBe(true);
    await page.getByLabel('The same again').fill('out we go');
    const download = page.waitForEvent('download');
    await save.click();
    const file = join(incoming, 'out.p12');
    await (await download).saveAs(file);
    const text = openssl('pkcs12', '-in', file, '-nodes', '-passin', 'pass:out we go').toString();
    expect(text).toContain('PRIVATE KEY');
    expect(text).toContain('pay.test');
  });

  it('makes a request, takes the answer of another CA, and signs the request of somebody else', async () => {
    await button('More ways').click();
    await page.getByRole('menuitem', { name: /Ask another CA/ }).click();
    await page.getByLabel('Host names and IP addresses').fill('far.test');
    await page.keyboard.press('Enter');
    const download = page.waitForEvent('download');
    await button('Create and save').click();
    const csr = join(incoming, 'far.csr');
    await (await download).saveAs(csr);
    await button('Save CSR').waitFor();
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-subj',
      '/CN=Far CA',
    );
    writeFileSync(join(incoming, 'ext'), 'subjectAltName=DNS:far.test\n');
    openssl(
      'x509',
      '-req',
      '-in',
      csr,
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      '90',
      ...['-extfile', 'ext', '-out', 'far.pem'],
    );
    await page
      .locator('input[type=file]')
      .setInputFiles([join(incoming, 'far.pem'), join(incoming, 'ca.pem')]);
    await button('far.test').waitFor();

    openssl(
      'req',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'x.key',
      '-subj',
      '/CN=peer.test',
      ...['-addext', 'subjectAltName=DNS:peer.test', '-out', 'peer.csr'],
    );
    await button('More ways').click();
    await page.getByRole('menuitem', { name: /Sign somebody/ }).click();
    await page
      .getByLabel('Certificate signing request')
      .fill(readFileSync(join(incoming, 'peer.csr'), 'utf8'));
    await button('Look at it').click();
    await page.getByText('peer.test').first().waitFor();
    const signed = page.waitForEvent('download');
    await button('Sign and save').click();
    const answer = join(incoming, 'peer.pem');
    await (await signed).saveAs(answer);
    const ca = join(folder, 'certificates', 'ca.pem');
    expect(openssl('verify', '-x509_strict', '-CAfile', ca, answer).toString()).toContain('OK');
  });

  it('revokes after a question, and keeps the list', async () => {
    await button('bank.test').click();
    await button('Revoke…').click();
    await button('Revoke for good').click();
    await detail()
      .getByText(/Revoked on/)
      .waitFor();
    await button('Local CA and trust').click();
    await page.getByRole('heading', { name: /Revocation list/ }).waitFor();
    await page.getByRole('region', { name: 'Revocation list' }).getByText('bank.test').waitFor();
  });

  it.skipIf(!hasPebble)('gets a certificate by ACME from a real server, step by step', async () => {
    const pebble = await Pebble.start();
    try {
      await button('Public CA').click();
      await button('Add an account').click();
      await page.getByLabel('CA', { exact: true }).selectOption('custom');
      await page.getByLabel('Directory address').fill(pebble.directoryUrl);
      await page.getByLabel(/CA certificate of that server/).fill(pebble.caPem);
      await button('Ask the server').click();
      await page.getByLabel(/I agree to the CA's terms/).check();
      await button('Make the account').click();
      await button('Get a certificate').click();
      await page.getByLabel('Host names', { exact: true }).fill('public.example');
      await page.keyboard.press('Enter');
      await page.getByLabel(/Open a port for the proof/).check();
      await page.getByLabel('Port', { exact: true }).fill(String(pebble.httpPort));
      await button('Order it').click();
      const order = page.getByRole('region', { name: 'Order for public.example' });
      await order.getByText('done', { exact: true }).waitFor({ timeout: 30_000 });
      await order.getByText('The CA looks · public.example').waitFor();
      await expectAccessible();
      await button('In the store').click();
      await button('public.example').click();
      await detail().getByText('public CA, proved by http-01').waitFor();
    } finally {
      await pebble.close();
    }
  });

  it('has an accessible part for trust, and complains of nothing', async () => {
    await button('Local CA and trust').click();
    await page.getByRole('region', { name: 'Trust on this machine' }).getByRole('listitem').first().waitFor();
    await expectAccessible();
    expect(complaints).toEqual([]);
  });
});
