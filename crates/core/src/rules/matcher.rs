use std::{fmt, sync::Arc};

use http::Method;

use super::{
    EndpointPattern, cover,
    exact::Exact,
    index::Index,
    search::Search,
    text::{Segments, is_dot_segment},
};
use crate::BuildError;

/// An ordered list of patterns of endpoints, of which the first that matches a request counts.
///
/// It is compiled once and never changes: a look-up takes no lock, and only a regex allocates, for its cache, in the first
/// look-ups that use it. A clone costs an atomic increment.
///
/// ```
/// use http::Method;
/// use tower_telemetry_core::{EndpointRules, Target};
///
/// let rules = EndpointRules::new(["/health", "GET /users/{id}", "/assets/**", "grpc.health.v1.Health/*", "re:/v[12]/"])?;
/// assert_eq!(rules.find(&Method::GET, Target::Path("/users/42")), Some(1));
/// assert_eq!(rules.find(&Method::GET, Target::Template("/users/{user}")), Some(1));
/// assert_eq!(rules.find(&Method::PUT, Target::Path("/users/42")), None);
/// assert_eq!(rules.find(&Method::GET, Target::Path("/assets/css/site.css")), Some(2));
/// assert_eq!(rules.find(&Method::POST, Target::Path("/grpc.health.v1.Health/Check")), Some(3));
/// # Ok::<(), tower_telemetry_core::BuildError>(())
/// ```
///
/// # Patterns
///
/// | pattern | what it matches |
/// |---|---|
/// | `/users/me` | that path, and that template |
/// | `/users/{id}` | in a path, any one segment that is not empty; in a template, one `{…}`, whatever its name |
/// | `/files/{*path}` | at the end: in a path, one or more segments; in a template, one `{*…}` |
/// | `/users/*` | any one segment that is not empty, also a template's `{…}` (but no `{*…}`, which may stand for several) |
/// | `/v*/a*b.css` | for each star within a segment, a run of any characters but `/`, also of none; in a template, also a parameter, as in `user_{name}`, but not one that is the whole segment |
/// | `/assets/**` | for each `**`, any segments, also none, of which some may be empty: `/assets`, `/assets/`, `/assets/a/b` |
/// | `/api/*/internal/**`, `/**/secret` | the same, at any place, several times |
/// | `**` | everything: also what is not a path with segments, such as `*` or nothing |
/// | `pkg.Service/Method`, `pkg.*/Get*` | a gRPC method: the same as with a slash before. Dots are ordinary characters |
/// | `re:^/v[0-9]+/` | what the [regex](https://docs.rs/regex/1/regex/#syntax) is found in, anywhere in the text as it came |
/// | `GET /users/{id}`, `OPTIONS **` | only requests with that method, in its case; without one, a pattern matches all |
///
/// # What is compared
///
/// Paths and templates are compared as they came, which is what a router does.
///
/// - Case counts. Percent-encoded ASCII is not decoded: `/%68ealth` is not `/health`. A character beyond ASCII is the same
///   whether raw or percent-encoded, in either case of the digits: `/café` is `/caf%C3%A9`.
/// - One slash at the end makes no difference, in the pattern or the target. Two slashes have an empty segment between
///   them, which `*` and `{id}` do not match, but `**`, `{*rest}` and the same two slashes in a pattern do.
/// - A path with a dot segment (`.` or `..`, also with `%2e`) is matched by `**` alone and by regexes, nothing else:
///   `/assets/../admin` is not an asset.
/// - Query strings are not part of a target. An empty path (of a `CONNECT`) and `*` (of an `OPTIONS`) have no
///   segments: `**` and regexes match them.
///
/// # Errors
///
/// Each names the pattern and its place, the first one being rule 1. A pattern of more than 1,024 bytes is refused, and so are
/// more than 10,000 of them, and a pattern that can never be the first to match, because one before it matches whatever it
/// does. That is judged by what they say; of regexes, only the same text is known to match the same.
///
/// # Cost
///
/// A look-up reads the path once or twice, then looks up each segment in a table, so that it hardly matters how many rules
/// there are. Only `**` with something behind it reads on, at most once for each token of each pattern whose rarest segment
/// is in the path. Whatever the path, the time is bounded by its length times that of the patterns, and the stack by the patterns alone. A
/// regex is tried if no rule before it matches; that takes linear time, but is far from free.
#[derive(Clone)]
pub struct EndpointRules {
    inner: Arc<Inner>,
}

