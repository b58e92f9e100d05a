// Which screen is shown at which address. The service answers the page at the same ones
// (http/routes/table.cpp).
import { calendario } from './screens/calendario.js';
import { empresas } from './screens/empresas.js';
import { entrar } from './screens/entrar.js';
import { job } from './screens/job.js';
import { jobs } from './screens/jobs.js';
import { sobre } from './screens/sobre.js';
import { wrong } from './screens/wrong.js';

export const routes = [
  { path: '/', screen: empresas },
  { path: '/entrar', screen: entrar },
  { path: '/empresas', screen: empresas },
  { path: '/empresas/:id', screen: calendario },
  { path: '/jobs', screen: jobs },
  { path: '/jobs/:id', screen: job },
  { path: '/sobre', screen: sobre },
  { path: '/sobre/:operacao', screen: sobre },
];

export { wrong };
