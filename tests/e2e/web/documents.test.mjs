// CNPJ, CAEPF and CPF as one types them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const source = readFileSync(new URL('../../../web/js/documents.js', import.meta.url), 'utf8');
const of = await import(`data:text/javascript,${encodeURIComponent(source)}`);

test('check digits of a CNPJ, numeric and alphanumeric', () => {
  assert.ok(of.isCnpj('11222333000181'));
  assert.ok(of.isCnpj('12ABC34501DE35')); // the example of the Receita Federal
  for (const wrong of ['11222333000182', '12ABC34501DE36', '12ABC34501DEAB', '1122233300018', ''])
    assert.ok(!of.isCnpj(wrong), wrong);
  assert.ok(!of.isCnpj('00000000000000'));
});

test('a CAEPF has fourteen digits, or the eleven of a CPF', () => {
  assert.ok(of.isCaepf('52998224725'));
  assert.ok(of.isCaepf('12345678901234'));
  for (const wrong of ['52998224724', '11111111111', '1234567890123', '1234567890123A'])
    assert.ok(!of.isCaepf(wrong), wrong);
});

test('masks grow as one types', () => {
  const steps = ['1', '12', '12.A', '12.ABC.3', '12.ABC.345/0', '12.ABC.345/01DE-3'];
  for (const step of steps) assert.equal(of.maskCnpj(of.bare(step).toLowerCase()), step);
  assert.equal(of.maskCnpj('11.222.333/0001-81 and more'), '11.222.333/0001-81');
  assert.equal(of.maskCaepf('52998224725'), '529.982.247-25');
  assert.equal(of.maskCaepf('26666114106774'), '266.661.141/067-74');
  assert.equal(of.maskPhone('1955501020'), '(19) 5550-1020');
  assert.equal(of.maskPhone('19955501020'), '(19) 95550-1020');
});

test('what is wrong is said only of what is complete', () => {
  assert.equal(of.documentFault('cnpj', '11.222'), null);
  assert.equal(of.documentFault('cnpj', '11.222.333/0001-81'), '');
  assert.equal(of.documentFault('cnpj', '11.222.333/0001-82'), 'document.digits');
  assert.equal(of.documentFault('cnpj', '11.222.333/0001-AB'), 'document.lastTwo');
  assert.equal(of.documentFault('caepf', '529.982.247-24'), 'document.cpfDigits');
  assert.equal(of.documentFault('caepf', '529.982.247-25'), '');
  assert.equal(of.documentFault('caepf', '529.982.247-251'), null);
});
