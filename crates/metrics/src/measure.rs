use metrics::Unit;
use tower_telemetry_core::semconv;

/// A histogram that an exchange is recorded in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Measure {
    /// How long the caller waited, in seconds: to the end of the response's body, but only to the head of an event stream's or
    /// an upgraded connection's.
    Duration,
    /// From the request's arrival to the response's head, in seconds. Not where there was no response.
    TimeToHead,
    /// What the service read of the request's body, in bytes. Not where that is
    /// [unknown](tower_telemetry_core::RequestContext::request_bytes).
    RequestBodySize,
    /// What the host was handed of the response's body, in bytes. Not where there was no response.
    ResponseBodySize,
    /// How long an event stream lived, in seconds. An upgraded connection lives on where no layer sees it, so that is not here.
    StreamDuration,
    /// Messages that a gRPC service read. Off by default.
    MessagesReceived,
    /// Messages that a gRPC service sent. Off by default.
    MessagesSent,
}

pub(crate) const MEASURES: usize = 7;

/// A set of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Measures(u8);

/// What is recorded of an exchange.
#[derive(Default)]
pub(crate) struct Values {
    measures: Measures,
    /// One for each of them, in their order.
    numbers: [f64; MEASURES],
}

impl Measure {
    /// All of them.
    pub const ALL: [Self; MEASURES] = [
        Self::Duration,
        Self::TimeToHead,
        Self::RequestBodySize,
        Self::ResponseBodySize,
        Self::StreamDuration,
        Self::MessagesReceived,
        Self::MessagesSent,
    ];

    pub(crate) fn default_buckets(self) -> &'static [f64] {
        match self {
            Self::Duration | Self::TimeToHead => &semconv::DURATION_BUCKETS,
            Self::RequestBodySize | Self::ResponseBodySize => &semconv::SIZE_BUCKETS,
            Self::StreamDuration => &semconv::LIFETIME_BUCKETS,
            Self::MessagesReceived | Self::MessagesSent => &semconv::MESSAGE_BUCKETS,
        }
    }

    pub(crate) fn unit(self) -> Unit {
        match self {
            Self::Duration | Self::TimeToHead | Self::StreamDuration => Unit::Seconds,
            Self::RequestBodySize | Self::ResponseBodySize => Unit::Bytes,
            Self::MessagesReceived | Self::MessagesSent => Unit::Count,
        }
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }

    pub(crate) fn is_of_messages(self) -> bool {
        matches!(self, Self::MessagesReceived | Self::MessagesSent)
    }
}

impl Measures {
    pub(crate) fn have(self, measure: Measure) -> bool {
        self.0 & measure.bit() != 0
    }

    fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// In their order.
    pub(crate) fn iter(self) -> impl Iterator<Item = Measure> {
        Measure::ALL.into_iter().filter(move |&measure| self.have(measure))
    }
}

impl FromIterator<Measure> for Measures {
    fn from_iter<I: IntoIterator<Item = Measure>>(measures: I) -> Self {
        Self(measures.into_iter().fold(0, |bits, measure| bits | measure.bit()))
    }
}

impl Values {
    /// In the order of [`Measure::ALL`].
    pub(crate) fn add(&mut self, measure: Measure, value: f64) {
        self.numbers[self.measures.len()] = value;
        self.measures.0 |= measure.bit();
    }

    pub(crate) fn measures(&self) -> Measures {
        self.measures
    }

    /// One for each of the measures, in their order.
    pub(crate) fn as_slice(&self) -> &[f64] {
        &self.numbers[..self.measures.len()]
    }
}
