// The lighthouse at sea, beside the sign-in form.
import { html } from 'lit';

export const sea = () => html`<div class="sea" aria-hidden="true"><svg viewBox="0 0 800 700" preserveAspectRatio="xMidYMid slice" focusable="false">
  <path d="M0 480h800v220H0z" fill="var(--surface-selected)"/>
  <path d="M232 286 800 190v176z" fill="var(--lamp-soft)"/>
  <path d="M0 486c70-26 130-34 186-32 84 3 130 40 214 58H0z" fill="var(--text)"/>
  <path d="M196 316h48l12 146h-72z" fill="var(--text)"/><path d="m191.600 370h56.800l3 36h-62.800zM187 426h66l2 24h-70z" fill="var(--surface-sunken)"/>
  <path d="M190 306h60v10h-60z" fill="var(--text)"/><path d="M202 268h36v38h-36z" fill="var(--lamp)"/><path d="M218 268h4v38h-4z" fill="var(--text)"/><path d="M196 268l24-24 24 24zM218 232h4v16h-4z" fill="var(--text)"/>
  <g stroke="var(--line-strong)" opacity=".5"><path d="M440 512h110M600 512h60M360 544h40M520 552h150M290 582h80M640 586h90M430 600h140M210 640h130M480 646h200"/></g>
</svg></div>`;
