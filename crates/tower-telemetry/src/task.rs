use tower_telemetry_core::RequestContext;
use tower_telemetry_trace::TaskSpan;

/// Has a task that a handler spawns belong to its request: what the task reports to Sentry has the request's user, tags,
/// breadcrumbs and trace, and what it logs its [ids and user](TaskSpan). Call it in the handler, not in the task.
///
/// ```
/// use tower_telemetry::{RequestContext, in_exchange};
///
/// async fn sign_up(cx: RequestContext) -> &'static str {
///     tokio::spawn(in_exchange(&cx, async {
///         // Sends an e-mail, say, long after the answer.
///     }));
///     "welcome"
/// }
/// ```
///
/// The exchange does not wait for it. Spans that it finishes after the exchange's end are not part of the trace in Sentry.
pub fn in_exchange<F: Future>(cx: &RequestContext, task: F) -> impl Future<Output = F::Output> + use<F> {
    tower_telemetry_sentry::in_exchange(TaskSpan::new(cx).run(task))
}
