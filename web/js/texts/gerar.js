// Generating tasks, and how jobs end.
export default {
  'generate.title': ['Gerar tarefas', 'Generate tasks'],
  'generate.years': ['Anos além deste', 'Years beyond this one'],
  'generate.thisYear': ['só este ano', 'this year alone'],
  'generate.moreYears': ['mais {n}', '{n} more'],
  'generate.active': [
    '{n} empresa ativa|{n} empresas ativas',
    '{n} active company|{n} active companies',
  ],
  'generate.summary': ['{companies} em {unit}, de {years}.', '{companies} in {unit}, {years}.'],
  'generate.preview': ['Prévia', 'Preview'],
  'generate.notStored': ['Nada foi gravado ainda', 'Nothing is stored yet'],
  'generate.first': ['Primeira tarefa|Primeiras {n} tarefas', 'First task|First {n} tasks'],
  'generate.kind': ['Tipo', 'Type'],
  'generate.due': ['Prazo', 'Due'],
  'generate.go': ['Gerar {n} tarefa|Gerar {n} tarefas', 'Generate {n} task|Generate {n} tasks'],
  'generate.wouldCome': [
    '{n} tarefa seria criada.|{n} tarefas seriam criadas.',
    '{n} task would be made.|{n} tasks would be made.',
  ],
  'generate.nothing': ['Nada a criar', 'Nothing to make'],
  'generate.nothingText': [
    'Todas as tarefas destes anos já existem. Escolha mais anos.',
    'All tasks of these years are there. Choose more years.',
  ],
  'generate.noneActive': ['Nenhuma empresa ativa nesta unidade', 'No active company in this unit'],
  'generate.noneActiveText': [
    'Cadastre ou reative uma empresa, ou escolha outra unidade.',
    'Add or reactivate a company, or choose another unit.',
  ],
  'generate.note': [
    'Você pode fechar a página: o processamento continua.',
    'You may close the page: the processing goes on.',
  ],
  'generate.started': [
    'Processamento iniciado para {n} empresa. Você receberá uma notificação quando terminar.|Processamento iniciado para {n} empresas. Você receberá uma notificação quando terminar.',
    'Processing started for {n} company. You will be told when it ends.|Processing started for {n} companies. You will be told when it ends.',
  ],

  'ending.generated': [
    'Processada {n} empresa. Tarefas criadas: {created} ({years}).|Processadas {n} empresas. Tarefas criadas: {created} ({years}).',
    '{n} company processed. Tasks made: {created} ({years}).|{n} companies processed. Tasks made: {created} ({years}).',
  ],
  'ending.years': ['{n} ano|{n} anos', '{n} year|{n} years'],
  'ending.imported': [
    'Importada {n} empresa.|Importadas {n} empresas.',
    '{n} company imported.|{n} companies imported.',
  ],
  'ending.completed': ['{job}: concluído.', '{job}: completed.'],
  'ending.failed': ['{job}: falhou.', '{job}: failed.'],
  'ending.cancelled': ['Processamento cancelado.', 'Processing cancelled.'],
  'ending.stays': [
    '{current} de {total} {noun}: o que estava pronto continua assim.',
    '{current} of {total} {noun}: what was done stays so.',
  ],
  'ending.badLines': [
    '{n} linha com erro.|{n} linhas com erro.',
    '{n} line with an error.|{n} lines with an error.',
  ],
};
