use std::sync::Arc;

use regex::bytes::RegexBuilder;

use crate::{
    BuildError, HashKey, Pattern, Scrubber, Shape, Strategy,
    name::{Names, RulesId, UserNames},
    rules::Rules,
};

/// Whether personal data may leave the process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pii {
    /// It stays. The default.
    #[default]
    Withheld,
    /// It may leave.
    Sent,
}

/// What is taken out: the rules of a [`Scrubber`], from a preset on. Default: [`standard`](Self::standard).
///
/// The order of the calls does not matter, but that of two rules for the same thing the later counts. Nothing is checked before
/// [`build`](Self::build). In which order the rules apply, the [crate's page](crate#rules) says.
///
/// ```
/// # use tower_telemetry_scrub::{BuildError, Pattern, Pii, Scrub, Shape, Strategy};
/// # fn main() -> Result<(), BuildError> {
/// let scrubber = Scrub::strict()
///     .name_as("order reference", Strategy::KeepLast(4))
///     .allow("session count")
///     .shape(Shape::Email, Strategy::ReplaceWith("someone".to_owned()))
///     .pattern(Pattern::new(r"\bCASE-\d{6}\b"))
///     .build()?;
/// assert_eq!(scrubber.query("orderReference=ABCD12345678&by=ada@example.com"), "orderReference=********5678&by=someone");
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Scrub {
    preset: Preset,
    pii: Pii,
    named: Strategy,
    names: Vec<(String, Strategy)>,
    allowed: Vec<String>,
    shapes: Vec<(Shape, Strategy)>,
    patterns: Vec<Pattern>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Preset {
    Standard,
    Strict,
    SecretsOnly,
}

/// How much memory a pattern may take when it is compiled. An ordinary one takes a hundredth of it.
const PATTERN_BYTES: usize = 1 << 20;

/// Each pattern is a pass over every text.
const PATTERNS: usize = 64;

/// Each name is compared with every name.
const NAMES: usize = 1000;

impl Default for Scrub {
    fn default() -> Self {
        Self::standard()
    }
}

impl Scrub {
    /// Secrets by name and by shape, e-mail and IP addresses, card, bank account and social security numbers. The default.
    pub fn standard() -> Self {
        Self::preset(Preset::Standard)
    }

    /// As [`standard`](Self::standard), and personal data by name: names of persons and users, postal and e-mail addresses,
    /// telephone numbers, dates of birth, coordinates.
    pub fn strict() -> Self {
        Self::preset(Preset::Strict)
    }

    /// As [`standard`](Self::standard), but e-mail and IP addresses stay: for services whose logs may hold them.
    pub fn secrets_only() -> Self {
        Self::preset(Preset::SecretsOnly)
    }

    fn preset(preset: Preset) -> Self {
        Self {
            preset,
            pii: Pii::Withheld,
            named: Strategy::Replace,
            names: Vec::new(),
            allowed: Vec::new(),
            shapes: Vec::new(),
            patterns: Vec::new(),
        }
    }

    /// The profile for `send_default_pii`: with [`Pii::Sent`], e-mail and IP addresses stay, and so does personal data by name.
    /// Secrets never do. Default: [`Pii::Withheld`].
    pub fn pii(mut self, pii: Pii) -> Self {
        self.pii = pii;
        self
    }

    /// What becomes of values under the standard's names. Default: [`Strategy::Replace`]. With [`Strategy::Keep`], none of those
    /// names is a rule any more; shapes and one's own names are.
    pub fn named(mut self, strategy: Strategy) -> Self {
        self.named = strategy;
        self
    }

    /// Values under names in which these words follow each other are replaced: `tax file` means `taxFile`, `tax_file_2` and
    /// `X-Tax-File`. At most 1000 names; each is compared with each name in a text.
    pub fn name(self, name: &str) -> Self {
        self.name_as(name, Strategy::Replace)
    }

    /// As [`name`](Self::name), with what becomes of the value. Of two that fit, the later counts.
    pub fn name_as(mut self, name: &str, strategy: Strategy) -> Self {
        self.names.push((name.to_owned(), strategy));
        self
    }

    /// Values under this name, in any spelling, are no secret because of it; their shapes are still looked for.
    pub fn allow(mut self, name: &str) -> Self {
        self.allowed.push(name.to_owned());
        self
    }

    /// What becomes of what has this shape. Default: [`Strategy::Replace`].
    pub fn shape(mut self, shape: Shape, strategy: Strategy) -> Self {
        self.shapes.push((shape, strategy));
        self
    }

    /// Looks for a pattern of one's own, in each text by itself: in JSON, in each string and number.
    ///
    /// It is matched in time linear to the text. At most 64 patterns, of 1 MiB each when compiled.
    pub fn pattern(mut self, pattern: Pattern) -> Self {
        self.patterns.push(pattern);
        self
    }

    /// Checks and compiles the rules: some microseconds, and a millisecond for each pattern. To be done once.
    ///
    /// Refused are a name without a letter, a pattern that is no regular expression, is too large or matches the empty text, a
    /// replacement with characters that would break JSON, XML or a form, a key of less than 16 bytes, and too many of either.
    pub fn build(self) -> Result<Scrubber, BuildError> {
        check(&self.named, "the strategy of the standard's names")?;
        let mut strategies = vec![self.named];
        let mut user = UserNames::default();
        if self.names.len() > NAMES {
            return Err(BuildError::new("names", format_args!("{} are more than {NAMES}", self.names.len())));
        }
        for (position, (name, strategy)) in (1..).zip(self.names) {
            let rule = format!("name {position}, {name:?}");
            check(&strategy, &rule)?;
            let index = u16::try_from(strategies.len()).expect("NAMES is less");
            if !user.add(&name, index) {
                return Err(BuildError::new(rule, "there is no letter in it"));
            }
            strategies.push(strategy);
        }
        for (position, name) in (1..).zip(&self.allowed) {
            if !user.allow(name) {
                let rule = format!("allowed name {position}, {name:?}");
                return Err(BuildError::new(rule, "there is no letter in it"));
            }
        }
        let mut shapes = [const { Strategy::Replace }; Shape::COUNT];
        if self.preset == Preset::SecretsOnly || self.pii == Pii::Sent {
            shapes[Shape::Email as usize] = Strategy::Keep;
            shapes[Shape::Ip as usize] = Strategy::Keep;
        }
        for (shape, strategy) in self.shapes {
            check(&strategy, &format!("shape {shape:?}"))?;
            shapes[shape as usize] = strategy;
        }
        if self.patterns.len() > PATTERNS {
            return Err(BuildError::new("patterns", format_args!("{} are more than {PATTERNS}", self.patterns.len())));
        }
        let patterns = (1..).zip(self.patterns).map(|(position, pattern)| compile(position, pattern));
        let patterns = patterns.collect::<Result<_, _>>()?;
        let personal = self.preset == Preset::Strict && self.pii == Pii::Withheld;
        let names = Names { id: RulesId::next(), user, personal, standard: strategies[0] != Strategy::Keep };
        Ok(Scrubber { rules: Arc::new(Rules { names, strategies, shapes, patterns, pii: self.pii }) })
    }
}

fn compile(position: usize, pattern: Pattern) -> Result<(regex::bytes::Regex, Strategy), BuildError> {
    let rule = format!("pattern {position}, {:?}", pattern.regex);
    check(&pattern.strategy, &rule)?;
    let regex = RegexBuilder::new(&pattern.regex).size_limit(PATTERN_BYTES).dfa_size_limit(PATTERN_BYTES).build();
    let regex = regex.map_err(|error| BuildError::new(&rule, error))?;
    if regex.is_match(b"") {
        return Err(BuildError::new(rule, "it matches the empty text, so it would match everywhere"));
    }
    Ok((regex, pattern.strategy))
}

fn check(strategy: &Strategy, rule: &str) -> Result<(), BuildError> {
    match strategy {
        Strategy::Hash(key) if key.bytes().len() < HashKey::LEAST => {
            let why = format!("its key has {} bytes, but it needs at least {}", key.bytes().len(), HashKey::LEAST);
            Err(BuildError::new(rule, why))
        }
        Strategy::ReplaceWith(text) if text.chars().any(|c| c.is_control() || "\"\\<>&".contains(c)) => {
            Err(BuildError::new(rule, format_args!("{text:?} has characters that would break JSON, XML or a form")))
        }
        _ => Ok(()),
    }
}
