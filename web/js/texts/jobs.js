// Jobs: their list, their page, and the card of one.
export default {
  'jobs.title': ['Jobs', 'Jobs'],
  'jobs.soon': [
    'Os jobs aparecem aqui quando alguém gera tarefas ou importa empresas.',
    'Jobs appear here when somebody generates tasks or imports companies.',
  ],

  'job.state.pending': ['Na fila', 'Queued'],
  'job.state.running': ['Em execução', 'Running'],
  'job.state.paused': ['Pausado', 'Paused'],
  'job.state.cancelling': ['Cancelando', 'Cancelling'],
  'job.state.completed': ['Concluído', 'Completed'],
  'job.state.failed': ['Falhou', 'Failed'],
  'job.state.cancelled': ['Cancelado', 'Cancelled'],
  'job.type.generate': ['Gerar tarefas', 'Generate tasks'],
  'job.type.import': ['Importar empresas', 'Import companies'],
  'job.type.remove': ['Remover tarefas', 'Remove tasks'],
  'job.action.pause': ['Pausar', 'Pause'],
  'job.action.resume': ['Retomar', 'Resume'],
  'job.action.retry': ['Tentar de novo', 'Try again'],
  'job.action.cancel': ['Cancelar', 'Cancel'],
  'job.refused.pause': ['Não foi possível pausar.', 'It could not be paused.'],
  'job.refused.resume': ['Não foi possível retomar.', 'It could not be resumed.'],
  'job.refused.retry': ['Não foi possível tentar de novo.', 'It could not be tried again.'],
  'job.refused.cancel': ['Não foi possível cancelar.', 'It could not be cancelled.'],
  'job.cancel.title': ['Cancelar o processamento?', 'Cancel the processing?'],
  'job.cancel.text': [
    '{current} de {total} empresas já estão prontas e continuam assim. As outras não serão processadas; depois é possível tentar de novo.',
    '{current} of {total} companies are done and stay so. The others will not be processed; it can be tried again later.',
  ],
  'job.cancel.yes': ['Cancelar processamento', 'Cancel processing'],
  'job.cancel.no': ['Continuar processando', 'Go on processing'],
  'job.seeDetails': ['Ver detalhes', 'See details'],
  'job.details': ['Detalhes', 'Details'],
  'job.failedItems': [
    '{n} empresa com falha|{n} empresas com falha',
    '{n} company failed|{n} companies failed',
  ],

  'progress.label': ['Progresso', 'Progress'],
  'progress.of': ['{current} de {total}', '{current} of {total}'],
  'progress.companies': [
    'empresa ({percentage} %)|empresas ({percentage} %)',
    'company ({percentage}%)|companies ({percentage}%)',
  ],
  'progress.spoken': [
    '{current} de {total} empresas, {percent} %',
    '{current} of {total} companies, {percent}%',
  ],
  'progress.pace': ['empresas/s', 'companies/s'],
  'progress.created': ['tarefa criada|tarefas criadas', 'task created|tasks created'],
  'progress.quarter': [
    '{percent} % das empresas processadas.',
    '{percent}% of the companies processed.',
  ],
};
