import { basename } from 'node:path';
import { Chart, Names, YamlOutputType } from 'cdk8s';
import type { App } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Finding } from '../rules/finding';
import { isApp } from './app';
import { isPatch } from './patches';

/** Names of devices, with any extension, and ends of names that Windows drops. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?=\.|$)/i;
const DROPPED = /[. ]$/;

/** The file of a chart, or the folder of a patch, that Windows cannot have. */
export function windowsNameFindings(construct: IConstruct): readonly Finding[] {
  const name = nameOf(construct);
  if (name === undefined || name === '.' || name === '..') return [];
  const isDevice = DEVICE.test(name);
  if (!isDevice && !DROPPED.test(name)) return [];
  return [
    {
      id: 'app/windows-name',
      level: 'warning',
      paths: [],
      message: `Windows cannot have the file or folder '${name}': ${isDevice ? 'it is the name of a device' : 'names end in neither a dot nor a blank'}.`,
      hint: isPatch(construct) ? 'Set `outdir` of the TalosPatch to another folder.' : 'Give the chart another id.',
    },
  ];
}

function nameOf(construct: IConstruct): string | undefined {
  if (isPatch(construct)) return basename(construct.outdir);
  const { root } = construct.node;
  if (!Chart.isChart(construct) || !isApp(root) || hasOneFile(root)) return undefined;
  return `${Names.toDnsLabel(construct)}${String(root.outputFileExtension)}`;
}

function hasOneFile({ yamlOutputType }: App): boolean {
  return ![YamlOutputType.FILE_PER_CHART, YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE].includes(yamlOutputType);
}
