import { describeParity } from './equal';

describeParity('1.18');
