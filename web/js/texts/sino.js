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
  'bell.isUnread': ['não lida', 'unread'],
  'bell.read': ['Marcar como lida: {title}', 'Mark as read: {title}'],
  'bell.readAll': ['Marcar todas como lidas', 'Mark all as read'],
  'bell.refused': ['Não foi possível marcar como lida.', 'It could not be marked as read.'],
  'notices.on': ['Avisar também pelo navegador', 'Tell me through the browser too'],
  'notices.off': ['Parar de avisar pelo navegador', 'Stop telling me through the browser'],
  'notices.blocked': [
    'O navegador bloqueia os avisos deste site; a permissão fica nas configurações dele.',
    'The browser blocks notices of this site; the permission is in its settings.',
  ],
};
