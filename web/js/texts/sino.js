export default {
  'bell.title': ['Notificações', 'Notifications'],
  'bell.unread': [
    'Notificações, {n} não lida|Notificações, {n} não lidas',
    'Notifications, {n} unread',
  ],
  'bell.none': ['Nada de novo', 'Nothing new'],
  'bell.noneText': [
    'Quando um processamento terminar, o aviso chega aqui.',
    'When a processing ends, you are told here.',
  ],
};
