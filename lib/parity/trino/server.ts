import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { EngineError } from '../../engines/index.ts';
import { findJava, jars, jarVersion } from '../../tools/index.ts';
import { closeProcess } from '../close-process.ts';

/** The newest Trino of Maven Central that runs on Java 17 and has its Iceberg connector there. */
export const TRINO_VERSION = jarVersion('trino', 'io.trino:trino-main');

const MAIN = fileURLToPath(new URL('TrinoServer.java', import.meta.url));
const FLAGS = ['-Xmx2g', '-XX:+UseG1GC', '-Djdk.attach.allowAttachSelf=true', '-Duser.timezone=UTC'];

/** A Trino that runs. */
export interface TrinoServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a Trino of one node with the catalog `lake`: Iceberg tables, known by files in the folder. */
export async function startTrino(folder: string): Promise<TrinoServer> {
  const [java, paths, port] = await Promise.all([findJava(), jars('trino'), freePort()]);
  const config = await writeSettings(folder, port, paths);
  const args = [...FLAGS, `-Dconfig=${config}`, '-cp', paths.join(':'), MAIN, TRINO_VERSION];
  const server = spawn(java, args, { stdio: ['pipe', 'ignore', 'pipe'] });
  await started(server);
  return { url: `http://127.0.0.1:${port}`, close: () => stop(server, folder) };
}

/** Settings as in a Trino installation: its own, the catalog's, and the plugin's folder of jars. @returns the path of the first. */
async function writeSettings(folder: string, port: number, paths: readonly string[]): Promise<string> {
  const [plugins, catalogs, metastore] = ['plugin', 'catalog', 'metastore'].map((name) => join(folder, name));
  const plugin = join(plugins ?? '', 'iceberg');
  const services = join(plugin, 'services', 'META-INF', 'services');
  for (const each of [services, catalogs, metastore]) await mkdir(each ?? '', { recursive: true });
  await Promise.all(paths.map((path) => symlink(path, join(plugin, basename(path)))));
  await writeFile(join(services, 'io.trino.spi.Plugin'), 'io.trino.plugin.iceberg.IcebergPlugin\n');
  await writeFile(
    join(catalogs ?? '', 'lake.properties'),
    properties({
      'connector.name': 'iceberg',
      'iceberg.catalog.type': 'TESTING_FILE_METASTORE',
      'hive.metastore.catalog.dir': pathToFileURL(metastore ?? '').href,
      'iceberg.register-table-procedure.enabled': 'true',
    }),
  );
  const config = join(folder, 'config.properties');
  await writeFile(
    config,
    properties({
      coordinator: 'true',
      'node-scheduler.include-coordinator': 'true',
      'http-server.http.port': String(port),
      'discovery.uri': `http://127.0.0.1:${port}`,
      'node.environment': 'parity',
      'node.internal-address': '127.0.0.1',
      'plugin.dir': plugins ?? '',
      'catalog.config-dir': catalogs ?? '',
      'query.max-memory': '512MB',
      'query.max-memory-per-node': '512MB',
    }),
  );
  return config;
}

const properties = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

/** The most that is kept of what Trino logs, for the case that it does not start. */
const KEPT = 4000;

function started(server: ChildProcess): Promise<void> {
  let log = '';
  let up = false;
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new EngineError('start', new Error(`Trino: ${why}\n${log.trim()}`)));
    server.on('error', (error) => fail(error.message));
    server.on('exit', (code, signal) => fail(`it ended with ${code ?? signal}`));
    server.stderr?.on('data', (data) => {
      if (up) return;
      log = `${log}${data}`.slice(-KEPT);
      up = log.includes('SERVER STARTED');
      if (up) resolve();
    });
  });
}

async function stop(server: ChildProcess, folder: string): Promise<void> {
  await closeProcess(server);
  await rm(folder, { recursive: true, force: true });
}

/** A port that nobody listens on. Trino must be told its own before it starts. */
async function freePort(): Promise<number> {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const address = holder.address();
  holder.close();
  await once(holder, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
