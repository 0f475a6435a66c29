/** OpenLineage 2-0-2, as far as runs of a lake speak it. */
const SPEC = 'https://openlineage.io/spec';
const PRODUCER = 'urn:commerce-lakehouse';

/** What a facet says; `facet` adds who says so and by which schema. */
export type Facets = Readonly<Record<string, object>>;

/** A dataset of an event. */
export interface LineageDataset {
  readonly namespace: string;
  readonly name: string;
  readonly facets?: Facets;
  readonly inputFacets?: Facets;
  readonly outputFacets?: Facets;
}

/** A moment of a run of a job. */
export interface LineageEvent {
  readonly eventTime: string;
  readonly eventType: 'START' | 'COMPLETE' | 'FAIL';
  readonly producer: string;
  readonly schemaURL: string;
  readonly run: { readonly runId: string; readonly facets: Facets };
  readonly job: { readonly namespace: string; readonly name: string; readonly facets: Facets };
  readonly inputs: readonly LineageDataset[];
  readonly outputs: readonly LineageDataset[];
}

/** The versions of the facets that are used, by the name of their schema. */
const VERSIONS = {
  ColumnLineageDatasetFacet: '1-2-0',
  DataQualityAssertionsDatasetFacet: '1-1-0',
  DocumentationDatasetFacet: '1-1-0',
  ErrorMessageRunFacet: '1-0-1',
  InputStatisticsInputDatasetFacet: '1-0-0',
  JobTypeJobFacet: '2-0-4',
  NominalTimeRunFacet: '1-0-1',
  OutputStatisticsOutputDatasetFacet: '1-0-2',
  OwnershipDatasetFacet: '1-0-1',
  ParentRunFacet: '1-2-0',
  SchemaDatasetFacet: '1-2-0',
  SQLJobFacet: '1-1-0',
} as const;

/** A facet by the name of its schema. */
export const facet = (schema: keyof typeof VERSIONS, says: object): object => ({
  _producer: PRODUCER,
  _schemaURL: `${SPEC}/facets/${VERSIONS[schema]}/${schema}.json#/$defs/${schema}`,
  ...says,
});

/** An event, with who says so and by which schema. */
export const lineageEvent = (event: Omit<LineageEvent, 'producer' | 'schemaURL'>): LineageEvent => ({
  ...event,
  producer: PRODUCER,
  schemaURL: `${SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent`,
});
