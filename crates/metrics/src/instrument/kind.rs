use tracing::{Span, Value};

use super::{Label, span::open_span, spec::Spec};

/// A kind of work: one of this module's, or [one's own](Own).
///
/// It cannot be implemented outside this crate.
pub trait Kind: HasLabels {}

/// A kind of work that this module has.
///
/// It cannot be implemented outside this crate.
pub trait Known: Kind + HasSpec {}

/// A kind of work of one's own, with `N` labels: see [`Instrument::own`](super::Instrument::own).
#[derive(Debug)]
pub struct Own<const N: usize>(());

/// The labels of a kind of work of one's own, in the order of their names. An array of them will do.
#[derive(Clone, Copy, Debug)]
pub struct OwnLabels<'a, const N: usize>([Label<'a>; N]);

#[expect(unnameable_types, reason = "it seals `Kind`")]
pub trait HasLabels: 'static {
    type Labels<'a>: LabelSet<'a>;
}

#[expect(unnameable_types, reason = "it seals `Known`")]
pub trait HasSpec {
    const SPEC: Spec;
}

#[expect(unnameable_types, reason = "it is the labels of kinds, which are sealed")]
pub trait LabelSet<'a>: Copy + Send + Sync {
    /// The names of the span's fields, in the order of the values. Empty if the span has one field for all.
    const ATTRIBUTES: &'static [&'static str];

    fn values(&self) -> impl AsRef<[Label<'a>]>;

    fn op(&self) -> Option<&'static str>;

    /// The labels that the span's name is made of.
    fn named(&self) -> impl AsRef<[Label<'a>]>;

    fn span(&self, op: &str, name: &dyn Value) -> Span;
}

impl<const N: usize> Kind for Own<N> {}

impl<const N: usize> HasLabels for Own<N> {
    type Labels<'a> = OwnLabels<'a, N>;
}

impl<'a, const N: usize> LabelSet<'a> for OwnLabels<'a, N> {
    const ATTRIBUTES: &'static [&'static str] = &[];

    fn values(&self) -> impl AsRef<[Label<'a>]> {
        self.0
    }

    fn op(&self) -> Option<&'static str> {
        None
    }

    fn named(&self) -> impl AsRef<[Label<'a>]> {
        self.0
    }

    fn span(&self, op: &str, name: &dyn Value) -> Span {
        open_span!("work", op, name, "labels")
    }
}

impl<'a, const N: usize, L: Into<Label<'a>>> From<[L; N]> for OwnLabels<'a, N> {
    fn from(labels: [L; N]) -> Self {
        Self(labels.map(Into::into))
    }
}
