import { describeSingleValues } from './single-values';

describeSingleValues('1.18.12');
