// Companies that tests make up.

const digit = (text) => {
  let sum = 0;
  let weight = 2;
  for (const character of [...text].reverse()) {
    sum += (character.charCodeAt(0) - 48) * weight;
    weight = weight === 9 ? 2 : weight + 1;
  }
  return sum % 11 < 2 ? 0 : 11 - (sum % 11);
};

/** A CNPJ that is right, for each twelve characters. */
export const cnpjOf = (base) => {
  const first = `${base}${digit(base)}`;
  return `${first}${digit(first)}`;
};

let last = 700_000_000;
/** As the API takes one; nobody else has its CNPJ. */
export const newCompany = (fields = {}) => {
  const number = String(++last).padStart(8, '9');
  return {
    cnpj: cnpjOf(`${number.slice(0, 8)}${number.slice(-4)}`),
    razao_social: `Teste ${last} Ltda`,
    nome_fantasia: `Teste ${last}`,
    unidade_responsavel: 1,
    data_renovacao: '2020-03-15',
    periodicidade: 90,
    ...fields,
  };
};

/** Stores one; its id. */
export async function addCompany(service, fields) {
  const { status, data } = await service.ask('POST', '/api/empresas', { json: newCompany(fields) });
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(data)}`);
  return data;
}
