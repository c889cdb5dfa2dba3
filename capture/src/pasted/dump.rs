//! Dumps with offsets: `xxd`, `hexdump`, `hexdump -C`, `od -tx1`, `od -x`, `hexyl`, Wireshark's copy.

use crate::fault::Fault;

/// The longest frame in a dump, in bytes. Lines omitted as `*` count.
const LONGEST: usize = 17 << 20;

/// A dump, line by line.
#[derive(Debug)]
pub(super) struct Dump {
    /// Offsets as written, each with the bytes after it.
    lines: Vec<(String, Vec<u8>)>,
    /// The indexes of lines before which lines are omitted.
    repeated: Vec<usize>,
    length: usize,
    /// Two bytes in a word, the second one first.
    is_swapped: bool,
}

impl Dump {
    /// The dump that starts with a line: with offset 0, or with the border of `hexyl`.
    pub(super) fn starts(text: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok()?;
        let mut dump = Self { lines: Vec::new(), repeated: Vec::new(), length: 0, is_swapped: false };
        if is_border(text) {
            return Some(dump);
        }
        let (offset, bytes, is_swapped) = line(text)?;
        let is_start = offset.bytes().all(|digit| digit == b'0') && !bytes.is_empty();
        dump.is_swapped = is_swapped;
        dump.push(offset, bytes);
        is_start.then_some(dump)
    }

    fn push(&mut self, offset: &str, bytes: Vec<u8>) {
        self.length += bytes.len();
        self.lines.push((offset.to_owned(), bytes));
    }

    /// Adds another line; false if it belongs to no dump, or to the next one.
    pub(super) fn add(&mut self, text: &[u8]) -> bool {
        let Ok(text) = std::str::from_utf8(text) else { return false };
        if is_border(text) {
            return true;
        }
        let bare = text.trim_matches([' ', '|', '│']);
        if bare == "*" || bare.starts_with("* ") && bare.trim_matches(['*', ' ', '|', '│', '┊']).is_empty() {
            self.repeated.push(self.lines.len());
            return true;
        }
        match line(text) {
            Some((offset, ..)) if offset.bytes().all(|digit| digit == b'0') && !self.lines.is_empty() => false,
            Some((offset, bytes, is_swapped)) if self.length < LONGEST => {
                self.is_swapped |= is_swapped;
                self.push(offset, bytes);
                true
            }
            _ => false,
        }
    }

    /// The bytes of the dump.
    pub(super) fn finish(self) -> Result<Vec<u8>, Fault> {
        let wrong = |message: String| Fault::in_line("bad-dump", 0, message);
        let radix = self.radix();
        let offset = |text: &str| usize::from_str_radix(text.trim_end_matches(':'), radix).ok();
        let Some(first) = self.lines.first().and_then(|(text, ..)| offset(text)) else {
            return Err(wrong("a dump without a line of bytes".to_owned()));
        };
        let mut bytes: Vec<u8> = Vec::with_capacity(self.length);
        for (number, (text, of_line)) in self.lines.iter().enumerate() {
            let at = offset(text).and_then(|at| at.checked_sub(first)).filter(|at| *at <= LONGEST);
            let Some(at) = at else { return Err(wrong(format!("offset {text} of the dump is out of order"))) };
            if self.repeated.contains(&number) {
                // The line before the omitted ones repeats.
                let length = self.lines.get(number.wrapping_sub(1)).map_or(0, |(_, of_line)| of_line.len());
                let pattern: Vec<u8> = bytes.get(bytes.len().saturating_sub(length)..).unwrap_or(&[]).to_vec();
                while bytes.len() < at && !pattern.is_empty() {
                    bytes.extend(&pattern);
                }
            }
            // A word of two bytes shows one byte too many, and the text after the bytes may look like bytes.
            bytes.truncate(at.max(if of_line.is_empty() { at } else { 0 }));
            if bytes.len() < at {
                let message = format!(
                    "the dump has {} bytes before offset {text}, expected {at}: a line is missing",
                    bytes.len()
                );
                return Err(wrong(message));
            }
            bytes.extend(of_line);
        }
        Ok(bytes)
    }

