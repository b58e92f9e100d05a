export default {
  'signin.title': ['Entrar', 'Sign in'],
  'signin.email': ['E-mail', 'E-mail'],
  'signin.password': ['Senha', 'Password'],
  'signin.needEmail': [
    'Informe um e-mail, como nome@empresa.com.br.',
    'Enter an e-mail, such as name@company.com.',
  ],
  'signin.needPassword': ['Informe a senha.', 'Enter the password.'],
  'signin.wrong': ['E-mail ou senha incorretos.', 'Wrong e-mail or password.'],
  'signin.tooMany': [
    'Muitas tentativas. Espere {seconds} s e tente de novo.',
    'Too many tries. Wait {seconds} s and try again.',
  ],
  'signin.dev': [
    'Modo de desenvolvimento (--dev): entre sem senha.',
    'Development mode (--dev): enter without a password.',
  ],
  'signin.as': ['Entrar como {name}', 'Enter as {name}'],
  'signin.asAdmin': ['Entrar como {name}, administração', 'Enter as {name}, administration'],
};
