import { DATA_OBJECTS, METADATA_OBJECTS } from '../../__tests__/kubernetes/metadata-rows';
import { RIGHT_OBJECTS, WRONG_OBJECTS } from '../../__tests__/kubernetes/object-rows';
import { RIGHT_SHAPES, WRONG_SHAPES } from '../../__tests__/kubernetes/shape-rows';
import type { ShapeRow } from '../../__tests__/kubernetes/shape-rows';
import type { CiliumValues } from '../../imports/cilium-chart';
import { layered } from '../../lib/cilium/layers';
import { renderCilium } from '../../lib/cilium/render';
import { CiliumError } from '../../lib/rules/finding';
import { identity } from '../../lib/kubernetes/order';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { taken } from './server';
import type { Server } from './server';

/** The release whose values the rows are. */
export const SHAPES_RELEASE = '1.19.6';

/** The table of right and wrong values: everything that the server takes must be among the right ones, and what it refuses among the wrong ones. */
export async function judgeShapes(server: Server): Promise<{ judged: number; refused: readonly string[] }> {
  const refused: string[] = [];
  for (const row of RIGHT_SHAPES) {
    const answers = await ask(server, row);
    if (answers.length > 0)
      refused.push(`${shown(row)} is called right, and the server refuses it: ${answers.join('; ')}`);
  }
  const wrong = WRONG_SHAPES.filter(({ by }) => by === undefined);
  for (const row of wrong) {
    const answers = await ask(server, row);
    if (answers.length === 0) refused.push(`${shown(row)} is called wrong, and the server takes it.`);
  }
  return { judged: RIGHT_SHAPES.length + wrong.length, refused };
}

function shown({ values }: ShapeRow): string {
  return JSON.stringify(values).slice(0, 200);
}

/** What the server refuses of the objects with these values; as the chart would print them, whatever we think of them. */
async function ask(server: Server, { values, with: others = {} }: ShapeRow): Promise<readonly string[]> {
  const objects = rendered(layered([others, values]));
  if (typeof objects === 'string') return [objects];
  const answers = await Promise.all(
    objects.map(async (object) => ({ object, answer: await server.apply(object, { dryRun: true }) })),
  );
  return answers
    .filter(({ answer }) => !taken(answer) && answer.status !== 404)
    .map(({ object, answer }) => `${identity(object)}: ${answer.message.slice(0, 300)}`);
}

/** The objects, or why Helm would not even render them: types that the chart's own schema refuses. */
function rendered(values: CiliumValues): readonly KubernetesObject[] | string {
  try {
    return renderCilium({ version: SHAPES_RELEASE, values, unknownValues: 'warn' }).objects;
  } catch (error) {
    if (error instanceof CiliumError) return error.message;
    throw error;
  }
}

/** The table of right and wrong objects. */
export async function judgeObjects(server: Server): Promise<{ judged: number; refused: readonly string[] }> {
  const refused: string[] = [];
  for (const [name, object] of RIGHT_OBJECTS) {
    const answer = await server.apply(object, { dryRun: true });
    if (!taken(answer))
      refused.push(`${name} is called right, and the server refuses it: ${answer.message.slice(0, 300)}`);
  }
  for (const [name, object] of WRONG_OBJECTS) {
    if (taken(await server.apply(object, { dryRun: true })))
      refused.push(`${name} is called wrong, and the server takes it.`);
  }
  const rows = [...METADATA_OBJECTS, ...DATA_OBJECTS].filter(({ verdict }) => verdict !== 'warned');
  for (const { name, object, verdict } of rows) {
    const answer = await server.apply(object, { dryRun: true });
    if (taken(answer) !== (verdict === 'right'))
      refused.push(`${name} is called ${verdict}: ${answer.message.slice(0, 300)}`);
  }
  return { judged: RIGHT_OBJECTS.length + WRONG_OBJECTS.length + rows.length, refused };
}
