// What the reports say, in both languages, and how they write numbers and days.
import type { Language } from '../../api.js';
import type { Share } from '../../../core/compliance.js';
import { OFFICIAL_OFFSET_MS } from '../../../core/policy.js';
import type { DossierStage, PlanState, Severity } from '../../../core/tier.js';
import type { PolicyUnit } from '../../../core/policy.js';

const WORDS = {
  country: ['CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', 'SOCIALIST REPUBLIC OF VIET NAM'],
  motto: ['Độc lập - Tự do - Hạnh phúc', 'Independence - Freedom - Happiness'],
  office: ['TRUNG TÂM GIÁM SÁT AN NINH MẠNG', 'SECURITY OPERATIONS CENTRE'],
  title: ['BÁO CÁO TUÂN THỦ AN NINH MẠNG', 'CYBERSECURITY COMPLIANCE REPORT'],
  month: ['Tháng', 'Month'],
  cutoff: ['Số liệu chốt lúc', 'Figures as of'],
  made: ['Lập lúc', 'Made'],
  by: ['Người lập', 'Made by'],
  demo: ['Có dữ liệu trình diễn: không dùng cho báo cáo chính thức.', 'Contains demonstration data: not for official use.'],
  shares: ['1. Chỉ tiêu', '1. Targets'],
  indicator: ['Chỉ tiêu', 'Indicator'], figure: ['Kết quả', 'Result'], target: ['Mục tiêu', 'Target'], records: ['Bản ghi', 'Records'],
  approved: ['Hệ thống có cấp độ đã được phê duyệt', 'Systems with an approved level'],
  planFull: ['Hệ thống đã triển khai đầy đủ phương án bảo đảm an ninh mạng', 'Systems with the protection plan fully deployed'],
  planFullOfApproved: ['Trong số đã được phê duyệt cấp độ: đã triển khai đầy đủ phương án', 'Of those approved: plan fully deployed'],
  basis: ['Căn cứ: NĐ 331/2026, Mẫu 08, cột (6) và cột (10)', 'Basis: Decree 331/2026, form 08, columns (6) and (10)'],
  totals: ['Tổng số hệ thống: {0}; đã lập hồ sơ đề xuất cấp độ: {1}; đã thẩm định: {2}; đã được phê duyệt: {3}.', 'Systems: {0}; dossier built: {1}; appraised: {2}; approved: {3}.'],
  systems: ['2. Hệ thống thông tin', '2. Information systems'],
  number: ['STT', 'No.'], id: ['Mã', 'Id'], name: ['Tên hệ thống', 'System'], tier: ['Cấp độ', 'Level'], stage: ['Phê duyệt cấp độ', 'Level approval'], decision: ['Quyết định', 'Decision'], plan: ['Triển khai phương án', 'Plan deployed'],
  flags: ['Lưu ý', 'Flags'], owner: ['Chủ quản', 'Owner'], operator: ['Vận hành', 'Operator'], criterion: ['Tiêu chí', 'Criterion'],
  incidents: ['3. Sự cố theo cấp độ', '3. Incidents per level'],
  opened: ['Phát hiện trong tháng', 'Opened in the month'], closed: ['Đóng trong tháng', 'Closed in the month'], open: ['Chưa đóng khi chốt', 'Open at the cut-off'],
  bySeverity: ['Theo mức', 'By severity'], medianAcknowledge: ['Trung vị thời gian tiếp nhận (phút)', 'Median time to acknowledge (minutes)'], medianClose: ['Trung vị thời gian đóng (phút)', 'Median time to close (minutes)'],
  inTime: ['Tiếp nhận đúng hạn', 'Acknowledged in time'],
  silent: ['4. Nguồn nhật ký im lặng (lúc lập)', '4. Silent log sources (when made)'], source: ['Nguồn', 'Source'], none: ['Không có', 'None'],
  retention: ['5. Thời gian lưu trữ nhật ký', '5. Retention of logs'], required: ['Yêu cầu (ngày)', 'Required (days)'], kept: ['Áp dụng (ngày)', 'Kept (days)'], cite: ['Căn cứ', 'Basis'],
  policies: ['6. Thời hạn và ngưỡng áp dụng', '6. Limits and thresholds in force'], requirement: ['Yêu cầu', 'Requirement'], value: ['Giá trị', 'Value'],
  completeness: ['7. Tính đầy đủ của nhật ký trong tháng', '7. Completeness of logs in the month'], received: ['Nhận', 'Received'], storedWord: ['Lưu', 'Stored'], evaluated: ['Đánh giá', 'Evaluated'], lost: ['Mất tại hệ thống giám sát', 'Lost on our side'], missing: ['Mất trước khi đến', 'Lost before us'], complete: ['Đầy đủ', 'Complete'],
  completenessHint: ['Đếm theo từng nguồn và từng phút nhận: nhận = lưu = đánh giá, hoặc khoảng trống có nguyên nhân. "Mất trước khi đến" chỉ biết được ở nguồn có đánh số.', 'Counted by source and minute of receipt: received = stored = evaluated, or a gap with its cause. "Lost before us" is known only of sources that number their messages.'],
  recipients: ['Nơi nhận:', 'To:'], archive: ['- Lưu: VT.', '- File.'], signer: ['NGƯỜI KÝ', 'SIGNED'], signHint: ['(Ký, ghi rõ họ tên)', '(Signature, full name)'],
  section: ['Mục', 'Section'], object: ['Đối tượng', 'Object'], link: ['Liên kết', 'Link'], notStated: ['không quy định', 'not stated'],
} as const;
export type Word = keyof typeof WORDS;

