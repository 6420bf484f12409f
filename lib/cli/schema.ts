/** `schema`: the values of a release as JSON Schema, for editors. */
import { statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import { isFolder } from '../app/folders';
import { writeFiles } from '../app/write';
import { valuesSchema } from '../value-docs/json-schema';
import { schemaFor, WRAPPERS } from '../value-docs/schema-wrappers';
import type { Wrapper } from '../value-docs/schema-wrappers';
import { addReleaseOptions, releaseData } from './release-data';
import type { ReleaseOptions } from './release-data';
import { CommandError, EXIT, print, say } from './terminal';
import type { Exit } from './terminal';

interface Options extends ReleaseOptions {
  readonly output?: string;
  readonly for: Wrapper;
}

/** Adds the command. `run` gets the work that it does. */
export function addSchema(program: Command, run: (work: () => Exit) => Promise<void>): void {
  addReleaseOptions(
    program
      .command('schema')
      .summary('print the JSON Schema of the values, for editors')
      .description(
        'Prints the values of a Cilium release as JSON Schema 2020-12: closed, with types, words, defaults and descriptions. ' +
          'The package has the schemas of all known releases in schemas/.',
      ),
  )
    .option('-o, --output <file>', 'write a file, and print how an editor uses it')
    .addOption(
      new Option('--for <form>', 'the file that holds the values').choices(Object.keys(WRAPPERS)).default('values'),
    )
    .addHelpText(
      'after',
      `
Examples:
  $ cdk8s-talos-cilium schema --version 1.19.6 --output cilium.schema.json
  $ cdk8s-talos-cilium schema --version 1.19.6 --for helmrelease -o helmrelease.schema.json
  $ cdk8s-talos-cilium schema --chart cilium-1.20.4.tgz -o cilium.schema.json

At the top of a values file, with the schemas of this package:
  # yaml-language-server: $schema=./node_modules/cdk8s-talos-cilium/schemas/1.19.6.schema.json`,
    )
    .action((options: Options) => run(() => schema(options)));
}

function schema({ output, for: wrapper, ...release }: Options): Exit {
  const text = JSON.stringify(schemaFor(wrapper, valuesSchema(releaseData(release))), undefined, 1);
  if (output === undefined) {
    print(text);
    return EXIT.ok;
  }
  try {
    writeOne(output, `${text}\n`);
  } catch (error) {
    throw new CommandError(`cannot write '${output}' (${error instanceof Error ? error.message : String(error)}).`);
  }
  say(`At the top of the file: # yaml-language-server: $schema=${/^\.{0,2}\//.test(output) ? output : `./${output}`}`);
  return EXIT.ok;
}

/** Writes a file as a whole; what is not a file, as /dev/stdout, as it is. */
function writeOne(path: string, text: string): void {
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() ?? isFolder(dirname(path));
  if (isFile) writeFiles([dirname(path)], [{ path, text }]);
  else writeFileSync(path, text);
}
