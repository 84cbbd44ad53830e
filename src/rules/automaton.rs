//! Matches texts in ASCII with patterns of the usual forms, without a regular expression: to compile one takes longer
//! than all else that is done with a manifest.

/// The most steps of a pattern: each is a bit, and so is the end.
const MOST: usize = 63;
/// The longest pattern that is read, in bytes: no usual one is as long.
const LONGEST: usize = 300;

/// A pattern as steps in a row: each takes one of some characters, once or repeatedly, or may be skipped.
///
/// A set of steps is a number: bit `n` is the step that may take the next character. The bit behind the last step
/// means that the text may end.
pub(super) struct Automaton {
    /// The steps that take a character, for each of ASCII.
    taking: [u64; 128],
    /// The steps that may follow each step.
    following: Vec<u64>,
    first: u64,
    end: u64,
}

/// A step of a pattern: one bit for each character of ASCII that it takes.
#[derive(Clone, Copy)]
struct Step {
    takes: u128,
    optional: bool,
    repeats: bool,
}

impl Automaton {
    /// The automaton of a pattern in Java's dialect for whole texts. `None` for a pattern of another form: with
    /// alternatives, repeated groups, or what is rarer.
    pub(super) fn of(pattern: &str) -> Option<Self> {
        if pattern.len() > LONGEST {
            return None;
        }
        let (pattern, any) = match pattern.strip_prefix("(?s)") {
            Some(rest) => (rest, u128::MAX),
            None => (pattern, !bit(b'\n')),
        };
        // The whole text matches anyway.
        let pattern = pattern.strip_prefix('^').unwrap_or(pattern);
        let pattern = pattern.strip_suffix('$').filter(|rest| !rest.ends_with('\\')).unwrap_or(pattern);
        let mut reader =
            PatternReader { rest: pattern.as_bytes(), any, steps: Vec::new(), skips: Vec::new() };
        reader.sequence()?;
        (reader.rest.is_empty() && reader.steps.len() <= MOST)
            .then(|| Self::new(&reader.steps, &reader.skips))
    }

    fn new(steps: &[Step], skips: &[(usize, usize)]) -> Self {
        // From the end on: where a step leads to, with all that may be skipped on the way.
        let mut reached = vec![0; steps.len() + 1];
        for place in (0..=steps.len()).rev() {
            let next = steps.get(place).filter(|step| step.optional).map(|_| place + 1);
            let skipped = skips.iter().filter(|(from, _)| *from == place).map(|(_, to)| *to);
            reached[place] = skipped.chain(next).fold(1 << place, |all, to| all | reached[to]);
        }
        let mut taking = [0; 128];
        let mut following = Vec::with_capacity(steps.len());
        for (place, step) in steps.iter().enumerate() {
            let again = if step.repeats { 1 << place } else { 0 };
            following.push(reached[place + 1] | again);
            let mut left = step.takes;
            while left != 0 {
                taking[left.trailing_zeros() as usize] |= 1 << place;
                left &= left - 1;
            }
        }
        Self { taking, following, first: reached[0], end: 1 << steps.len() }
    }

    /// Whether all of `text`, which is in ASCII, matches.
    pub(super) fn is_match(&self, text: &str) -> bool {
        let mut open = self.first;
        let mut last = (0, 0);
        for byte in text.bytes() {
            let took = open & self.taking.get(usize::from(byte)).copied().unwrap_or_default();
            if took != last.0 {
                last = (took, self.after(took));
            }
            open = last.1;
        }
        open & self.end != 0
    }

    /// The steps that may follow any of these.
    fn after(&self, mut took: u64) -> u64 {
        let mut open = 0;
        while took != 0 {
            open |= self.following[took.trailing_zeros() as usize];
            took &= took - 1;
        }
        open
    }
}

struct PatternReader<'p> {
    rest: &'p [u8],
    /// What a dot takes.
    any: u128,
    steps: Vec<Step>,
    /// Optional groups: the first step of each, and the step behind it.
    skips: Vec<(usize, usize)>,
}

