use super::text::{Segments, Text};

/// What a pattern has to say of a segment, or of a run of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Token {
    /// The segment with these bytes, in which nothing is percent-encoded that is beyond ASCII.
    Literal(Box<[u8]>),
    /// `a*b`.
    Glob(Glob),
    /// `*`.
    Any,
    /// `{name}`.
    Parameter,
    /// `{*name}`, the last one.
    CatchAll,
    /// `**`.
    Deep,
}

/// A segment with stars in it: a run of bytes for each, perhaps of none.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Glob {
    bytes: Box<[u8]>,
}

/// What tokens may be matched with: the segments of a path, or another pattern's tokens.
pub(super) trait Subject: Iterator + Clone {
    fn is_matched(item: &Self::Item, by: &Token) -> bool;

    /// Whether all of it is matched by a `{*name}`.
    fn is_caught(&self) -> bool;
}

/// Whether the tokens match all of the subject.
///
/// Each `**` takes the fewest items that will do, and only the last one met is ever asked to take more: what comes before
/// it has matched as early as can be. So the time is at most that of each token at each item.
pub(super) fn matches<S: Subject>(tokens: &[Token], mut subject: S) -> bool {
    let mut at = 0;
    let mut deep: Option<(usize, S)> = None;
    loop {
        let goes_on = match tokens.get(at) {
            Some(Token::Deep) => {
                at += 1;
                if at == tokens.len() {
                    return true;
                }
                deep = Some((at, subject.clone()));
                continue;
            }
            Some(Token::CatchAll) => {
                if subject.is_caught() {
                    return true;
                }
                false
            }
            Some(token) => match subject.next() {
                Some(item) => S::is_matched(&item, token),
                // With more taken away it would end even sooner.
                None => return false,
            },
            None => match subject.next() {
                Some(_) => false,
                None => return true,
            },
        };
        if goes_on {
            at += 1;
            continue;
        }
        let Some((after, start)) = &mut deep else { return false };
        if start.next().is_none() {
            return false;
        }
        (at, subject) = (*after, start.clone());
    }
}

impl Token {
    pub(super) fn matches(&self, segment: Text<'_>) -> bool {
        match self {
            Self::Literal(bytes) => segment.equals(bytes),
            Self::Glob(glob) => glob.matches(segment),
            Self::Any => !segment.is_empty() && !segment.is_catch_all(),
            Self::Parameter if segment.is_template() => segment.is_parameter(),
            Self::Parameter => !segment.is_empty(),
            Self::CatchAll | Self::Deep => false,
        }
    }

    /// Whether each segment that `other` matches, in a path or in a template, is one that this matches.
    fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Literal(ours), Self::Literal(theirs)) => ours == theirs,
            (Self::Any, Self::Literal(bytes)) => !bytes.is_empty(),
            (Self::Any, Self::Glob(_) | Self::Any | Self::Parameter) | (Self::Parameter, Self::Parameter) => true,
            (Self::Glob(glob), Self::Literal(bytes)) => glob.matches(Text::plain(bytes)),
            // No piece has a star, so only our stars can have taken theirs.
            (Self::Glob(ours), Self::Glob(theirs)) => ours.matches(Text::plain(&theirs.bytes)),
            _ => false,
        }
    }
}

impl Glob {
    /// From a text with at least one star and something else.
    pub(super) fn new(bytes: Box<[u8]>) -> Self {
        Self { bytes }
    }

    /// What must come first, and last.
    pub(super) fn ends(&self) -> (&[u8], &[u8]) {
        let mut pieces = self.pieces();
        (pieces.next().unwrap_or_default(), pieces.next_back().unwrap_or_default())
    }

    pub(super) fn matches(&self, segment: Text<'_>) -> bool {
        // What a parameter stands for is unknown: only a star can take it.
        match segment.around_braces() {
            Some((before, after)) => self.match_around(before, Some(after)).is_some(),
            None => self.match_around(segment, None).is_some(),
        }
    }

    fn match_around(&self, text: Text<'_>, then: Option<Text<'_>>) -> Option<()> {
        let mut pieces = self.pieces();
        let mut left = text.strip_prefix(pieces.next()?)?;
        let last = pieces.next_back()?;
        let mut then = match then {
            Some(then) => Some(then.strip_suffix(last)?),
            None => {
                left = left.strip_suffix(last)?;
                None
            }
        };
        for piece in pieces.filter(|piece| !piece.is_empty()) {
            left = match left.after(piece) {
                Some(rest) => rest,
                None => then.take()?.after(piece)?,
            };
        }
        Some(())
    }

    fn pieces(&self) -> impl DoubleEndedIterator<Item = &[u8]> {
        self.bytes.split(|&byte| byte == b'*')
    }
}

impl<'a> Subject for Segments<'a> {
    fn is_matched(segment: &Text<'a>, by: &Token) -> bool {
        by.matches(*segment)
    }

    fn is_caught(&self) -> bool {
        let mut segments = self.clone();
        segments.next().is_some_and(|first| !first.is_template() || (first.is_catch_all() && segments.next().is_none()))
    }
}

/// For every target that it matches. What a `**` of it stands for is only matched by another `**`.
impl Subject for std::slice::Iter<'_, Token> {
    fn is_matched(token: &&Token, by: &Token) -> bool {
        by.covers(token)
    }

    fn is_caught(&self) -> bool {
        matches!(self.as_slice(), [Token::CatchAll])
    }
}
