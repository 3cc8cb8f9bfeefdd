// `<i ${styled({ width: '40%' })}>`: styles that are computed, set through the element's own style object. The console's security policy
// allows no style in markup, and Lit's styleMap writes an attribute the first time.
import { noChange } from 'lit';
import { Directive, directive, PartType, type ElementPart, type PartInfo } from 'lit/directive.js';

type Styles = Readonly<Record<string, string>>;

class Styled extends Directive {
  private before: Styles = {};
  constructor(info: PartInfo) {
    super(info);
    if (info.type !== PartType.ELEMENT) throw new Error('expected `styled` in an element\'s tag, not in an attribute');
  }
  override update({ element }: ElementPart, [styles]: [Styles]): typeof noChange {
    const { style } = element as HTMLElement;
    for (const name of Object.keys(this.before)) if (!(name in styles)) style.removeProperty(name);
    for (const [name, value] of Object.entries(styles)) if (this.before[name] !== value) style.setProperty(name, value);
    this.before = styles;
    return noChange;
  }
  override render(_styles: Styles): typeof noChange { return noChange; }
}

/** CSS property names as CSS writes them: `grid-template-columns`. */
export const styled = directive(Styled);