impl PatternReader<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn next_if(&mut self, byte: u8) -> bool {
        let is_next = self.rest.first() == Some(&byte);
        if is_next {
            self.rest = &self.rest[1..];
        }
        is_next
    }

    /// Reads steps up to the end of the group, or of the pattern.
    fn sequence(&mut self) -> Option<()> {
        while !matches!(self.rest.first(), None | Some(b')')) {
            let takes = match self.next()? {
                b'(' => {
                    self.group()?;
                    continue;
                }
                b'[' => self.class()?,
                b'.' => self.any,
                b'\\' => self.escape()?.takes(),
                b'^' | b'$' | b'|' | b'*' | b'+' | b'?' | b'{' | b'}' | b']' => return None,
                byte => ascii(byte)?,
            };
            self.quantified(takes)?;
        }
        Some(())
    }

    /// Reads the rest of a group, which may be optional.
    fn group(&mut self) -> Option<()> {
        if self.next_if(b'?') && !self.next_if(b':') {
            return None;
        }
        let start = self.steps.len();
        self.sequence()?;
        if !self.next_if(b')') {
            return None;
        }
        if self.next_if(b'?') {
            self.skips.push((start, self.steps.len()));
        }
        self.is_quantified_once().then_some(())
    }

    /// Adds the step, as often as the quantifier behind it says.
    fn quantified(&mut self, takes: u128) -> Option<()> {
        let (optional, repeats) = match self.rest.first() {
            Some(b'*') => (true, true),
            Some(b'+') => (false, true),
            Some(b'?') => (true, false),
            Some(b'{') => return self.counted(takes),
            _ => (false, false),
        };
        if optional || repeats {
            self.next();
        }
        self.steps.push(Step { takes, optional, repeats });
        self.is_quantified_once().then_some(())
    }

    /// Adds the step as often as `{3}` or `{3,5}` says.
    fn counted(&mut self, takes: u128) -> Option<()> {
        let length = self.rest.iter().position(|byte| *byte == b'}')?;
        let (count, rest) = self.rest.split_at(length);
        self.rest = &rest[1..];
        let count = str::from_utf8(&count[1..]).ok().filter(|count| !count.contains('+'))?;
        let (least, most) = count.split_once(',').unwrap_or((count, count));
        let (least, most): (usize, usize) = (least.parse().ok()?, most.parse().ok()?);
        if least > most || most > MOST {
            return None;
        }
        self.steps.extend((0..most).map(|place| Step { takes, optional: place >= least, repeats: false }));
        self.is_quantified_once().then_some(())
    }

    /// Whether no further quantifier follows.
    fn is_quantified_once(&self) -> bool {
        !matches!(self.rest.first(), Some(b'*' | b'+' | b'?' | b'{'))
    }

    /// Reads the rest of a class in brackets.
    fn class(&mut self) -> Option<u128> {
        let is_negated = self.next_if(b'^');
        let mut takes = 0;
        // An empty class is none: the bracket is a character of it.
        if self.next_if(b']') {
            return None;
        }
        while !self.next_if(b']') {
            let item = self.item()?;
            let is_range = self.rest.first() == Some(&b'-') && self.rest.get(1) != Some(&b']');
            takes |= match item {
                Item::Character(first) if is_range => {
                    self.next();
                    let Item::Character(last) = self.item()? else { return None };
                    (first <= last).then(|| (first..=last).map(bit).fold(0, |all, one| all | one))?
                }
                // What follows a set and a hyphen is no range, in no dialect.
                Item::Set(_) if is_range => return None,
                item => item.takes(),
            };
        }
        Some(if is_negated { !takes } else { takes })
    }

    /// Reads a character or a set of a class.
    fn item(&mut self) -> Option<Item> {
        match self.next()? {
            b'\\' => self.escape(),
            // A class within a class, and the operators on classes.
            b'[' | b']' => None,
            byte @ (b'&' | b'-' | b'~') if self.rest.first() == Some(&byte) => None,
            byte => ascii(byte).map(|_| Item::Character(byte)),
        }
    }

    /// Reads what follows a backslash.
    fn escape(&mut self) -> Option<Item> {
        let words = LETTERS | DIGITS | bit(b'_');
        Some(match self.next()? {
            b'w' => Item::Set(words),
            b's' => Item::Set(SPACES),
            b'S' => Item::Set(!SPACES),
            b'd' => Item::Set(DIGITS),
            b'p' => Item::Set(self.category()?),
            b'x' => {
                let (digits, rest) = self.rest.split_at_checked(2)?;
                self.rest = rest;
                let digits = str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
                Item::Character(u8::from_str_radix(digits, 16).ok().filter(u8::is_ascii)?)
            }
            byte if br".+*?()|[]{}^$#&-~/:".contains(&byte) => Item::Character(byte),
            _ => return None,
        })
    }

    /// Reads the name of a category of Unicode's, in braces: its characters in ASCII.
    fn category(&mut self) -> Option<u128> {
        let (name, rest) = self.rest.split_at_checked(3)?;
        self.rest = rest;
        let symbols = set(b"$+<=>^`|~");
        Some(match name {
            b"{L}" => LETTERS,
            b"{M}" => 0,
            b"{N}" => DIGITS,
            b"{S}" => symbols,
            b"{P}" => set(PUNCTUATION) & !symbols,
            b"{Z}" => bit(b' '),
            _ => return None,
        })
    }
}

/// A character, or a set of them.
#[derive(Clone, Copy)]
enum Item {
    Character(u8),
    Set(u128),
}

impl Item {
    fn takes(self) -> u128 {
        match self {
            Self::Character(byte) => bit(byte),
            Self::Set(takes) => takes,
        }
    }
}

const DIGITS: u128 = set(b"0123456789");
const LETTERS: u128 = set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
const SPACES: u128 = set(b"\t\n\x0B\x0C\r ");
const PUNCTUATION: &[u8] = br##"!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~"##;

