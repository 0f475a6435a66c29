import type { ChildProcess } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { withLake } from '../support/oracle-lake.ts';
import { node, PROGRAM } from './program.ts';

const line = (at: number): string =>
  `${JSON.stringify({ event_id: `e${at}`, location_id: 'l', sku: 's', sequence: at, type: 'receipt', quantity: 1, occurred_at: '2026-06-30T12:00:00Z' })}\n`;
const LINES = Array.from({ length: 30 }, (_, at) => line(at)).join('');

describe('lakehouse stream, interrupted', () => {
  it('publishes the complete lines that it has read, leaves the begun one out, and ends with 130', async () => {
    await withLake(async (lake) => {
      const argv = [PROGRAM, 'stream', '--from', '-', '--raw', lake.raw, '--lake', lake.lake, '--as-of', '2026-06-30'];
      const meanwhile = (child: ChildProcess) => {
        // The first batch is published, so the program is up; what follows waits for more when the interrupt comes.
        child.stderr?.once('data', () => {
          child.stdin?.write(`${line(30)}${line(31)}{"half`, () => setTimeout(() => child.kill('SIGINT'), 200));
        });
      };
      const called = await node([...argv, '--batch', '30', '--format', 'ndjson'], { open: LINES, meanwhile });
      expect(called.code).toBe(130);
      const last = called.stdout.trim().split('\n').at(-1) ?? '';
      expect(JSON.parse(last)).toMatchObject({
        kind: 'stream',
        read: 32,
        accepted: 32,
        quarantined: 0,
        interrupted: true,
      });
      const [rows] = await lake.rows('select on_hand, last_sequence from mart.inventory_position');
      expect(rows).toEqual([{ on_hand: 32n, last_sequence: 31n }]);
      // The producer gives the begun line again: nothing is lost, nothing counts twice.
      const again = await node([...argv, '--format', 'json'], { input: `${LINES}${line(30)}${line(31)}${line(32)}` });
      expect(JSON.parse(again.stdout)).toMatchObject({ read: 33, accepted: 1, duplicate: 32 });
    });
  });
});
