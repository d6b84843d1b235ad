use std::{fmt, sync::Arc};

use matchit::{InsertError, Router};

use crate::{BuildError, Endpoint};

/// The routes of a service whose host has no router, such as hyper's: it names endpoints by matching paths against templates.
///
/// Templates are written as axum writes them: `/users/{id}`, `/files/{*path}`. A static segment goes before a parameter. A
/// lookup walks the path once, whatever the number of templates.
///
/// ```
/// use tower_telemetry_core::{Observe, RouteTable};
///
/// # fn main() -> Result<(), tower_telemetry_core::BuildError> {
/// let routes = RouteTable::new(["/users/{id}", "/users/me", "/files/{*path}"])?;
/// let layer = ().into_layer().routes(routes);
/// # let _ = layer; Ok(()) }
/// ```
#[derive(Clone)]
pub struct RouteTable {
    templates: Arc<Router<Endpoint>>,
}

impl RouteTable {
    /// Takes the templates. One that is malformed, or that matches what another does, is an error which names both.
    pub fn new<T: Into<String>>(templates: impl IntoIterator<Item = T>) -> Result<Self, BuildError> {
        let mut router = Router::new();
        for (index, template) in templates.into_iter().enumerate() {
            let template = template.into();
            let refused = |expected: String| {
                let name = format!("route template {} of the table", index + 1);
                Err(BuildError::value(name, &template, expected))
            };
            if !template.starts_with('/') {
                return refused("a path that begins with a slash".into());
            }
            match router.insert(&template, Endpoint::template(&template)) {
                Ok(()) => {}
                Err(InsertError::Conflict { with }) => {
                    return refused(format!("a template that does not match the same paths as {with:?}"));
                }
                Err(error) => {
                    return refused(format!("a template such as /users/{{id}} or /files/{{*path}} ({error})"));
                }
            }
        }
        Ok(Self { templates: Arc::new(router) })
    }

    pub(crate) fn find(&self, path: &str) -> Option<&Endpoint> {
        self.templates.at(path).ok().map(|found| found.value)
    }
}

impl fmt::Debug for RouteTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RouteTable").finish_non_exhaustive()
    }
}
