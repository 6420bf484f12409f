import { describeSingleValues } from './single-values';

describeSingleValues('1.19.6');
