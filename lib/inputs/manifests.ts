/** Reads manifests of Kubernetes objects as `kubectl apply` does, and refuses what it would refuse or ignore. */
import { readDocuments } from '../helm/yaml-values';
import type { PlaceTree } from '../helm/places';
import { isMap } from '../kubernetes/json';
import type { Json } from '../kubernetes/json';
import type { KubernetesObject } from '../kubernetes/types';
import { refuseErrors } from '../rules/finding';
import { describePlace, placesIn } from './places';
import type { Place, PlacedFinding, Places } from './places';
import type { InputText } from './read';

/** An object of a manifest, and where it is written. Whether it is a sound object is for others to judge. */
export interface PlacedObject {
  readonly object: KubernetesObject;
  readonly places: Places;
}

/**
 * Reads every object of a text: documents, and the items of a `List`.
 * @throws CiliumError with the place of every mistake.
 */
export function readManifests({ name, text }: InputText): readonly PlacedObject[] {
  const documents = readDocuments(text);
  const problems = documents.flatMap((document) => document.problems);
  const findings = problems.map(({ id, line, column, message, hint }): PlacedFinding => {
    const words = id === 'duplicate' ? 'This name occurs twice in the same map; the API server refuses that.' : message;
    return findingAt(`manifests/${id}`, { file: name, line, column }, words, hint);
  });
  const objects = problems.length > 0 ? [] : documents.flatMap(({ data, places }) => objectsIn(name, data, places));
  const wrong = objects.flatMap(({ object, places }) => (isMap(object) ? [] : [notObject(places.at)]));
  const empty =
    objects.length === 0 && findings.length === 0
      ? [findingAt('manifests/empty', { file: name, line: 1, column: 1 }, 'The file has no objects.', 'Leave it out.')]
      : [];
  refuseErrors([...findings, ...wrong, ...empty], `${name} cannot be read`);
  return objects as unknown as readonly PlacedObject[];
}

interface Item {
  readonly object: Json;
  readonly places: Places;
}

function objectsIn(file: string, data: Json, tree: PlaceTree): readonly Item[] {
  const places = placesIn(file, tree);
  if (!isMap(data) || data.kind !== 'List' || data.apiVersion !== 'v1' || !Array.isArray(data.items))
    return [{ object: data, places }];
  const items = places.below.get('items');
  return (data.items as readonly Json[]).map((object, i) => ({
    object,
    places: items?.below.get(String(i)) ?? places,
  }));
}

function notObject(place: Place): PlacedFinding {
  const message = 'This is not a Kubernetes object.';
  return findingAt('manifests/object', place, message, 'Write a map with apiVersion, kind and metadata.');
}

function findingAt(id: string, place: Place, message: string, hint: string): PlacedFinding {
  return { id, level: 'error', paths: [describePlace(place)], message, hint, place };
}
