import { runPart } from './part';

runPart(10);
