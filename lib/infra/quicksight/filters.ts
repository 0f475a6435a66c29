import type { CfnDashboard } from 'aws-cdk-lib/aws-quicksight';
import type { Filter } from '../../contract/index.ts';
import { parameterName, slug } from './identifiers.ts';

/** What a filter is in QuickSight: the bound itself, what sets it, and where a reader sets that. */
interface RenderedFilter {
  readonly group: CfnDashboard.FilterGroupProperty;
  readonly parameter: CfnDashboard.ParameterDeclarationProperty | null;
  readonly filterControl: CfnDashboard.FilterControlProperty | null;
  readonly parameterControl: CfnDashboard.ParameterControlProperty | null;
  /** The control's identifier and what it is, for the layout. */
  readonly control: { readonly id: string; readonly type: 'FILTER_CONTROL' | 'PARAMETER_CONTROL' };
}

/** A filter of a sheet, over all of the sheet's visuals of what it is about. */
export function renderFilter(sheet: { readonly title: string }, filter: Filter<string>): RenderedFilter {
  const id = slug(`${sheet.title} ${filter.title}`);
  const column = { dataSetIdentifier: filter.about, columnName: filter.column };
  const group = (bound: CfnDashboard.FilterProperty): CfnDashboard.FilterGroupProperty => ({
    filterGroupId: `${id}-group`,
    crossDataset: 'SINGLE_DATASET',
    status: 'ENABLED',
    scopeConfiguration: {
      selectedSheets: {
        sheetVisualScopingConfigurations: [{ sheetId: slug(sheet.title), scope: 'ALL_VISUALS' }],
      },
    },
    filters: [bound],
  });
  const controlId = `${id}-control`;
  const filterId = `${id}-filter`;
  if (filter.kind === 'choice')
    return {
      group: group({
        categoryFilter: {
          filterId,
          column,
          configuration: {
            filterListConfiguration: { matchOperator: 'CONTAINS', selectAllOptions: 'FILTER_ALL_VALUES' },
          },
        },
      }),
      parameter: null,
      filterControl: {
        dropdown: { filterControlId: controlId, sourceFilterId: filterId, title: filter.title, type: 'MULTI_SELECT' },
      },
      parameterControl: null,
      control: { id: controlId, type: 'FILTER_CONTROL' },
    };
  const name = parameterName(sheet.title, filter.title);
  return {
    group: group({
      timeRangeFilter: {
        filterId,
        column,
        nullOption: 'NON_NULLS_ONLY',
        includeMinimum: true,
        rangeMinimumValue: { parameter: name },
        timeGranularity: 'DAY',
      },
    }),
    parameter: {
      dateTimeParameterDeclaration: {
        name,
        timeGranularity: 'DAY',
        defaultValues: {
          rollingDate: { expression: `addDateTime(-${filter.months}, 'MM', truncDate('MM', now()))` },
        },
      },
    },
    filterControl: null,
    parameterControl: {
      dateTimePicker: { parameterControlId: controlId, sourceParameterName: name, title: filter.title },
    },
    control: { id: controlId, type: 'PARAMETER_CONTROL' },
  };
}
