import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A local stand-in of Slack: takes what is posted, and gives all of it to who asks. */
export interface Slack {
  readonly url: string;
  readonly stop: () => void;
}

/** Starts it. `POST /…` is a message, `GET /` gives all messages as JSON. */
export async function startSlack(): Promise<Slack> {
  const messages: unknown[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.method === 'POST') messages.push(JSON.parse(Buffer.concat(chunks).toString('utf8')));
    response.end(request.method === 'POST' ? 'ok' : JSON.stringify(messages));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, stop: () => server.close() };
}

/** Everything that it was told so far. */
export const told = async (url: string): Promise<unknown[]> => (await (await fetch(url)).json()) as unknown[];

/** Waits until it was told something in such words. */
export async function untilTold(url: string, words: RegExp): Promise<void> {
  const deadline = Date.now() + 180_000;
  for (;;) {
    const all = JSON.stringify(await told(url));
    if (words.test(all)) return;
    if (Date.now() > deadline)
      throw new Error(`waited three minutes for ${words}; told were ${all.length} characters: …${all.slice(-500)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
