import { type FoundText, leastCertain, type Malformed, type Members, objectsIn, textOf } from './found-text.ts';

/** The lines in a Rekognition DetectText result, in its order; the words they are made of are no lines. */
export function rekognitionLines(result: Members): readonly (FoundText | Malformed)[] | Malformed {
  const listed = objectsIn(result.TextDetections);
  if (listed === null) return { malformed: 'found no TextDetections, an array of objects' };
  const lines = listed.filter(({ Type }) => Type === 'LINE');
  const ids = lines.map(({ Id }) => (typeof Id === 'number' ? String(Id) : null));
  if (ids.includes(null) || new Set(ids).size < ids.length)
    return { malformed: 'found a line without an Id of its own' };
  return lines.map(({ DetectedText, Confidence }, n) => ({
    id: ids[n] ?? '',
    page: null,
    key: null,
    value: textOf(DetectedText) || null,
    confidence: leastCertain([Confidence]),
  }));
}
