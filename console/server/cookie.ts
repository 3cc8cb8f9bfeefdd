// The session's cookie.
export const COOKIE = 'haidang_session';
