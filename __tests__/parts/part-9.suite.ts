import { runPart } from './part';

runPart(9);