    /// Offsets are octal if they go on like octal numbers, and not like hexadecimal ones.
    fn radix(&self) -> u32 {
        let at = |text: &str, radix| usize::from_str_radix(text.trim_end_matches(':'), radix).ok();
        let goes_on = |radix| {
            let pairs = self.lines.iter().zip(self.lines.iter().skip(1)).zip(1..);
            let mut pairs = pairs.filter(|(_, next)| !self.repeated.contains(next)).peekable();
            pairs.peek().is_some()
                && pairs.all(|(((this, bytes), (next, _)), _)| {
                    let step = at(next, radix).zip(at(this, radix)).and_then(|(next, this)| next.checked_sub(this));
                    // A word of two bytes may show one more than there is.
                    step.is_some_and(|step| step == bytes.len() || step + usize::from(self.is_swapped) == bytes.len())
                })
        };
        match (goes_on(16), goes_on(8), self.lines.first()) {
            (true, false, _) => 16,
            (false, true, _) => 8,
            (_, _, Some((first, ..))) if first.len() == 7 && !self.is_swapped => 8,
            _ => 16,
        }
    }
}

fn is_border(text: &str) -> bool {
    let text = text.trim();
    text.starts_with(['┌', '└', '├']) || (text.starts_with("+--") && text.ends_with('+'))
}

/// The offset and bytes of a line, and whether its words are swapped.
fn line(text: &str) -> Option<(&str, Vec<u8>, bool)> {
    let text = text.trim_end();
    if text.trim_start().starts_with(['│', '|']) {
        return of_hexyl(text).map(|(offset, bytes)| (offset, bytes, false));
    }
    let text = text.trim_start();
    let (offset, rest) = text.split_at_checked(text.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(text.len()))?;
    if !matches!(offset.len(), 4..=12) {
        return None;
    }
    let has_colon = rest.starts_with(':');
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    if rest.is_empty() {
        // The last line of `od` and `hexdump`: only the length. A line of hex has bytes.
        return (matches!(offset.len(), 6..=8) && offset.starts_with("000")).then(|| (offset, Vec::new(), false));
    }
    if !rest.starts_with([' ', '\t']) {
        return None;
    }
    let (bytes, is_swapped) = bytes(rest, has_colon || offset.len() == 8 || offset.len() == 4)?;
    (has_colon || offset.len() != 4 || rest.starts_with("  ")).then_some(())?;
    Some((offset, bytes, is_swapped))
}

/// `│00000000│ 00 f8 … ┊ … │0×•…│`
fn of_hexyl(text: &str) -> Option<(&str, Vec<u8>)> {
    let mut columns = text.trim_start().split(['│', '|', '┊']).skip(1);
    let offset = columns.next()?.trim();
    if offset.len() != 8 || !offset.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = Vec::new();
    for column in columns.take(2) {
        for word in column.split_whitespace() {
            bytes.push(u8::from_str_radix(word, 16).ok().filter(|_| word.len() == 2)?);
        }
    }
    Some((offset, bytes))
}

/// The bytes up to the text column, in groups of one to sixteen, and whether those of a group are swapped.
fn bytes(rest: &str, is_in_order: bool) -> Option<(Vec<u8>, bool)> {
    let mut bytes = Vec::new();
    let mut words = 0_usize;
    let mut width = None;
    let mut rest = rest;
    loop {
        let trimmed = rest.trim_start_matches([' ', '\t']);
        let gap = rest.len() - trimmed.len();
        let length = trimmed.find([' ', '\t']).unwrap_or(trimmed.len());
        let word = trimmed.get(..length)?;
        // A wider gap comes before the text column, except in the middle of a line.
        let is_middle = matches!(bytes.len(), 0 | 8) || words.is_multiple_of(8);
        let ends = gap > 3 || (gap > 1 && !is_middle);
        let is_hex =
            !word.is_empty() && word.len().is_multiple_of(2) && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        let fits = *width.get_or_insert(word.len()) >= word.len() && word.len() <= 32;
        if (ends && words > 0) || !is_hex || !fits || bytes.len() >= 256 {
            break;
        }
        let in_word = bytes_text(word)?;
        // `hexdump` and `od -x` show words of two bytes as numbers.
        if width == Some(4) && !is_in_order {
            bytes.extend(in_word.iter().rev())
        } else {
            bytes.extend(in_word)
        }
        words += 1;
        rest = trimmed.get(length..)?;
    }
    (words > 0).then_some((bytes, width == Some(4) && !is_in_order))
}

fn bytes_text(word: &str) -> Option<Vec<u8>> {
    data_encoding::HEXLOWER_PERMISSIVE.decode(word.as_bytes()).ok()
}
