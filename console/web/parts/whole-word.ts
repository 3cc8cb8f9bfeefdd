// Finds a value where it is a word of its own: the user `admin` does not stand in `administration`.

export const wholeWord = (value: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])${value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'u');
