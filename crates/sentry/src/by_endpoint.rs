use http::Method;
use tower_telemetry_core::{BuildError, Endpoint, EndpointRules, Target};

/// A value for each of some endpoints: the first pattern that matches counts.
#[derive(Clone, Debug)]
pub(crate) struct ByEndpoint<T> {
    rules: EndpointRules,
    values: Vec<T>,
}

impl<T> ByEndpoint<T> {
    pub(crate) fn new<P: AsRef<str>>(endpoints: impl IntoIterator<Item = (P, T)>) -> Result<Self, BuildError> {
        let (patterns, values): (Vec<_>, Vec<_>) = endpoints.into_iter().unzip();
        Ok(Self { rules: EndpointRules::new(patterns)?, values })
    }

    /// By the route's template where it is known, else by the path.
    pub(crate) fn find(&self, method: &Method, endpoint: &Endpoint, path: &str) -> Option<&T> {
        let target = if endpoint.is_route() { Target::Template(endpoint.as_str()) } else { Target::Path(path) };
        self.values.get(self.rules.find(method, target)?)
    }
}
