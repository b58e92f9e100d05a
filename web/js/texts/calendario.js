// The year of a company, and tasks.
export default {
  'calendar.title': ['Calendário do ano', 'Calendar of the year'],
  'calendar.before': ['Ano anterior', 'Year before'],
  'calendar.after': ['Próximo ano', 'Next year'],
  'calendar.none': ['Nenhuma tarefa em {year}', 'No task in {year}'],
  'calendar.noDate': [
    'A empresa não tem data de renovação. Informe a data para que as tarefas sejam criadas.',
    'The company has no renewal date. Enter it, so that tasks are made.',
  ],
  'calendar.past': ['Não há tarefas guardadas deste ano.', 'No tasks of this year are stored.'],
  'calendar.far': [
    'As tarefas são geradas até {n} anos além deste.',
    'Tasks are generated up to {n} years beyond this one.',
  ],
  'calendar.inactive': [
    'A empresa está inativa e não recebe tarefas automáticas.',
    'The company is inactive and gets no automatic tasks.',
  ],
  'calendar.noUnit': [
    'A empresa não está em nenhuma unidade. Edite-a para escolher uma.',
    'The company is in no unit. Edit it to choose one.',
  ],
  'calendar.notYet': [
    'As tarefas automáticas deste ano ainda não foram geradas.',
    'The automatic tasks of this year were not generated yet.',
  ],
  'years.span': ['{first} a {last}', '{first} to {last}'],

  'task.list': ['Tarefas', 'Tasks'],
  'task.none': ['Nenhuma tarefa neste ano.', 'No task in this year.'],
  'task.kind.main': ['Principal', 'Main'],
  'task.kind.routine': ['Rotina', 'Routine'],
  'task.kind.other': ['Existente', 'Existing'],
  'task.legend.main': ['Principal', 'Main'],
  'task.legend.routine': ['Rotina', 'Routine'],
  'task.legend.other': [
    'Existente (assumida ou criada à mão)',
    'Existing (taken up, or made by hand)',
  ],
  'task.automatic': ['Automático', 'Automatic'],
  'task.pending': ['Pendente', 'Pending'],
  'task.inProgress': ['Em andamento', 'In progress'],
  'task.done': ['Concluída', 'Done'],
};
