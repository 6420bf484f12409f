import { describeSingleValues } from './single-values';

describeSingleValues('1.20.0');
