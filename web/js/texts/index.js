// Every text of the page: key -> [Portuguese, English]. One file for each part of the page. Of
// "one|many" the first is for exactly 1; {name} is a value.
import calendario from './calendario.js';
import empresas from './empresas.js';
import entrar from './entrar.js';
import gerar from './gerar.js';
import importar from './importar.js';
import jobs from './jobs.js';
import shell from './shell.js';
import sino from './sino.js';
import sobre from './sobre.js';

export const texts = {
  ...shell,
  ...entrar,
  ...empresas,
  ...calendario,
  ...importar,
  ...gerar,
  ...jobs,
  ...sino,
  ...sobre,
};
