import { COMMANDS_RULES, MIGRATION_RULES } from '../../lib/talos/commands/rules';
import { TALOS_PATCH_RULES } from '../../lib/talos/patch/rules';
import { PATCH_PROP_IDS } from '../../lib/talos/patch/shape';
import { commandsFindings, talosPatchFindings } from '../../upstream/rules/talos-patch';
import { testRuleExamples } from '../rule-examples';

describe('rules of Talos patches', () => testRuleExamples(TALOS_PATCH_RULES, talosPatchFindings));

describe('props of Talos patches', () => testRuleExamples(PATCH_PROP_IDS, talosPatchFindings));

describe('rules of commands', () => testRuleExamples([...COMMANDS_RULES, ...MIGRATION_RULES], commandsFindings));
