// Gerar tarefas: what would come, then the job that makes it.
export function openGenerate() {}
