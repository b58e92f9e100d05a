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
    'Com a linha do cabeçalho; também copiadas de uma planilha.',
    'With the header row; also as copied from a spreadsheet.',
  ],
  'import.pasted': ['Linhas coladas', 'Pasted lines'],
  'import.unit': ['Unidade', 'Unit'],
  'import.unitHint': [
    'Das linhas que não dizem a unidade responsável.',
    'Of the lines that do not say the unit responsible.',
  ],
  'import.columns': [
    'Colunas: Razão social, Nome fantasia, CNPJ ou CAEPF, Cidade, Telefone, Periodicidade, Data de renovação, Técnico responsável, Unidade responsável, Status. Datas: AAAA-MM-DD.',
    'Columns: Razão social, Nome fantasia, CNPJ or CAEPF, Cidade, Telefone, Periodicidade, Data de renovação, Técnico responsável, Unidade responsável, Status. Dates: YYYY-MM-DD.',
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
  'import.allOrNothing': ['Sem marcar, vale tudo ou nada.', 'Unmarked, it is all or nothing.'],
  'import.noneGood': ['Nenhuma linha pode ser importada.', 'No line can be imported.'],
  'import.allGood': [
    'Tudo certo. As tarefas de {year} são criadas junto.',
    'All is well. The tasks of {year} are made with them.',
  ],
  'import.empty': [
    'Só há o cabeçalho: escreva uma empresa por linha abaixo dele.',
    'There is the header row alone: write one company a line below it.',
  ],
  'import.mendFile': ['Corrija o arquivo e escolha de novo.', 'Mend the file and choose it again.'],
  'import.mendLines': ['Volte e corrija as linhas coladas.', 'Go back and mend the pasted lines.'],
  'import.noText': [
    'Isto é uma planilha ou outro arquivo que não é texto. Salve-a como "CSV UTF-8" e escolha esse arquivo.',
    'This is a spreadsheet, or another file that is no text. Save it as "CSV UTF-8", and choose that file.',
  ],
  'import.back': ['Voltar às linhas', 'Back to the lines'],
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
