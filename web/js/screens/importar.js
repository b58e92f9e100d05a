// Importar: a CSV, what is wrong in it line by line before anything is stored, then a job.
export function openImport() {}
