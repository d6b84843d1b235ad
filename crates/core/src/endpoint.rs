use std::{fmt, sync::Arc};

use http::uri::PathAndQuery;

/// The low-cardinality name of what a request asked for: a route's template, `pkg.Service/Method`, or `unmatched`.
///
/// Never a raw path. A clone costs an atomic increment at most.
#[derive(Clone)]
pub struct Endpoint(Name);

#[derive(Clone)]
enum Name {
    Unmatched,
    /// Beyond the cap on names.
    Overflow,
    /// Whoever set it.
    Route(Arc<str>),
    /// A template of a [`RouteTable`](crate::RouteTable).
    Template(Arc<str>),
    /// What a pattern's endpoints are called together.
    Group(Arc<str>),
    /// A gRPC request's path: the caller's word until the service has answered to it.
    Grpc(PathAndQuery),
    #[cfg(feature = "axum")]
    Matched(axum::extract::MatchedPath),
}

/// Longer names are no one's service.
const MAX_GRPC_NAME: usize = 200;

impl Endpoint {
    pub(crate) const UNMATCHED: &Self = &Self(Name::Unmatched);
    pub(crate) const OVERFLOW: &Self = &Self(Name::Overflow);

    /// The endpoint of a route's template, such as `/users/{id}`.
    ///
    /// A layer lets in [so many](crate::ObserveLayer::max_endpoints) of these; the others become `overflow`.
    pub fn route(template: impl Into<Arc<str>>) -> Self {
        Self(Name::Route(template.into()))
    }

    /// The endpoint of everything that no route matched.
    pub fn unmatched() -> Self {
        Self(Name::Unmatched)
    }

    /// The name: `/users/{id}`, `pkg.Service/Method`, `unmatched`, or `overflow`.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Name::Unmatched => "unmatched",
            Name::Overflow => "overflow",
            Name::Route(name) | Name::Template(name) | Name::Group(name) => name,
            Name::Grpc(path) => &path.path()[1..],
            #[cfg(feature = "axum")]
            Name::Matched(path) => path.as_str(),
        }
    }

    /// Whether no route matched.
    pub fn is_unmatched(&self) -> bool {
        matches!(self.0, Name::Unmatched)
    }

    /// Whether the name is a gRPC method's.
    pub fn is_grpc(&self) -> bool {
        matches!(self.0, Name::Grpc(_))
    }

    /// Whether the name is from a set that cannot grow while the service runs: not [one's own](Self::route), nor a gRPC caller's.
    pub fn is_closed(&self) -> bool {
        !matches!(self.0, Name::Route(_) | Name::Grpc(_))
    }

    /// Whether the name is a route's template, as far as is known: that of a group is not.
    pub fn is_route(&self) -> bool {
        !matches!(self.0, Name::Unmatched | Name::Overflow | Name::Group(_) | Name::Grpc(_))
    }

    pub(crate) fn group(name: &str) -> Self {
        Self(Name::Group(name.into()))
    }

    pub(crate) fn template(template: &str) -> Self {
        Self(Name::Template(template.into()))
    }

    /// `pkg.Service/Method`, if the path looks like that.
    pub(crate) fn grpc(path: &PathAndQuery) -> Option<Self> {
        let (service, method) = path.path().strip_prefix('/')?.split_once('/')?;
        let is_name = |name: &str| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
        };
        (path.path().len() <= MAX_GRPC_NAME && is_name(service) && is_name(method))
            .then(|| Self(Name::Grpc(path.clone())))
    }

    /// What axum's router matched, unless that is one of its own names for a fallback.
    #[cfg(feature = "axum")]
    pub(crate) fn matched(path: &axum::extract::MatchedPath) -> Option<Self> {
        (!Self::is_private(path.as_str())).then(|| Self(Name::Matched(path.clone())))
    }

    #[cfg(feature = "axum")]
    pub(crate) fn is_private(template: &str) -> bool {
        const FALLBACK: &str = "/{*__private__axum_fallback}";
        const NEST: &str = "/{*__private__axum_nest_tail_param}";

        template.ends_with(FALLBACK) || template.ends_with(NEST)
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({self})")
    }
}

impl PartialEq for Endpoint {
    fn eq(&self, other: &Self) -> bool {
        self.is_unmatched() == other.is_unmatched() && self.as_str() == other.as_str()
    }
}

impl Eq for Endpoint {}
