// A scheduled task as the audit of tasks holds it (4698 to 4702): the task's whole XML, which says what it runs, as whom, and where.
// https://learn.microsoft.com/windows/win32/taskschd/task-scheduler-schema
import { putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import { eachElement } from './elements.js';
import { lastPart } from './parts.js';

const XML_MAX = 16_384;

/** The first program that the task runs, and the account it runs under; whoever registered it is the event's user already. */
export function putTask(draft: Draft, xml: string): void {
  const said = new Map<string, string>();
  eachElement(xml.slice(0, XML_MAX), (name, _, text, parents) => {
    const within = parents.at(-1);
    if ((within === 'Exec' || within === 'Principal') && text !== '' && !said.has(name)) said.set(name, text.trim());
  });
  const command = said.get('Command'), given = said.get('Arguments'), account = said.get('UserId') ?? said.get('GroupId');
  if (command !== undefined) {
    const executable = command.replace(/^"([^"]{1,1000})"$/, '$1');
    draft.put('process.executable', executable);
    draft.put('process.name', lastPart(executable));
    draft.put('process.command_line', given === undefined ? command : `${command} ${given}`);
    draft.put('process.working_directory', said.get('WorkingDirectory'));
  }
  if (account?.startsWith('S-1-') === true) draft.put('user.effective.id', account);
  else putAccount(draft, 'user.effective', account);
}
