// HAR 1.2 as its specification has it (softwareishard.com/blog/har-12-spec): what must be there, of which type. Custom
// fields begin with "_".
import { z } from 'zod';

const text = z.string();
const size = z.int().min(-1);
const field = z.strictObject({ name: text, value: text, comment: text.optional() });
const cookie = z.strictObject({
  name: text,
  value: text,
  path: text.optional(),
  domain: text.optional(),
  expires: z.iso.datetime({ offset: true }).optional(),
  httpOnly: z.boolean().optional(),
  secure: z.boolean().optional(),
  comment: text.optional(),
});
const message = {
  httpVersion: text,
  cookies: z.array(cookie),
  headers: z.array(field),
  headersSize: size,
  bodySize: size,
  comment: text.optional(),
};
const applicable = z.number().min(0);
const orNot = z.union([z.literal(-1), applicable]);

const entry = z.strictObject({
  startedDateTime: z.iso.datetime({ offset: true }),
  time: applicable,
  request: z.strictObject({
    ...message,
    method: text,
    url: z.url(),
    queryString: z.array(field),
    postData: z
      .strictObject({
        mimeType: text,
        params: z.array(z.never()),
        text,
        _base64: text.optional(),
        comment: text.optional(),
      })
      .optional(),
  }),
  response: z.strictObject({
    ...message,
    status: z.int().min(0).max(999),
    statusText: text,
    content: z.strictObject({
      size: z.int().min(0),
      compression: z.int().optional(),
      mimeType: text,
      text: text.optional(),
      encoding: z.literal('base64').optional(),
      comment: text.optional(),
    }),
    redirectURL: text,
  }),
  cache: z.strictObject({}),
  timings: z.strictObject({
    blocked: orNot,
    dns: orNot,
    connect: orNot,
    ssl: orNot,
    send: applicable,
    wait: applicable,
    receive: applicable,
    comment: text.optional(),
  }),
  serverIPAddress: z.union([z.ipv4(), z.ipv6()]).optional(),
  connection: text.optional(),
  comment: text.optional(),
});

export const harSchema = z.strictObject({
  log: z.strictObject({
    version: z.literal('1.2'),
    creator: z.strictObject({ name: text, version: text, comment: text.optional() }),
    entries: z.array(entry),
    comment: text.optional(),
  }),
});

/** The sum that the specification asks for: all phases that apply; `ssl` is part of `connect`. */
export function sumOfTimings(timings: z.output<typeof entry>['timings']): number {
  const { blocked, dns, connect, send, wait, receive } = timings;
  return [blocked, dns, connect, send, wait, receive].reduce((sum, ms) => sum + Math.max(0, ms), 0);
}