/// A set of characters of ASCII.
const fn set(characters: &[u8]) -> u128 {
    let (mut all, mut place) = (0, 0);
    while place < characters.len() {
        all |= bit(characters[place]);
        place += 1;
    }
    all
}

/// The set of one character of ASCII.
const fn bit(byte: u8) -> u128 {
    1 << byte
}

/// The set of one character, if it is one of ASCII.
fn ascii(byte: u8) -> Option<u128> {
    byte.is_ascii().then(|| bit(byte))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn matches(pattern: &str, text: &str) -> Option<bool> {
        Automaton::of(pattern).map(|automaton| automaton.is_match(text))
    }

    #[test]
    fn steps_repeat_may_be_skipped_and_may_be_a_group() {
        for (pattern, fit, unfit) in [
            (r"[\w+]+", &["a", "A_9+"][..], &["", "a-b"][..]),
            (
                r"[\p{L}\p{P}\s*]*\{####\}[\p{L}\s]*",
                &["{####}", "is {####} ok", "*{####}"],
                &["####", "{####}1"],
            ),
            (r"a(b+(c)?)?d", &["ad", "abd", "abbcd"], &["acd", "abcbd", "abccd"]),
            (r"^[0-9a-f]{2}-[4][!$-;=@-\[]{1,3}$", &["0f-4!", "0f-4$;="], &["0f-4", "0-4!", "0f-4abcd"]),
            (r".*a", &["a", "bba"], &["b\na", ""]),
            (r"(?s).*", &["", "a\nb"], &[]),
            (r"[^_\p{Z}][\x21\x23-\x5B]?", &["a!", "#"], &["_", " ", "a\"", ""]),
            ("", &[""], &["a"]),
        ] {
            for text in fit {
                assert_eq!(matches(pattern, text), Some(true), "{pattern}: {text}");
            }
            for text in unfit {
                assert_eq!(matches(pattern, text), Some(false), "{pattern}: {text}");
            }
        }
    }

    #[test]
    fn another_form_of_pattern_is_left_to_the_regular_expressions() {
        let long = "(".repeat(LONGEST) + &")".repeat(LONGEST);
        let wide = "a{64}";
        for pattern in [
            "a|b", "(ab)+", "(ab){2}", "(?<!a)b", "(?i)a", "a++", "a+?", "a{2,}", "a{+2}", "a{3,2}",
            "[a&&b]", "[a[b]]", "[]a]", "[b-a]", r"[\w-a]", r"\\w", r"\b", r"\p{Lu}", r"\x{41}", "a]", "(a",
            "a)", "a^b", "ä", &long, wide,
        ] {
            assert!(Automaton::of(pattern).is_none(), "{pattern}");
        }
    }

    /// Parts of patterns in all forms that are read, and of some that are not.
    fn patterns() -> impl Strategy<Value = String> {
        let atom = prop::sample::select(vec![
            "a",
            "1",
            "_",
            " ",
            ":",
            ".",
            r"\w",
            r"\s",
            r"\d",
            r"\{",
            r"\.",
            r"\-",
            "[a1]",
            "[^a_]",
            r"[\w\s+=,.@-]",
            r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]",
            r"[\p{Z}]",
            r"[^_\p{Z}]",
            r"[\S]",
            r"[\x21\x23-\x5B]",
            "[!$-;=@-]",
            "^",
            "|",
        ]);
        let how_often = prop::sample::select(vec!["", "", "", "*", "+", "?", "{2}", "{0,2}", "{1,3}"]);
        let step = (atom, how_often).prop_map(|(atom, how_often)| format!("{atom}{how_often}"));
        step.prop_recursive(3, 12, 4, |inner| {
            let group = (prop::collection::vec(inner, 0..4), prop::sample::select(vec!["", "?", "?", "+"]));
            group.prop_map(|(steps, how_often)| format!("({}){how_often}", steps.concat()))
        })
    }

    /// Texts of the characters that the patterns are about.
    fn texts() -> impl Strategy<Value = String> {
        let pieces = [
            "a", "1", "_", " ", ":", "-", ".", "{", "}", "\n", "{####}", "arn:aws:", "@", "\"", "A", "\u{1}",
        ];
        prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..8).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn an_automaton_matches_what_the_regular_expression_matches(
            steps in prop::collection::vec(patterns(), 0..4),
            texts in prop::collection::vec(texts(), 1..20),
        ) {
            let pattern = steps.concat();
            if let Some(automaton) = Automaton::of(&pattern) {
                let regex = crate::rules::pattern::regex_for_ascii(&pattern);
                let regex = regex.ok_or_else(|| TestCaseError::fail(format!("{pattern} is no pattern")))?;
                for text in texts {
                    prop_assert_eq!(automaton.is_match(&text), regex.is_match(&text), "{}: {:?}", pattern, text);
                }
            }
        }
    }
}
