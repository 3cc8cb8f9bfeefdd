// Numbers as each language writes them: 1.234.567 and 68,8% in Vietnamese, 1,234,567 and 68.8% in English.
import type { Language } from '../../api.js';

const whole = { vi: new Intl.NumberFormat('vi-VN', { maximumFractionDigits: 0 }), en: new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 }) };
const oneDigit = { vi: new Intl.NumberFormat('vi-VN', { minimumFractionDigits: 1, maximumFractionDigits: 1 }), en: new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 }) };

export const printNumber = (language: Language, value: number): string => whole[language].format(value);
/** `percent` is 0 to 100; one digit after the point. */
export const printPercent = (language: Language, percent: number): string => `${oneDigit[language].format(percent)}%`;
