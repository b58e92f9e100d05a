// Importing companies.
export default {
  'import.title': ['Importar empresas', 'Import companies'],
  'import.choose': ['Escolher arquivo CSV', 'Choose a CSV file'],
  'import.drop': ['Solte o arquivo aqui', 'Drop the file here'],
  'import.orClick': ['ou clique para escolher', 'or click to choose one'],
  'import.limits': ['CSV com cabeçalho, até 16 MiB', 'CSV with a header row, up to 16 MiB'],
  'import.model': ['Baixar um modelo para preencher', 'Download a model to fill in'],
  'import.paste': ['Ou cole as linhas', 'Or paste the lines'],
  'import.pasteHint': [
    'Com a linha do cabeçalho; vírgula ou ponto e vírgula.',
    'With the header row; commas or semicolons.',
  ],
  'import.pasted': ['Linhas coladas', 'Pasted lines'],
  'import.unit': ['Unidade', 'Unit'],
  'import.unitHint': [
    'Das linhas que não trazem unidade_responsavel.',
    'Of the lines without unidade_responsavel.',
  ],
  'import.columns': [
    'Colunas: razao_social, nome_fantasia, cnpj ou caepf, cidade, telefone, periodicidade, data_renovacao, tecnico_responsavel, unidade_responsavel, status. Datas: ano-mês-dia.',
    'Columns: razao_social, nome_fantasia, cnpj or caepf, cidade, telefone, periodicidade, data_renovacao, tecnico_responsavel, unidade_responsavel, status. Dates: year-month-day.',
  ],
  'import.note': [
    'Nada é gravado antes de você conferir.',
    'Nothing is stored before you have looked.',
  ],
  'import.check': ['Conferir', 'Check'],
  'import.tooBig': [
    'O arquivo passa de 16 MiB. Divida-o e importe uma parte por vez.',
    'The file is over 16 MiB. Split it, and import one part at a time.',
  ],
  'import.notUtf8': [
    'O arquivo não está em UTF-8 e foi lido como Windows-1252. Confira os acentos.',
    'The file is not UTF-8 and was read as Windows-1252. Look at the accents.',
  ],
  'import.good': ['{n} linha certa|{n} linhas certas', '{n} good line|{n} good lines'],
  'import.bad': ['{n} com erro', '{n} with an error'],
  'import.badLines': ['Linhas com erro', 'Lines with an error'],
  'import.firstLines': ['As primeiras linhas', 'The first lines'],
  'import.line': ['Linha', 'Line'],
  'import.mend': ['O que corrigir', 'What to mend'],
  'import.blank': ['(vazio)', '(empty)'],
  'import.more': ['e mais {n} linha.|e mais {n} linhas.', 'and {n} more line.|and {n} more lines.'],
  'import.skip': [
    'Pular a linha com erro e importar as outras|Pular as {n} linhas com erro e importar as outras',
    'Skip the line with an error and import the others|Skip the {n} lines with an error and import the others',
  ],
  'import.allOrNothing': [
    'Sem marcar, vale tudo ou nada: corrija o arquivo e escolha de novo.',
    'Unmarked, it is all or nothing: mend the file and choose it again.',
  ],
  'import.noneGood': [
    'Nenhuma linha pode ser importada: corrija o arquivo e escolha de novo.',
    'No line can be imported: mend the file and choose it again.',
  ],
  'import.allGood': [
    'Tudo certo. As tarefas de {year} são criadas junto.',
    'All is well. The tasks of {year} are made with them.',
  ],
  'import.empty': [
    'Só há o cabeçalho: escreva uma empresa por linha abaixo dele.',
    'There is the header row alone: write one company a line below it.',
  ],
  'import.other': ['Trocar arquivo', 'Another file'],
  'import.go': [
    'Importar {n} empresa|Importar {n} empresas',
    'Import {n} company|Import {n} companies',
  ],
  'import.started': [
    'Importação iniciada: {n} empresa.|Importação iniciada: {n} empresas.',
    'Import started: {n} company.|Import started: {n} companies.',
  ],
};
