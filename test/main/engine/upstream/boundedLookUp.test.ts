import { expect, it } from 'vitest';
import { boundedLookUp } from '../../../../main/engine/upstream/boundedLookUp';

/** A look-up whose answers come when the test gives them. */
function slowNames() {
  const asked: string[] = [];
  const answers = new Map<string, { give(addresses: string[]): void; fail(error: Error): void }>();
  const lookUp = (name: string) => {
    asked.push(name);
    return new Promise<readonly string[]>((give, fail) => answers.set(name, { give, fail }));
  };
  return { asked, answers, lookUp };
}

it('asks for a name once while it is being looked up, and again afterwards', async () => {
  const { asked, answers, lookUp } = slowNames();
  const find = boundedLookUp(lookUp);
  const both = [find('a.test'), find('a.test')];
  answers.get('a.test')!.give(['127.0.0.1']);
  expect(await Promise.all(both)).toEqual([['127.0.0.1'], ['127.0.0.1']]);
  void find('a.test');
  expect(asked).toEqual(['a.test', 'a.test']);
});

it('lets the next name go when one is done, also when it failed', async () => {
  const { asked, answers, lookUp } = slowNames();
  const find = boundedLookUp(lookUp, { atOnce: 1, waiting: 5 });
  const first = find('a.test');
  const second = find('b.test');
  expect(asked).toEqual(['a.test']);
  answers.get('a.test')!.fail(new Error('no such name'));
  await expect(first).rejects.toThrow('no such name');
  await expect.poll(() => asked).toEqual(['a.test', 'b.test']);
  answers.get('b.test')!.give(['127.0.0.2']);
  expect(await second).toEqual(['127.0.0.2']);
});

it('refuses at once what does not fit into the line', async () => {
  const { answers, lookUp } = slowNames();
  const find = boundedLookUp(lookUp, { atOnce: 1, waiting: 1 });
  const [first, second] = [find('a.test'), find('b.test')];
  await expect(find('c.test')).rejects.toThrow('too many names are being looked up');
  answers.get('a.test')!.give([]);
  await first;
  await expect.poll(() => answers.has('b.test')).toBe(true);
  answers.get('b.test')!.give([]);
  expect(await second).toEqual([]);
});
