import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { SqsSchema } from '@aws-lambda-powertools/parser/schemas/sqs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { METRICS } from '../../lib/aws/index.ts';
import { edge } from '../shared/edge.ts';
import { IncidentTable } from '../shared/incident-table.ts';
import { Secrets } from '../shared/secrets.ts';
import { channelsOf } from './channels.ts';
import { parseMessage } from './parse-message.ts';
import { sendAlerts } from './send-alert.ts';

/**
 * Messages of the findings topic, through a queue -> Slack and PagerDuty. What could not be told goes back to the queue by
 * itself, and in the end to its dead letters; telling is safe to repeat (see `sendAlerts`).
 */
export const handler = edge('send-alert', SqsSchema, ({ settings, telemetry }) => {
  const secrets = new Secrets(telemetry.traced(new SecretsManagerClient({})));
  const store = new IncidentTable(telemetry.traced(new DynamoDBClient({})), settings.INCIDENT_TABLE);
  const targets = {
    slackSecret: settings.SLACK_SECRET,
    pagerDutySecret: settings.PAGERDUTY_SECRET,
    runbookUrl: settings.RUNBOOK_URL,
  };
  const channels = channelsOf(targets, {
    secret: (name) => secrets.text(name),
    forget: (name) => secrets.forget(name),
    fetch: (url, init) => fetch(url, init),
  });
  const processor = new BatchProcessor(EventType.SQS);
  return (event, context) =>
    processPartialResponse(
      event as SQSEvent,
      ({ body }: SQSRecord) =>
        sendAlerts(parseMessage(body, settings.ENVIRONMENT), channels, store, (alert, outcome) => {
          if (outcome === 'told') telemetry.count(METRICS.alertsSent, 1);
          telemetry.logger.info(outcome, { incident: alert.incident, verdict: alert.verdict });
        }),
      processor,
      { context },
    );
});
