//! What only one kind of work can tell.

use std::time::Instant;

use http::Response;
use metrics::Unit;

use super::{
    Cache, CacheLabels, Ended, HttpClient, HttpClientLabels, Instrument, LanguageModel, LanguageModelLabels, Observed,
    Speech, SpeechLabels,
    kind::LabelSet,
    metric::{Metric, Shape},
};

impl Instrument<Cache> {
    /// Observes a look-up: `Some` is a hit, `None` a miss, in the label `cache_hit`.
    ///
    /// ```
    /// use tower_telemetry_metrics::instrument::{Cache, CacheOperation, Instrument};
    ///
    /// static SESSIONS: Instrument<Cache> = Instrument::new();
    ///
    /// # async fn get() -> Result<Option<String>, std::io::Error> { Ok(None) }
    /// # async fn handler() -> Result<(), std::io::Error> {
    /// let session = SESSIONS.lookup(Cache::new(CacheOperation::Get, "sessions"), get()).await?;
    /// # Ok(()) }
    /// ```
    pub fn lookup<'a, F, T, E>(&'a self, labels: CacheLabels<'a>, future: F) -> Observed<'a, Cache, F>
    where
        F: Future<Output = Result<Option<T>, E>>,
    {
        Observed::new(self, labels, future, |result, labels| {
            if let Ok(found) = result {
                *labels = labels.hit(found.is_some());
            }
            Ended::of(result)
        })
    }
}

impl Instrument<HttpClient> {
    /// Observes a request: the response's status becomes a label, and that of a 4xx or 5xx the `error_type`.
    ///
    /// For clients whose responses are not `http`'s, there is [`observe_with`](Self::observe_with), with [`Ended::of_status`].
    pub fn send<'a, F, B, E>(&'a self, labels: HttpClientLabels<'a>, future: F) -> Observed<'a, HttpClient, F>
    where
        F: Future<Output = Result<Response<B>, E>>,
    {
        Observed::new(self, labels, future, |result, labels| match result {
            Ok(response) => {
                *labels = labels.status(response.status());
                Ended::of_status(response.status())
            }
            Err(_) => Ended::of(result),
        })
    }
}

impl Instrument<LanguageModel> {
    /// The tokens of one request: what went in, and what came out. Those that are billed, where they differ.
    ///
    /// ```
    /// use tower_telemetry_metrics::instrument::{Instrument, LanguageModel, ModelOperation};
    ///
    /// static MODEL: Instrument<LanguageModel> = Instrument::new();
    ///
    /// MODEL.tokens(LanguageModel::new(ModelOperation::Chat, "openai", "gpt-4o"), 640, 128);
    /// ```
    pub fn tokens(&self, labels: LanguageModelLabels<'_>, input: u32, output: u32) {
        let now = Instant::now();
        let values = labels.values();
        for (direction, tokens) in [("input", input), ("output", output)] {
            self.series.tell(&TOKENS, values.as_ref(), direction, now, |usage| usage.record(tokens.into()));
        }
    }
}

impl Instrument<Speech> {
    /// Another provider took over, since the one of the labels failed.
    pub fn fell_back(&self, labels: SpeechLabels<'_>, to: &'static str) {
        let values = labels.values();
        self.series.tell(&FALLBACKS, values.as_ref(), to, Instant::now(), |fallbacks| fallbacks.count(1));
    }
}

/// Source: [gen_ai.client.token.usage](https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/).
pub(super) const TOKENS: Metric = Metric {
    part: 4,
    base: "gen_ai_client_token_usage",
    suffix: "",
    shape: Shape::Histogram,
    unit: Unit::Count,
    help: "Number of input and output tokens used.",
    labels: LanguageModelLabels::ATTRIBUTES,
    extra: "gen_ai_token_type",
};

pub(super) const FALLBACKS: Metric = Metric {
    part: 5,
    base: "speech_fallback",
    suffix: "_total",
    shape: Shape::Counter,
    unit: Unit::Count,
    help: "How often another provider of speech took over.",
    labels: SpeechLabels::ATTRIBUTES,
    extra: "speech_fallback_provider",
};