const STAGES: Readonly<Record<DossierStage, readonly [string, string]>> = { draft: ['Đang dự thảo', 'Draft'], sent: ['Đã gửi thẩm định', 'Sent for appraisal'], appraised: ['Đã thẩm định', 'Appraised'], approved: ['Đã được phê duyệt', 'Approved'] };
const PLANS: Readonly<Record<PlanState, readonly [string, string]>> = { none: ['Chưa triển khai', 'Not deployed'], partly: ['Đã triển khai một số hạng mục', 'Partly deployed'], full: ['Đã triển khai đầy đủ', 'Fully deployed'] };
const SEVERITY_WORDS: Readonly<Record<Severity, readonly [string, string]>> = { informational: ['Thông tin', 'Informational'], low: ['Thấp', 'Low'], medium: ['Trung bình', 'Medium'], high: ['Cao', 'High'], critical: ['Nghiêm trọng', 'Critical'] };
const UNITS: Readonly<Record<PolicyUnit, readonly [string, string]>> = { day: ['ngày', 'd'], month: ['tháng', 'months'], minute: ['phút', 'min'], working_minute: ['phút làm việc', 'working min'], second: ['giây', 's'], percent: ['%', '%'] };

/** The words of one language. */
export class Words {
  private readonly at: 0 | 1;
  constructor(readonly language: Language) { this.at = language === 'vi' ? 0 : 1; }
  say(word: Word, ...values: readonly (string | number)[]): string { return WORDS[word][this.at].replace(/\{(\d)\}/g, (_, n: string) => String(values[Number(n)] ?? '')); }
  stage(stage: DossierStage): string { return STAGES[stage][this.at]; }
  plan(plan: PlanState): string { return PLANS[plan][this.at]; }
  severity(severity: Severity): string { return SEVERITY_WORDS[severity][this.at]; }
  unit(unit: PolicyUnit): string { return UNITS[unit][this.at]; }
  pick<T>(vi: T, en: T): T { return this.at === 0 ? vi : en; }

  /** `68,8%` in Vietnamese, `68.8%` in English. */
  percent(value: number): string { return `${this.decimal(value)}%`; }
  decimal(value: number | null): string { return value === null ? '-' : this.pick(String(value).replace('.', ','), String(value)); }
  share({ count, of, percent }: Share): string { return `${count}/${of} = ${this.percent(percent)}`; }
  /** `14/12/2026 24:00` would be the next day's 00:00 to people; the last minute of the day is written so. */
  time(at: number): string {
    const text = new Date(at + OFFICIAL_OFFSET_MS).toISOString();
    if (text.slice(11, 19) === '00:00:00') return `${day(at - 1)} 24:00`;
    return `${day(at)} ${text.slice(11, 19)}`;
  }
  /** As letters are dated: zero before days under 10 and months 1 and 2. */
  letterDay(at: number): string {
    const [year = '', month = '', date = ''] = new Date(at + OFFICIAL_OFFSET_MS).toISOString().slice(0, 10).split('-');
    return this.pick(`ngày ${date} tháng ${Number(month) <= 2 ? month : Number(month)} năm ${year}`, `${Number(date)}/${Number(month)}/${year}`);
  }
}
const day = (at: number): string => new Date(at + OFFICIAL_OFFSET_MS).toISOString().slice(0, 10).split('-').reverse().join('/');

/** `12/2026` of `2026-12`. */
export const monthWord = (month: string): string => month.split('-').reverse().join('/');
export interface About { readonly language: Language; readonly made: number; readonly by: string; readonly publicUrl: string }
export const systemLink = ({ publicUrl }: About, id: string): string => `${publicUrl}/systems/${encodeURIComponent(id)}`;
export const incidentLink = ({ publicUrl }: About, id: string): string => `${publicUrl}/incidents/${encodeURIComponent(id)}`;
