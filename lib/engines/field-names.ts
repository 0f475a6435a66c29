import {
  DuckDBArrayType,
  type DuckDBDataChunk,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  type DuckDBType,
  DuckDBUnionType,
} from '@duckdb/node-api';

/** The types of which values of a type are made. */
function partsOf(type: DuckDBType): readonly DuckDBType[] {
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) return [type.valueType];
  if (type instanceof DuckDBMapType) return [type.keyType, type.valueType];
  if (type instanceof DuckDBUnionType) return type.memberTypes;
  return type instanceof DuckDBStructType ? type.entryTypes : [];
}

/** Whether a value of this type has, however deep, fields without a name: what `row(1, 'x')` gives. */
export const hasUnnamedFields = (type: DuckDBType): boolean =>
  (type instanceof DuckDBStructType && type.entryNames.includes('')) || partsOf(type).some(hasUnnamedFields);

function nameFields(type: DuckDBType): void {
  if (type instanceof DuckDBStructType) {
    const names = type.entryNames as string[];
    for (const [place, name] of names.entries()) if (name === '') names[place] = `field${place}`;
  }
  for (const part of partsOf(type)) nameFields(part);
}

/**
 * Gives unnamed fields Athena's names, `field0`, `field1` and so on. The driver keeps fields by name, so of those without one it
 * would keep the last; it takes the names from the type of the chunk's vector at each value, which is ours to complete.
 */
export function nameFieldsOf(chunk: DuckDBDataChunk): void {
  for (let column = 0; column < chunk.columnCount; column++) nameFields(chunk.getColumnVector(column).type);
}
