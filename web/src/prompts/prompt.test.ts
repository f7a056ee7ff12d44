import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ownTags, partsOf, promptContent, readableText } from './prompt.ts';

const tagged = (tags: Record<string, string>) => ({
  tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
});

it('a plain text, with its variables', () => {
  const content = promptContent(
    tagged({ 'mlflow.prompt.text': 'Hi {{ name }}, {{a.b}} {{name}} {{1x}} {x}' }),
  );
  assert.deepEqual(content.variables, ['name', 'a.b']);
  assert.equal(content.messages, undefined);
  assert.equal(readableText(content), content.text);
  assert.deepEqual(partsOf('a {{b}}'), [{ text: 'a ' }, { text: '{{b}}', variable: 'b' }]);
  assert.deepEqual(partsOf(''), []);
});

it('a conversation, by its roles', () => {
  const text = JSON.stringify([
    { role: 'system', content: 'Be {{mood}}' },
    { role: 'user', content: [{ type: 'text', text: 'x' }] },
  ]);
  const content = promptContent(tagged({ 'mlflow.prompt.text': text, _mlflow_prompt_type: 'chat' }));
  assert.equal(content.messages?.length, 2);
  assert.match(readableText(content), /^system:\nBe \{\{mood\}\}\n\nuser:\n\[/);
});

it('what is no conversation though it says so is shown as it is', () => {
  for (const text of ['{"a": 1}', 'not JSON']) {
    const content = promptContent(tagged({ 'mlflow.prompt.text': text, _mlflow_prompt_type: 'chat' }));
    assert.equal(content.messages, undefined);
    assert.equal(readableText(content), text);
  }
  assert.equal(promptContent(tagged({})).text, '');
});

it('tags of people, without those of the protocol', () => {
  const { tags } = tagged({ team: 'a', 'mlflow.prompt.is_prompt': 'true', _mlflow_prompt_type: 'text' });
  assert.deepEqual(ownTags(tags), [{ key: 'team', value: 'a' }]);
});
