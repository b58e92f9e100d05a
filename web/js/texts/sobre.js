export default {
  'about.title': ['Sobre e API', 'About and API'],
  'about.soon': ['A referência da API.', 'The reference of the API.'],
};