/// What patterns are matched with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target<'a> {
    /// A router's template, or an endpoint's name: `/users/{id}`, `pkg.Service/Method`.
    Template(&'a str),
    /// The path of a request that has no template, as [`http::Uri::path`] gives it.
    Path(&'a str),
}

struct Inner {
    patterns: Box<[EndpointPattern]>,
    index: Index,
}

const MAX_RULES: usize = 10_000;

/// Of two lists.
pub(super) const MAX_PATTERNS: usize = 2 * MAX_RULES;

impl EndpointRules {
    /// Parses and compiles the patterns. None at all are fine: they match nothing.
    pub fn new<T: AsRef<str>>(patterns: impl IntoIterator<Item = T>) -> Result<Self, BuildError> {
        let patterns = patterns.into_iter().enumerate();
        Self::compile(patterns.map(|(at, pattern)| EndpointPattern::parse(|| rule(at), pattern.as_ref())))
    }

    /// Compiles patterns that are parsed already.
    pub fn from_patterns(patterns: impl IntoIterator<Item = EndpointPattern>) -> Result<Self, BuildError> {
        Self::compile(patterns.into_iter().map(Ok))
    }

    /// These patterns, and behind them those of `others`: one look-up in place of two. Their indices go on from
    /// [these](Self::patterns). A pattern may stand there that can never be the first to match. More than 20,000 patterns in all
    /// are an error.
    pub fn followed_by(&self, others: &Self) -> Result<Self, BuildError> {
        let patterns: Box<[_]> = self.patterns().iter().chain(others.patterns()).cloned().collect();
        if patterns.len() > MAX_PATTERNS {
            let held = format!("{} rules", patterns.len());
            return Err(BuildError::value("two lists of rules", held, format!("at most {MAX_PATTERNS} rules")));
        }
        Ok(Self::indexed(patterns))
    }

    /// The index of the first pattern that matches, from 0.
    #[inline]
    pub fn find(&self, method: &Method, target: Target<'_>) -> Option<usize> {
        let found = self.inner.index.find(method, target);
        (found != u32::MAX).then_some(found as usize)
    }

    /// The patterns, in their order.
    pub fn patterns(&self) -> &[EndpointPattern] {
        &self.inner.patterns
    }

    fn compile(patterns: impl Iterator<Item = Result<EndpointPattern, BuildError>>) -> Result<Self, BuildError> {
        let patterns: Box<[_]> = patterns.take(MAX_RULES + 1).collect::<Result<_, _>>()?;
        if patterns.len() > MAX_RULES {
            let held = format!("more than {MAX_RULES} rules");
            return Err(BuildError::value("a list of rules", held, format!("at most {MAX_RULES} rules")));
        }
        if let Some((covered, by)) = cover::first_covered(&patterns) {
            let (name, by, pattern) = (rule(covered), rule(by), patterns[by].as_str());
            let expected = format!("a pattern that can be reached: {by}, {pattern:?}, matches all that it does");
            return Err(BuildError::value(name, patterns[covered].as_str(), expected));
        }
        Ok(Self::indexed(patterns))
    }

    fn indexed(patterns: Box<[EndpointPattern]>) -> Self {
        let mut index = Index::new(&patterns);
        index.exact = Exact::new(&index, &patterns);
        Self { inner: Arc::new(Inner { patterns, index }) }
    }
}

/// Matches nothing.
impl Default for EndpointRules {
    fn default() -> Self {
        Self::indexed(Box::default())
    }
}

impl fmt::Debug for EndpointRules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.patterns().iter().map(EndpointPattern::as_str)).finish()
    }
}

impl Index {
    /// The first rule that matches, or `u32::MAX`.
    fn find(&self, method: &Method, target: Target<'_>) -> u32 {
        let method = if self.methods.is_empty() { None } else { self.methods.get(method).copied() };
        self.exact.find(method, target).unwrap_or_else(|| self.search(method, target))
    }

    pub(super) fn search(&self, method: Option<u32>, target: Target<'_>) -> u32 {
        let mut best = self.everything.first(method).unwrap_or(u32::MAX);
        if let Some(segments) = target.segments() {
            best = Search::new(self, method, best).run(segments);
        }
        for (rule, regex) in &self.regexes {
            if rule.index >= best {
                break;
            }
            if rule.allows(method) && regex.is_match(target.as_str()) {
                return rule.index;
            }
        }
        best
    }
}

impl<'a> Target<'a> {
    pub(super) fn as_str(self) -> &'a str {
        match self {
            Self::Template(text) | Self::Path(text) => text,
        }
    }

    /// The segments, unless no segments may match it.
    fn segments(self) -> Option<Segments<'a>> {
        match self {
            Self::Template(template) => {
                let rest = template.strip_prefix('/').or_else(|| template.contains('/').then_some(template))?;
                Some(Segments::new(rest, template.contains('%'), true))
            }
            Self::Path(path) => {
                let rest = path.strip_prefix('/')?;
                let (encoded, dotted) = inspect(path.as_bytes());
                (!dotted).then(|| Segments::new(rest, encoded, false))
            }
        }
    }
}

/// Whether a path has a percent sign, and whether it has a dot segment.
fn inspect(path: &[u8]) -> (bool, bool) {
    // Without a branch in the loop, it goes many bytes at a time.
    let (encoded, suspect) = path.iter().zip(&path[1..]).fold((0, 0), |(encoded, suspect), (before, byte)| {
        let encoding = u8::from(*byte == b'%');
        (encoded | encoding, suspect | (u8::from(*before == b'/') & (encoding | u8::from(*byte == b'.'))))
    });
    (encoded != 0, suspect != 0 && path[1..].split(|&byte| byte == b'/').any(is_dot_segment))
}

fn rule(at: usize) -> String {
    format!("rule {}", at + 1)
}
