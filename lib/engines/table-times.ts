import { GlueClient, paginateGetTables } from '@aws-sdk/client-glue';
import type { DeployedEnvironment } from '../aws/index.ts';
import { clientSettings } from './aws-client.ts';

/** When the tables of a Glue database last got another snapshot, by name. */
export async function tableTimes(where: DeployedEnvironment, database: string): Promise<Map<string, string>> {
  const client = new GlueClient(clientSettings(where));
  const times = new Map<string, string>();
  for await (const { TableList = [] } of paginateGetTables({ client }, { DatabaseName: database }))
    for (const { Name = '', UpdateTime } of TableList) if (UpdateTime) times.set(Name, UpdateTime.toISOString());
  return times;
}
